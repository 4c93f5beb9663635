#include "bench/tune/wording.h"

#include <fmt/format.h>

#include <map>
#include <utility>

namespace atonce::tune {
namespace {

std::string objectives_text(const Rules& rules) {
  std::string out;
  for (const Slo& slo : rules.slos) out += (out.empty() ? "" : ", ") + slo.text;
  return out;
}

/// Of a search that has no level to set.
std::string nothing_to_set(const Tuning& tuning) {
  const Rules& rules = tuning.rules;
  const std::string lowest = level_text(rules.vary, rules.range.low);
  if (tuning.end == End::failed) return "no answer: " + tuning.failure;
  if (tuning.flags.contains(Flag::client_limited) && !tuning.is_open)
    return fmt::format("no answer: the client was at its limit even at {}", lowest);
  if (tuning.flags.contains(Flag::fails_at_lowest))
    return fmt::format("no level meets {}: even {} does not", objectives_text(rules), lowest);
  std::string why;
  if (!tuning.failure.empty())
    why = fmt::format("; {} at {}: try a longer --budget, or --block", tuning.failure,
                      level_text(rules.vary, tuning.probes.back().order.level));
  else if (tuning.estimate > 0)
    why = fmt::format("; the boundary is most likely at {:.0f}", tuning.estimate);
  if (!rules.slos.empty())
    return fmt::format("undecided: no level was proved to meet {}{}", objectives_text(rules), why);
  return fmt::format("undecided: no level was proved to have {:.0f} % of the highest {}{}",
                     100 * share_of_highest(rules.goal),
                     rules.goal == Goal::goodput ? "goodput" : "throughput", why);
}

std::string open_boundary(const Tuning& tuning) {
  const auto& [low, beyond] = tuning.boundary;
  if (!low && !beyond) return "everything";
  if (!beyond) return fmt::format("no level was proved to miss: open above {}", *low);
  if (!low) return fmt::format("no level was proved to meet: open below {}", *beyond);
  std::string given_up;
  for (const Verdict& verdict : tuning.verdicts)
    if (verdict.level > *low && verdict.level < *beyond && verdict.standing == Standing::undecided)
      given_up += (given_up.empty() ? "" : ", ") + std::to_string(verdict.level);
  return fmt::format("the levels between {} and {}{}", *low, *beyond,
                     given_up.empty() ? "" : "; given up: " + given_up);
}

/// What is open, in levels.
std::string open_levels(const Tuning& tuning) {
  if (!is_knee_open(tuning)) return open_boundary(tuning);
  const std::string knee =
      "where the knee is" +
      (tuning.knee ? fmt::format(" ({})", interval_text(*tuning.knee)) : std::string());
  return is_boundary_open(tuning) ? open_boundary(tuning) + "; " + knee : knee;
}

std::string remark(const Tuning& tuning, Flag flag) {
  const Range& range = tuning.rules.range;
  switch (flag) {
    case Flag::none_in_range:
      return fmt::format("no level up to {} fails: {}", range.high,
                         tuning.rules.cut.empty() ? "--range can go on"
                                                  : "the range ends there, " + tuning.rules.cut);
    case Flag::fails_at_lowest:
      return "the objectives are not met at the lowest level";
    case Flag::cliff:
      return "just beyond the interval calls take several times as long, or fail: keep a distance";
    case Flag::undecided_band:
      return fmt::format("still open, too close to call or for want of time: {}",
                         open_levels(tuning));
    case Flag::client_limited:
      return "the client reached its own limit first: levels beyond say nothing of the server; try "
             "another runner, or more cores";
    case Flag::stalls:
      return "now and then the server answered nothing for a while: few blocks may have seen none, "
             "so that the interval is less sure than it says";
    case Flag::drift:
      return "a level did not stay what it was: the server warms up, degrades or remembers an "
             "overload; what was measured before the change was dropped";
    case Flag::non_monotone:
      return "a level fails though a higher one meets the objectives: the interval is about the "
             "highest";
    case Flag::still_growing:
      return fmt::format(
          "throughput still grows at {}, where the range ends: the knee is that of the range",
          range.high);
  }
  return {};
}

}  // namespace

std::string headline_of(const Tuning& tuning, const Answer& answer) {
  const Rules& rules = tuning.rules;
  if (!answer.level) return nothing_to_set(tuning);
  std::string out = fmt::format("set {}", level_text(rules.vary, *answer.level));
  if (rules.goal != Goal::slo) {
    const std::string of_highest =
        fmt::format("{:.0f} % of the highest {}", 100 * share_of_highest(rules.goal),
                    rules.goal == Goal::goodput ? "goodput" : "throughput");
    if (tuning.knee && tuning.knee->beyond)
      out += fmt::format(": {} is reached at {} (95 % confidence)", of_highest,
                         interval_text(*tuning.knee));
    else if (knee_is_beyond_client(tuning))
      out += fmt::format(": {} is beyond the client's reach", of_highest);
    else
      out += fmt::format(": where {} is reached is undecided", of_highest);
  }
  if (!rules.slos.empty())
    out += fmt::format("{} the highest that meets {} is {} (95 % confidence)",
                       rules.goal == Goal::slo ? ":" : ";", objectives_text(rules),
                       interval_text(tuning.boundary));
  return out;
}

std::string badge_of(const Tuning& tuning, const Answer& answer) {
  if (answer.level) return answer.is_complete ? "FOUND" : "UNDECIDED";
  if (tuning.end == End::failed) return "FAILED";
  if (!answer.is_complete) return "UNDECIDED";
  return tuning.flags.contains(Flag::client_limited) ? "CLIENT-LIMITED" : "NONE MEETS";
}

void add_remarks(const Tuning& tuning, Answer& answer) {
  const auto add = [&](std::string remark) { answer.remarks.push_back(std::move(remark)); };
  for (const Flag flag : tuning.flags)
    add(fmt::format("{}: {}", name(flag, tuning.rules.range), remark(tuning, flag)));
  if (tuning.end == End::interrupted) add("interrupted");
  if (tuning.end == End::out_of_budget) add("the budget is used up");
  if (tuning.end == End::failed)
    add("the search broke off, as probes could not be used: " + tuning.failure);
  if (tuning.client_limit && !tuning.flags.contains(Flag::client_limited))
    add(fmt::format("the client was at its limit at {}: that probe says nothing of the server",
                    level_text(tuning.rules.vary, *tuning.client_limit)));
  std::map<std::string, std::size_t> doubts;
  for (const Probe& probe : tuning.probes)
    for (const std::string& code : probe.doubts) ++doubts[code];
  for (const auto& [code, count] : doubts)
    add(fmt::format("{} of {} probes: {}", count, tuning.probes.size(), code));
}

std::string level_text(Vary vary, std::size_t level) {
  switch (vary) {
    case Vary::cap:
      return fmt::format("cap {}", level);
    case Vary::rate:
      return fmt::format("{} sessions/s", level);
    case Vary::connections:
      return fmt::format("{} connection{}", level, level == 1 ? "" : "s");
    case Vary::threads:
      return fmt::format("{} thread{}", level, level == 1 ? "" : "s");
  }
  return {};
}

std::string interval_text(const LevelInterval& interval) {
  if (interval.low && interval.beyond)
    return fmt::format("{} to {}", *interval.low, *interval.beyond - 1);
  if (interval.low) return fmt::format("{} or more", *interval.low);
  if (interval.beyond) return fmt::format("below {}", *interval.beyond);
  return "not known";
}

}  // namespace atonce::tune
