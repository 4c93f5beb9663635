#include "reports/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "reports/names.h"
#include "reports/topics.h"

namespace atonce {
namespace {

double median(const Row& row, Figure figure) {
  const auto& value = row.figure(figure);
  return value ? value->median : 0;
}

std::string text(const Row& row, Figure figure) {
  return format(figure, median(row, figure));
}

std::string whole(const Row& row, Figure figure, std::string_view noun) {
  return counted(static_cast<std::uint64_t>(median(row, figure)), noun);
}

/// Rows that have the figure and differ from `best` in variant, cap or transport only; where there
/// are none, all that have it.
std::vector<const Row*> rows_beside(const Comparison& comparison, const Row& best, Figure figure) {
  std::vector<const Row*> alike, all;
  const auto& runner = comparison.contender(best).runner;
  for (const auto& row : comparison.rows) {
    if (!row.figure(figure) || comparison.contender(row).is_floor()) continue;
    all.push_back(&row);
    if (comparison.contender(row).runner == runner) alike.push_back(&row);
  }
  return alike.empty() ? all : alike;
}

struct Extremes {
  const Row *least, *most;
};

std::optional<Extremes> extremes(const Comparison& comparison, const Row& best, Figure figure) {
  const auto rows = rows_beside(comparison, best, figure);
  if (rows.empty()) return {};
  const auto value = [figure](const Row* row) { return median(*row, figure); };
  return Extremes{*std::ranges::min_element(rows, {}, value),
                  *std::ranges::max_element(rows, {}, value)};
}

std::string about_aborts(const Comparison& comparison, const Row& best) {
  const auto delay = extremes(comparison, best, Figure::abort_delay_p50);
  const auto abandoned = extremes(comparison, best, Figure::aborted);
  if (!delay || !abandoned) return {};
  const auto& eager = delay->least->figure(Figure::aborted) ? *delay->least : *abandoned->most;
  auto sentence = fmt::format(
      "When a call failed, {} gave up its siblings ({}), and the server saw them go after {} "
      "(median)",
      describe_briefly(comparison, eager), whole(eager, Figure::aborted, "call"),
      text(eager, Figure::abort_delay_p50));
  if (median(*abandoned->least, Figure::aborted) == 0)
    sentence += fmt::format("; {} gave up none", describe_briefly(comparison, *abandoned->least));
  return sentence;
}

std::string about_sessions(const Comparison& comparison, const Row& best) {
  if (!best.figure(Figure::session_p50)) return {};
  const auto calls = comparison.results->calls.size();
  auto sentence = fmt::format("A session of {} took {} (median) with {}", counted(calls, "call"),
                              text(best, Figure::session_p50), describe_briefly(comparison, best));
  const auto& share = best.figure(Figure::critical_share);
  if (!share || share->median <= 0) return sentence;
  sentence +=
      fmt::format(": {:.2f} times its critical path ({})", 1 / median(best, Figure::critical_share),
                  text(best, Figure::session_critical));
  if (median(best, Figure::session_sum) > median(best, Figure::session_critical))
    sentence +=
        fmt::format("; one call after the other would take {}", text(best, Figure::session_sum));
  return sentence;
}

std::string refused(const Comparison& comparison, const Row& row) {
  const auto none_or = [&](Figure figure, std::string some) {
    return median(row, figure) > 0 ? some : std::string("none");
  };
  return fmt::format("{} got calls through at {}, with {} refused by a rate limit and {} banned",
                     describe_briefly(comparison, row), text(row, Figure::throughput),
                     none_or(Figure::rate_limited, whole(row, Figure::rate_limited, "request")),
                     none_or(Figure::banned, text(row, Figure::banned)));
}

std::string about_refusals(const Comparison& comparison, const Row& best) {
  const auto limited = extremes(comparison, best, Figure::rate_limited);
  if (limited && median(*limited->most, Figure::rate_limited) > 0) {
    auto sentence = refused(comparison, best);
    const auto& most = *limited->most;
    if (&most == &best) return sentence;
    sentence += "; " + refused(comparison, most);
    if (most.errors > 0)
      sentence += fmt::format(", and {} of {} failed", most.errors, counted(most.calls, "call"));
    return sentence;
  }
  const auto attempts = extremes(comparison, best, Figure::attempts_per_call);
  if (!attempts) return {};
  auto sentence = fmt::format("{} needed {} attempts per call", describe_briefly(comparison, best),
                              text(best, Figure::attempts_per_call));
  const auto& most = *attempts->most;
  if (text(most, Figure::attempts_per_call) != text(best, Figure::attempts_per_call))
    sentence += fmt::format("; {} needed {}", describe_briefly(comparison, most),
                            text(most, Figure::attempts_per_call));
  return sentence;
}

std::string about_steps(const Comparison& comparison, const Row& best) {
  const auto lag = extremes(comparison, best, Figure::loop_lag_p99);
  if (!lag) return {};
  constexpr double clearly = 2;
  const auto& most = *lag->most;
  auto sentence = fmt::format(
      "A step of {} after each response held the event loop of {} up for {} (p99; {} at worst)",
      text(most, Figure::processing_p50), describe_briefly(comparison, most),
      text(most, Figure::loop_lag_p99), text(most, Figure::loop_lag_max));
  // The winner may have no loop, and another runner's says nothing about this one's.
  const auto& least = *extremes(comparison, most, Figure::loop_lag_p99)->least;
  if (median(most, Figure::loop_lag_p99) > clearly * median(least, Figure::loop_lag_p99))
    sentence += fmt::format(", that of {} for {}", describe_briefly(comparison, least),
                            text(least, Figure::loop_lag_p99));
  return sentence;
}

std::string waited(const Comparison& comparison, const Row& row) {
  struct Wait {
    Figure figure;
    std::string_view what;
  };
  std::array<Wait, 2> waits{{{Figure::cap_wait_p50, "a slot under the cap"},
                             {Figure::connection_wait_p50, "a connection"}}};
  if (median(row, waits[1].figure) > median(row, waits[0].figure)) std::swap(waits[0], waits[1]);
  return fmt::format("calls of {} waited {} for {} and {} for {}",
                     describe_briefly(comparison, row), text(row, waits[0].figure), waits[0].what,
                     text(row, waits[1].figure), waits[1].what);
}

std::string about_pool(const Comparison& comparison, const Row& best) {
  const auto pool = extremes(comparison, best, Figure::connection_wait_p50);
  const auto cap = extremes(comparison, best, Figure::cap_wait_p50);
  if (!pool || !cap) return {};
  auto sentence = "At the median, " + waited(comparison, *pool->most);
  if (cap->most != pool->most) sentence += "; " + waited(comparison, *cap->most);
  return sentence;
}

std::string about_streams(const Comparison& comparison, const Row& best) {
  if (!best.figure(Figure::ttft_p50)) return {};
  auto sentence = fmt::format("{} had the first token after {} (median; 99 % within {})",
                              describe_briefly(comparison, best), text(best, Figure::ttft_p50),
                              text(best, Figure::ttft_p99));
  if (best.figure(Figure::token_rate))
    sentence += fmt::format(", then tokens at {} in all", text(best, Figure::token_rate));
  if (best.figure(Figure::stream_rate))
    sentence += fmt::format(", at {} in each stream", text(best, Figure::stream_rate));
  return sentence;
}

std::string about_omission(const Comparison& comparison, const Row& best) {
  if (median(best, Figure::understated) < notably_understated) return {};
  struct Level {
    std::string_view share;
    Figure response, service;
  };
  constexpr std::array<Level, 3> levels{{{"99 %", Figure::response_p99, Figure::service_p99},
                                         {"90 %", Figure::response_p90, Figure::service_p90},
                                         {"half", Figure::response_p50, Figure::service_p50}}};
  const auto factor = [&best](const Level& level) {
    return median(best, level.response) / median(best, level.service);
  };
  const auto& level = *std::ranges::max_element(levels, {}, factor);
  return fmt::format(
      "{} answered {} of the calls within {} of when they were due; a clock that starts at the "
      "send, as in most tools, would have claimed {}, {:.3g} times less",
      describe_briefly(comparison, best), level.share, text(best, level.response),
      text(best, level.service), factor(level));
}

struct Topical {
  Topic topic;
  std::string (*sentence)(const Comparison& comparison, const Row& best);
};

/// The most particular first: what fails or is refused shapes all other figures, and an agent's
/// session may well be made of streams.
constexpr std::array<Topical, 7> topicals{{{Topic::aborts, about_aborts},
                                           {Topic::steps, about_steps},
                                           {Topic::pool, about_pool},
                                           {Topic::sessions, about_sessions},
                                           {Topic::refusals, about_refusals},
                                           {Topic::omission, about_omission},
                                           {Topic::streams, about_streams}}};

}  // namespace

std::string finding(const Comparison& comparison, const Row& best) {
  for (const auto& [topic, sentence] : topicals)
    if (tells_of(comparison, topic))
      if (auto found = sentence(comparison, best); !found.empty()) return found;
  return {};
}

}  // namespace atonce
