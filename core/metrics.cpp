#include "core/metrics.h"

#include <algorithm>
#include <array>

namespace atonce {
namespace {

constexpr std::array<std::string_view, metric_count> names{"response_time",
                                                           "session_time",
                                                           "service_time",
                                                           "ttfb",
                                                           "first_event",
                                                           "ttft",
                                                           "ttft_from_due",
                                                           "tpot",
                                                           "chunk_gap",
                                                           "cap_wait",
                                                           "connection_wait",
                                                           "send_lag",
                                                           "client_overhead",
                                                           "server_lateness",
                                                           "token_delivery",
                                                           "processing",
                                                           "loop_lag",
                                                           "abort_delay",
                                                           "session_sum",
                                                           "session_longest",
                                                           "session_critical_path"};

std::optional<Nanos> between(Instant from, Instant to) {
  if (from == unset || to == unset) return {};
  return to - from;
}

}  // namespace

std::string_view name(Metric metric) {
  return names[index(metric)];
}

std::optional<Metric> metric_from_name(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return {};
  return static_cast<Metric>(found - names.begin());
}

std::optional<Nanos> response_time(const CallRecord& call) {
  return between(call.ready, call.done);
}

std::optional<Nanos> session_time(const SessionRecord& session) {
  return between(session.due, session.done);
}

Nanos since_due(const CallRecord& call, Instant at) {
  return at - call.due;
}

std::optional<Nanos> service_time(const Stamps& at) {
  return between(at.sent, at.done);
}

std::optional<Nanos> service_time(const LastAttempt& at) {
  return between(at.sent, at.done);
}

std::optional<Nanos> ttfb(const Stamps& at) {
  return between(at.sent, at.first_byte);
}

std::optional<Nanos> cap_wait(const Stamps& at) {
  return between(at.ready, at.unblocked);
}

std::optional<Nanos> connection_wait(const Stamps& at) {
  return between(at.admitted, at.connected);
}

std::optional<Nanos> send_lag(const Stamps& at) {
  const auto until_sent = between(at.unblocked, at.sent);
  const auto connecting = connection_wait(at);
  if (!until_sent || !connecting) return {};
  return *until_sent - *connecting;
}

std::optional<Nanos> client_overhead(const Stamps& at, const ServerHold& hold) {
  const auto service = service_time(at);
  const auto held = between(hold.arrived, hold.last_write);
  if (!service || !held) return {};
  return *service - *held;
}

Nanos server_lateness(const ServerHold& hold) {
  return hold.last_write - hold.arrived - hold.planned;
}

std::optional<Nanos> first_event(const Stamps& at) {
  return between(at.sent, at.first_event);
}

std::optional<Nanos> ttft(const Sample& sample) {
  if (sample.token_arrivals.empty()) return {};
  return between(sample.at.sent, sample.token_arrivals.front());
}

std::optional<Nanos> ttft_from_due(const CallRecord& call) {
  return between(call.ready, call.first_token);
}

std::optional<Nanos> tpot(const Sample& sample) {
  if (sample.token_arrivals.size() < 2 || sample.stream.tokens < 2) return {};
  const Nanos span = sample.token_arrivals.back() - sample.token_arrivals.front();
  return span / (sample.stream.tokens - 1);
}

Nanos chunk_gap(Instant token, Instant next_token) {
  return next_token - token;
}

Nanos token_delivery(Instant arrival, Instant server_write) {
  return arrival - server_write;
}

std::optional<Nanos> processing(const Stamps& at) {
  return between(at.done, at.processed);
}

std::optional<Nanos> occupancy(const Stamps& at) {
  return between(at.admitted, at.end());
}

Nanos loop_lag(const Heartbeat& beat) {
  return beat.ran - beat.due;
}

std::optional<Nanos> abort_delay(Instant sibling_failed, Instant server_saw_close) {
  return between(sibling_failed, server_saw_close);
}

}  // namespace atonce
