#include "reports/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "core/units.h"

namespace atonce {
namespace {

using Value = std::optional<double>;

Value nanos(std::optional<Nanos> time) {
  if (!time) return {};
  return static_cast<double>(time->count());
}

template <Metric metric, int percent>
Value percentile(const TrialResult& trial) {
  const auto& histogram = trial.metric(metric).ok;
  if (histogram.empty()) return {};
  return nanos(histogram.quantile(percent / 100.0));
}

template <Metric metric>
Value largest(const TrialResult& trial) {
  const auto& histogram = trial.metric(metric).ok;
  if (histogram.empty()) return {};
  return nanos(histogram.max());
}

template <std::uint64_t ServerWitness::*count>
Value witnessed(const TrialResult& trial) {
  if (!trial.server) return {};
  return static_cast<double>((*trial.server).*count);
}

Value quotient(Value above, Value below) {
  if (!above || !below || *below == 0) return {};
  return *above / *below;
}

Value critical_share(const TrialResult& trial) {
  return quotient(percentile<Metric::session_critical_path, 50>(trial),
                  percentile<Metric::session_time, 50>(trial));
}

Value stream_rate(const TrialResult& trial) {
  constexpr double second = 1e9;
  return quotient(second, percentile<Metric::tpot, 50>(trial));
}

Value tokens_per_second(const TrialResult& trial) {
  return trial.tokens > 0 ? token_rate(trial) : Value{};
}

Value ok_share(const TrialResult& trial) {
  return quotient(static_cast<double>(calls_ok(trial)),
                  static_cast<double>(trial.ledger.scheduled));
}

/// By how much a clock that starts at the send makes calls look faster. An attempt that is a retry
/// has no due time of its own to compare with.
Value understated(const TrialResult& trial) {
  if (trial.attempts > trial.ledger.scheduled) return {};
  Value most;
  for (const auto quotient_at : {quotient(percentile<Metric::response_time, 50>(trial),
                                          percentile<Metric::service_time, 50>(trial)),
                                 quotient(percentile<Metric::response_time, 90>(trial),
                                          percentile<Metric::service_time, 90>(trial)),
                                 quotient(percentile<Metric::response_time, 99>(trial),
                                          percentile<Metric::service_time, 99>(trial))})
    if (quotient_at) most = std::max(most.value_or(0), *quotient_at);
  return most;
}

constexpr FigureEntry time(std::string_view header, std::string_view brief,
                           std::string_view meaning, decltype(FigureEntry::measure) measure) {
  return {header, brief, meaning, Unit::nanoseconds, false, measure};
}

constexpr FigureEntry count(std::string_view header, std::string_view brief,
                            std::string_view meaning, decltype(FigureEntry::measure) measure) {
  return {header, brief, meaning, Unit::count, false, measure};
}

constexpr FigureEntry rate(std::string_view header, std::string_view brief,
                           std::string_view meaning, decltype(FigureEntry::measure) measure) {
  return {header, brief, meaning, Unit::per_second, true, measure};
}

/// In the order of the enum.
constexpr std::array<FigureEntry, figure_count> figures{{
    time("makespan", "makespan", "from the first call due to the last response complete",
         [](const TrialResult& trial) { return nanos(trial.makespan); }),
    rate("calls/s", "calls/s", "successful calls per second", throughput),
    time("ideal", "ideal",
         "what a client that costs nothing would take with the very delays that were drawn",
         [](const TrialResult& trial) { return nanos(trial.ideal_makespan); }),
    {"share of ideal", "of ideal", "ideal makespan / measured makespan; 1.00 is perfect",
     Unit::ratio, true, efficiency},
    time("response p50", "p50",
         "half of the calls were answered within this response time, counted from their due time",
         percentile<Metric::response_time, 50>),
    time("response p90", "p90", "90 % of the calls were answered within this response time",
         percentile<Metric::response_time, 90>),
    time("response p99", "p99", "99 % of the calls were answered within this response time",
         percentile<Metric::response_time, 99>),
    time("client overhead p50", "client p50",
         "what the client and the network path add to the time the server held the request, median",
         percentile<Metric::client_overhead, 50>),
    time("client overhead p99", "client p99", "the same, 99th percentile",
         percentile<Metric::client_overhead, 99>),
    time("CPU per call", "CPU /call", "user and system CPU time of the client process per attempt",
         [](const TrialResult& trial) { return nanos(cpu_per_call(trial)); }),
    {"memory per call", "mem /call",
     "growth of the client's resident memory per call in flight at the peak", Unit::bytes, false,
     memory_per_call},
    time("session p50", "session p50", "half of the sessions were over within this time",
         percentile<Metric::session_time, 50>),
    time("session p99", "session p99", "99 % of the sessions were over within this time",
         percentile<Metric::session_time, 99>),
    time("sum of calls", "sum of calls",
         "the delays of a session's calls, one after the other, median",
         percentile<Metric::session_sum, 50>),
    time("longest call", "longest call", "the longest delay of a session, median",
         percentile<Metric::session_longest, 50>),
    time("critical path", "critical path",
         "the longest chain of delays through a session's stages, median: no client can be faster",
         percentile<Metric::session_critical_path, 50>),
    {"share of critical path", "critical share",
     "critical path / session time, both medians; 1.00 is perfect", Unit::ratio, true,
     critical_share},
    count("calls abandoned", "abandoned",
          "requests whose client went away before the server had answered",
          witnessed<&ServerWitness::aborted>),
    time("abort delay p50", "abort p50",
         "from the failure of a call until the server saw its siblings go, median",
         percentile<Metric::abort_delay, 50>),
    time("abort delay p99", "abort p99", "the same, 99th percentile",
         percentile<Metric::abort_delay, 99>),
    time("first token p50", "first p50", "from the request sent to the first token, median",
         percentile<Metric::ttft, 50>),
    time("first token p99", "first p99", "the same, 99th percentile", percentile<Metric::ttft, 99>),
    time("time per token p50", "per token",
         "(last token - first token) / (tokens - 1) of a stream, median",
         percentile<Metric::tpot, 50>),
    rate("tokens/s of a stream", "tokens/s each", "1 / the median time per token", stream_rate),
    rate("tokens/s", "tokens/s all", "tokens of all streams together per second of makespan",
         tokens_per_second),
    time("gap p99", "gap p99", "99 % of the tokens came within this time of the one before",
         percentile<Metric::chunk_gap, 99>),
    time("delivery p99", "delivery p99",
         "99 % of the tokens reached the client this soon after the server had written them",
         percentile<Metric::token_delivery, 99>),
    {"calls ok", "calls ok", "successful calls / calls", Unit::ratio, true, ok_share},
    {"attempts per call", "attempts /call", "requests sent per call; 1.00 is no retry", Unit::ratio,
     false, retry_amplification},
    count("429s", "429s", "requests that the server refused by a rate limit",
          witnessed<&ServerWitness::rate_limited>),
    count("banned", "banned", "requests that the server refused by a ban",
          witnessed<&ServerWitness::banned>),
    count("too early", "too early", "requests that came back before they had been told to",
          witnessed<&ServerWitness::retry_after_violations>),
    time("step p50", "step p50", "from a response complete to its step done, median",
         percentile<Metric::processing, 50>),
    time("loop lag p50", "lag p50", "how late an event loop ran what was due, median",
         percentile<Metric::loop_lag, 50>),
    time("loop lag p99", "lag p99", "the same, 99th percentile", percentile<Metric::loop_lag, 99>),
    time("loop lag max", "lag max", "the same, at worst", largest<Metric::loop_lag>),
    time("cap wait p50", "cap p50", "wait of an attempt for a slot under the cap, median",
         percentile<Metric::cap_wait, 50>),
    time("cap wait p99", "cap p99", "the same, 99th percentile", percentile<Metric::cap_wait, 99>),
    time("connection wait p50", "conn. p50",
         "wait of an attempt for a connection: for the pool, or until one was made; median",
         percentile<Metric::connection_wait, 50>),
    time("connection wait p99", "conn. p99", "the same, 99th percentile",
         percentile<Metric::connection_wait, 99>),
    time("response max", "max", "the longest response time", largest<Metric::response_time>),
    time("service p50", "sent p50",
         "half of the attempts were answered within this time, counted from the send",
         percentile<Metric::service_time, 50>),
    time("service p90", "sent p90", "the same, 90th percentile",
         percentile<Metric::service_time, 90>),
    time("service p99", "sent p99", "the same, 99th percentile",
         percentile<Metric::service_time, 99>),
    time("service max", "sent max", "the same, at worst", largest<Metric::service_time>),
    {"factor", "factor", "response time / service time, where p50, p90 and p99 differ most",
     Unit::ratio, false, understated},
}};

bool is_short_count(double value) {
  constexpr double first_with_suffix = 1000;
  return value < first_with_suffix && value == std::floor(value);
}

}  // namespace

std::string format(Unit unit, double value) {
  switch (unit) {
    case Unit::nanoseconds:
      return format_duration(Nanos{static_cast<std::int64_t>(value)});
    case Unit::per_second:
      return format_count(value) + "/s";
    case Unit::ratio:
      return fmt::format("{:.2f}", value);
    case Unit::bytes:
      return format_bytes(value);
    case Unit::count:
      return is_short_count(value) ? fmt::format("{:.0f}", value) : format_count(value);
  }
  return {};
}

std::string format_round(Unit unit, double value) {
  if (value == 0) return "0";
  auto text = format(unit, value);
  const auto point = text.find('.');
  if (point == std::string::npos) return text;
  const auto end = text.find_first_not_of("0123456789", point + 1);
  const auto digits_end = std::min(end, text.size());
  auto keep = text.find_last_not_of('0', digits_end - 1);
  if (keep == point) --keep;
  return text.erase(keep + 1, digits_end - keep - 1);
}

const FigureEntry& entry(Figure figure) {
  return figures[index(figure)];
}

Figure leading_figure(LoadShape shape) {
  if (shape == LoadShape::batch) return Figure::makespan;
  return shape == LoadShape::closed ? Figure::throughput : Figure::response_p99;
}

Figure headline_figure(LoadShape shape) {
  return shape == LoadShape::batch ? Figure::makespan : Figure::throughput;
}

}  // namespace atonce
