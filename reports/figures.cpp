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

template <Metric metric, int permille>
Value percentile(const TrialResult& trial) {
  const auto& histogram = trial.metric(metric).ok;
  if (histogram.empty()) return {};
  return nanos(histogram.quantile(permille / 1000.0));
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
  return quotient(percentile<Metric::session_critical_path, 500>(trial),
                  percentile<Metric::session_time, 500>(trial));
}

Value stream_rate(const TrialResult& trial) {
  constexpr double second = 1e9;
  return quotient(second, percentile<Metric::tpot, 500>(trial));
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
  for (const auto quotient_at : {quotient(percentile<Metric::response_time, 500>(trial),
                                          percentile<Metric::service_time, 500>(trial)),
                                 quotient(percentile<Metric::response_time, 900>(trial),
                                          percentile<Metric::service_time, 900>(trial)),
                                 quotient(percentile<Metric::response_time, 990>(trial),
                                          percentile<Metric::service_time, 990>(trial))})
    if (quotient_at) most = std::max(most.value_or(0), *quotient_at);
  return most;
}

constexpr FigureEntry time(std::string_view header, std::string_view brief,
                           std::string_view meaning, decltype(FigureEntry::measure) measure) {
  return {header, brief, meaning, Unit::nanoseconds, false, measure};
}

template <Metric metric, int permille>
constexpr FigureEntry quantile(std::string_view header, std::string_view brief,
                               std::string_view meaning) {
  auto entry = time(header, brief, meaning, percentile<metric, permille>);
  entry.quantile = QuantileOf{metric, permille / 1000.0};
  return entry;
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
    quantile<Metric::response_time, 500>(
        "response p50", "p50",
        "half of the calls were answered within this response time, counted from their due time"),
    quantile<Metric::response_time, 900>(
        "response p90", "p90", "90 % of the calls were answered within this response time"),
    quantile<Metric::response_time, 990>(
        "response p99", "p99", "99 % of the calls were answered within this response time"),
    quantile<Metric::client_overhead, 500>(
        "client overhead p50", "client p50",
        "what the client and the network path add to the time the server held the request, median"),
    quantile<Metric::client_overhead, 990>("client overhead p99", "client p99",
                                           "the same, 99th percentile"),
    time("CPU per call", "CPU /call", "user and system CPU time of the client process per attempt",
         [](const TrialResult& trial) { return nanos(cpu_per_call(trial)); }),
    {"memory per call", "mem /call",
     "growth of the client's resident memory per call in flight at the peak", Unit::bytes, false,
     memory_per_call},
    quantile<Metric::session_time, 500>("session p50", "session p50",
                                        "half of the sessions were over within this time"),
    quantile<Metric::session_time, 990>("session p99", "session p99",
                                        "99 % of the sessions were over within this time"),
    quantile<Metric::session_sum, 500>(
        "sum of calls", "sum of calls",
        "the delays of a session's calls, one after the other, median"),
    quantile<Metric::session_longest, 500>("longest call", "longest call",
                                           "the longest delay of a session, median"),
    quantile<Metric::session_critical_path, 500>(
        "critical path", "critical path",
        "the longest chain of delays through a session's stages, median: no client can be faster"),
    {"share of critical path", "critical share",
     "critical path / session time, both medians; 1.00 is perfect", Unit::ratio, true,
     critical_share},
    count("calls abandoned", "abandoned",
          "requests whose client went away before the server had answered",
          witnessed<&ServerWitness::aborted>),
    quantile<Metric::abort_delay, 500>(
        "abort delay p50", "abort p50",
        "from the failure of a call until the server saw its siblings go, median"),
    quantile<Metric::abort_delay, 990>("abort delay p99", "abort p99", "the same, 99th percentile"),
    quantile<Metric::ttft, 500>("first token p50", "first p50",
                                "from the request sent to the first token, median"),
    quantile<Metric::ttft, 990>("first token p99", "first p99", "the same, 99th percentile"),
    quantile<Metric::tpot, 500>("time per token p50", "per token",
                                "(last token - first token) / (tokens - 1) of a stream, median"),
    rate("tokens/s of a stream", "tokens/s each", "1 / the median time per token", stream_rate),
    rate("tokens/s", "tokens/s all", "tokens of all streams together per second of makespan",
         tokens_per_second),
    quantile<Metric::chunk_gap, 990>("gap p99", "gap p99",
                                     "99 % of the tokens came within this time of the one before"),
    quantile<Metric::token_delivery, 990>(
        "delivery p99", "delivery p99",
        "99 % of the tokens reached the client this soon after the server had written them"),
    {"calls ok", "calls ok", "successful calls / calls", Unit::ratio, true, ok_share},
    {"attempts per call", "attempts /call", "requests sent per call; 1.00 is no retry", Unit::ratio,
     false, retry_amplification},
    count("429s", "429s", "requests that the server refused by a rate limit",
          witnessed<&ServerWitness::rate_limited>),
    count("banned", "banned", "requests that the server refused by a ban",
          witnessed<&ServerWitness::banned>),
    count("too early", "too early", "requests that came back before they had been told to",
          witnessed<&ServerWitness::retry_after_violations>),
    quantile<Metric::processing, 500>("step p50", "step p50",
                                      "from a response complete to its step done, median"),
    quantile<Metric::loop_lag, 500>("loop lag p50", "loop p50",
                                    "how late an event loop ran what was due, median"),
    quantile<Metric::loop_lag, 990>("loop lag p99", "loop p99", "the same, 99th percentile"),
    time("loop lag max", "loop max", "the same, at worst", largest<Metric::loop_lag>),
    quantile<Metric::cap_wait, 500>("cap wait p50", "cap p50",
                                    "wait of an attempt for a slot under the cap, median"),
    quantile<Metric::cap_wait, 990>("cap wait p99", "cap p99", "the same, 99th percentile"),
    quantile<Metric::connection_wait, 500>(
        "connection wait p50", "conn. p50",
        "wait of an attempt for a connection: for the pool, or until one was made; median"),
    quantile<Metric::connection_wait, 990>("connection wait p99", "conn. p99",
                                           "the same, 99th percentile"),
    time("response max", "max", "the longest response time", largest<Metric::response_time>),
    quantile<Metric::service_time, 500>(
        "service p50", "sent p50",
        "half of the attempts were answered within this time, counted from the send"),
    quantile<Metric::service_time, 900>("service p90", "sent p90", "the same, 90th percentile"),
    quantile<Metric::service_time, 990>("service p99", "sent p99", "the same, 99th percentile"),
    time("service max", "sent max", "the same, at worst", largest<Metric::service_time>),
    {"factor", "factor", "response time / service time, where p50, p90 and p99 differ most",
     Unit::ratio, false, understated},
    quantile<Metric::response_time, 999>("response p99.9", "p99.9",
                                         "99.9 % of the calls were answered within this time"),
    quantile<Metric::send_lag, 500>("send lag p50", "lag p50",
                                    "from when an attempt could be sent until it was, median"),
    quantile<Metric::send_lag, 990>("send lag p99", "lag p99", "the same, 99th percentile"),
    time("send lag max", "lag max", "the same, at worst", largest<Metric::send_lag>),
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
