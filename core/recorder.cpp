#include "core/recorder.h"

#include <algorithm>

namespace atonce {
namespace {

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
  slices_.reserve();
}

void Recorder::keep_looks() {
  keeps_looks_ = true;
  looks_.reserve(attempts_.capacity());
}

void Recorder::begin(Instant start, const WarmUp& warm_up) {
  start_ = looked_ = start;
  warm_up_ = warm_up;
  slices_.begin(start);
  if (sink_) sink_->begin(start);
}

bool Recorder::is_warm_up(std::uint32_t session, Instant due) const {
  return session < warm_up_.sessions || due < after(start_, warm_up_.span);
}

void Recorder::on_attempt(const Sample& sample) {
  if (is_warm_up(sample.id.session, sample.at.due))
    ++warm_up_counts_.attempts;
  else
    record_times(sample);
  add(progress_.attempts, 1);
  if (const auto lag = send_lag(sample.at)) {
    slices_.on_attempt(sample.at.end(), *lag);
    add_value(progress_.send_lag, send_lag_bounds, *lag);
  }
  if (const auto held = atonce::occupancy(sample.at)) occupancy_.sampled += *held;
  if (sample.id.call == 0 && sample.id.attempt == 0 && sample.at.sent != unset) {
    ++sent_sessions_.count;
    sent_sessions_.last = std::max(sent_sessions_.last, sample.at.sent - start_);
  }
  events_ += sample.stream.events;
  tokens_ += sample.stream.tokens;
  ++attempt_count_;
  ++attempt_outcomes_[index(sample.outcome)];
  reused_connections_ += sample.reused_connection;
  last_end_ = std::max(last_end_, sample.at.end());
  if (attempts_.size() == raw_limit_) return;
  attempts_.push_back(sample);
  if (!sample.token_arrivals.empty()) attempts_.back().token_arrivals = keep(sample.token_arrivals);
}

void Recorder::record_times(const Sample& sample) {
  const bool ok = sample.outcome == Outcome::ok;
  record(Metric::service_time, ok, service_time(sample.at));
  record(Metric::ttfb, ok, ttfb(sample.at));
  record(Metric::cap_wait, ok, cap_wait(sample.at));
  record(Metric::connection_wait, ok, connection_wait(sample.at));
  record(Metric::send_lag, ok, send_lag(sample.at));
  record(Metric::processing, ok, processing(sample.at));
  if (sample.stream.events > 0) record_stream(sample);
}

void Recorder::record_stream(const Sample& sample) {
  const bool ok = sample.outcome == Outcome::ok;
  record(Metric::first_event, ok, first_event(sample.at));
  record(Metric::ttft, ok, ttft(sample));
  record(Metric::tpot, ok, tpot(sample));
  const auto& tokens = sample.token_arrivals;
  for (std::size_t i = 1; i < tokens.size(); ++i)
    record(Metric::chunk_gap, ok, chunk_gap(tokens[i - 1], tokens[i]));
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
  const bool warm_up = is_warm_up(call.session, call.due);
  if (warm_up) {
    ++warm_up_counts_.calls;
    warm_up_counts_.calls_ok += ok;
  } else {
    measured_from_ = std::min(measured_from_, call.due);
    record(Metric::response_time, ok, response_time(call));
    record(Metric::ttft_from_due, ok, ttft_from_due(call));
  }
  add(progress_.calls[index(call.outcome)], 1);
  if (const auto response = response_time(call)) {
    slices_.on_call(call.done, ok, *response);
    if (ok) add_value(progress_.response_time, response_time_bounds, *response);
  }
  if (sink_) sink_->on_call(call, warm_up);
  if (calls_.size() < raw_limit_) calls_.push_back(call);
}

void Recorder::on_session(const SessionRecord& session) {
  if (!is_warm_up(session.session, session.due))
    record(Metric::session_time, session.ok, session_time(session));
  ++(session.ok ? sessions_ok_ : sessions_failed_);
}

void Recorder::on_in_flight(std::size_t in_flight) {
  peak_in_flight_ = std::max(peak_in_flight_, in_flight);
  progress_.in_flight.store(in_flight, std::memory_order_relaxed);
  slices_.on_in_flight(in_flight);
  held_since_look_ = std::max(held_since_look_, in_flight);
}

/// What was completed since the last look counts up to this one: that includes the time for which a
/// runner kept a slot after its attempt was over.
void Recorder::on_look(Instant at, std::size_t in_flight) {
  if (at > looked_) occupancy_.handed_out += held_since_look_ * (at - looked_);
  looked_ = std::max(looked_, at);
  held_since_look_ = in_flight;
  if (keeps_looks_) looks_.resize(attempts_.size(), at);
}

void Recorder::on_heartbeat(const Heartbeat& beat) {
  if (beat.due >= after(start_, warm_up_.span)) record(Metric::loop_lag, true, loop_lag(beat));
}

void Recorder::record(Metric metric, bool ok, std::optional<Nanos> value) {
  if (!value) return;
  MetricPair& pair = metrics_[index(metric)];
  (ok ? pair.ok : pair.failed).record(*value);
}

}  // namespace atonce
