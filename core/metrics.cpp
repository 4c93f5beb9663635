#include "core/metrics.h"

#include <algorithm>
#include <array>

namespace atonce {
namespace {

constexpr std::array<std::string_view, metric_count> names{
    "response_time",   "session_time", "service_time",    "ttfb",           "cap_wait",
    "connection_wait", "send_lag",     "client_overhead", "server_lateness"};

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

std::optional<Nanos> service_time(const Stamps& at) {
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

}  // namespace atonce
