#include "core/recorder.h"

#include <algorithm>

namespace atonce {
namespace {

/// With a single writer this needs no locked instruction, unlike fetch_add.
void add_one(std::atomic<std::uint64_t>& counter) {
  counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

/// 64 MiB of token arrivals, in blocks of 512 KiB (or of one longer stream).
constexpr std::size_t most_arrivals = 8 << 20;
constexpr std::size_t arrivals_in_block = 64 << 10;

template <class T>
void allocate_and_touch(std::vector<T>& records, std::size_t count) {
  records.resize(std::max(records.size(), count));
  records.clear();
}

}  // namespace

Recorder::Recorder(std::size_t raw_limit) : raw_limit_(raw_limit) {}

void Recorder::reserve(std::size_t attempts) {
  const std::size_t kept = std::min(attempts, raw_limit_);
  allocate_and_touch(attempts_, kept);
  allocate_and_touch(calls_, kept);
  for (MetricPair& pair : metrics_) {
    pair.ok.reserve();
    pair.failed.reserve();
  }
}

void Recorder::on_attempt(const Sample& sample) {
  const bool ok = sample.outcome == Outcome::ok;
  record(Metric::service_time, ok, service_time(sample.at));
  record(Metric::ttfb, ok, ttfb(sample.at));
  record(Metric::cap_wait, ok, cap_wait(sample.at));
  record(Metric::connection_wait, ok, connection_wait(sample.at));
  record(Metric::send_lag, ok, send_lag(sample.at));
  record(Metric::processing, ok, processing(sample.at));
  if (sample.stream.events > 0) record_stream(sample);
  ++attempt_count_;
  ++attempt_outcomes_[index(sample.outcome)];
  reused_connections_ += sample.reused_connection;
  last_end_ = std::max(last_end_, sample.at.end());
  if (attempts_.size() == raw_limit_) return;
  attempts_.push_back(sample);
  if (!sample.token_arrivals.empty()) attempts_.back().token_arrivals = keep(sample.token_arrivals);
}

void Recorder::record_stream(const Sample& sample) {
  const bool ok = sample.outcome == Outcome::ok;
  record(Metric::first_event, ok, first_event(sample.at));
  record(Metric::ttft, ok, ttft(sample));
  record(Metric::tpot, ok, tpot(sample));
  const auto& tokens = sample.token_arrivals;
  for (std::size_t i = 1; i < tokens.size(); ++i)
    record(Metric::chunk_gap, ok, chunk_gap(tokens[i - 1], tokens[i]));
  events_ += sample.stream.events;
  tokens_ += sample.stream.tokens;
}

std::span<const Instant> Recorder::keep(std::span<const Instant> arrivals) {
  if (arrivals.size() > most_arrivals - arrivals_kept_) return {};
  if (arrivals.size() > block_left_) {
    const std::size_t size = std::max(arrivals_in_block, arrivals.size());
    arrival_blocks_.push_back(std::make_unique<Instant[]>(size));
    block_left_ = size;
    block_end_ = arrival_blocks_.back().get() + size;
  }
  Instant* const kept = block_end_ - block_left_;
  std::ranges::copy(arrivals, kept);
  block_left_ -= arrivals.size();
  arrivals_kept_ += arrivals.size();
  return {kept, arrivals.size()};
}

void Recorder::on_call(const CallRecord& call) {
  const bool ok = call.outcome == Outcome::ok;
  record(Metric::response_time, ok, response_time(call));
  record(Metric::ttft_from_due, ok, ttft_from_due(call));
  add_one(progress_.calls_done);
  if (!ok) add_one(progress_.calls_failed);
  if (calls_.size() < raw_limit_) calls_.push_back(call);
}

void Recorder::on_session(const SessionRecord& session) {
  record(Metric::session_time, session.ok, session_time(session));
  ++(session.ok ? sessions_ok_ : sessions_failed_);
}

void Recorder::on_in_flight(std::size_t in_flight) {
  peak_in_flight_ = std::max(peak_in_flight_, in_flight);
  progress_.in_flight.store(in_flight, std::memory_order_relaxed);
}

void Recorder::on_heartbeat(const Heartbeat& beat) {
  record(Metric::loop_lag, true, loop_lag(beat));
}

void Recorder::record(Metric metric, bool ok, std::optional<Nanos> value) {
  if (!value) return;
  MetricPair& pair = metrics_[index(metric)];
  (ok ? pair.ok : pair.failed).record(*value);
}

}  // namespace atonce
