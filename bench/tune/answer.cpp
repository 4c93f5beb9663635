#include "bench/tune/answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "core/interval.h"
#include "core/units.h"

namespace atonce::tune {
namespace {

constexpr double tail = 0.025;

Curve curve_of(const Tuning& tuning) {
  Curve curve(tuning.rules.slos);
  for (std::size_t i = 0; i < tuning.probes.size(); ++i) {
    const Probe& probe = tuning.probes[i];
    const bool counts = probe.invalid.empty() && !probe.client_limited && !probe.blocks.empty();
    if (counts && !tuning.outdated.contains(i)) curve.add(probe);
  }
  return curve;
}

double tail_quantile_of(const Rules& rules) {
  for (const Slo& slo : rules.slos)
    if (slo.kind == Slo::Kind::latency) return slo.quantile;
  return 0.99;
}

LevelRow row_of(const Tuning& tuning, const Curve& curve, std::size_t level,
                const LevelData& data) {
  LevelRow row{.level = static_cast<double>(level), .probes = data.probes};
  const Mean rate = rate_of(data.blocks, [](const Block& block) {
    return static_cast<double>(block.calls - block.failed);
  });
  const double reach = rate.degrees > 0 ? t_at(tail, rate.degrees) * rate.error : 0;
  row.throughput = rate.value;
  row.throughput_bounds = {std::max(0.0, rate.value - reach), rate.value + reach};
  row.p50 = static_cast<double>(data.response_time.quantile(0.5).count());
  row.tail =
      static_cast<double>(data.response_time.quantile(tail_quantile_of(tuning.rules)).count());
  if (const auto bounds = quantile_interval(data.response_time, tail_quantile_of(tuning.rules)))
    row.tail_bounds = {bounds->low, bounds->high};
  double calls = 0, failed = 0;
  for (const Block& block : data.blocks) {
    calls += static_cast<double>(block.calls);
    failed += static_cast<double>(block.failed);
  }
  row.failed = calls > 0 ? failed / calls : 0;
  for (std::size_t i = 0; i < curve.slos().size(); ++i) {
    row.shares.push_back(share_of(data.blocks, i).value());
    row.share_bounds.push_back(share_bounds(data.blocks, i, curve.dispersion(i), tail));
  }
  for (const Verdict& verdict : tuning.verdicts)
    if (verdict.level == level) row.standing = verdict.standing;
  return row;
}

/// At a level between two that were probed, evenly on the logarithm of the level; the nearest one
/// where it is as good as the same.
std::optional<LevelRow> row_at(const std::vector<LevelRow>& rows, double level) {
  constexpr double same = 0.03;
  const auto away = [&](const LevelRow& row) { return std::abs(std::log(row.level / level)); };
  if (const auto nearest = std::ranges::min_element(rows, {}, away);
      nearest != rows.end() && away(*nearest) < same)
    return *nearest;
  const auto above = std::ranges::find_if(rows, [&](const LevelRow& r) { return r.level > level; });
  if (above == rows.begin() || above == rows.end()) return {};
  const LevelRow &a = *std::prev(above), &b = *above;
  const double part = std::log(level / a.level) / std::log(b.level / a.level);
  const auto mix = [&](double x, double y) { return x + part * (y - x); };
  LevelRow row{.level = level, .probed = false};
  row.throughput = mix(a.throughput, b.throughput);
  row.p50 = mix(a.p50, b.p50);
  row.tail = mix(a.tail, b.tail);
  row.failed = mix(a.failed, b.failed);
  for (std::size_t i = 0; i < a.shares.size(); ++i)
    row.shares.push_back(mix(a.shares[i], b.shares[i]));
  return row;
}

void fit_models(Answer& answer, Vary vary) {
  constexpr double good = 0.1;
  std::vector<RatePoint> points;
  for (const LevelRow& row : answer.rows)
    if (row.throughput > 0) points.push_back({row.level, row.throughput});
  if (points.size() < 4 || vary == Vary::rate) return;
  answer.usl = fit_usl(points);
  answer.ceiling = fit_ceiling(points);
  if (answer.ceiling->error <= answer.usl->error && answer.ceiling->error < good) {
    const double at_once = answer.ceiling->alone * answer.ceiling->most;
    answer.model = fmt::format(
        "looks like a ceiling of {}/s, calls taking {} alone: workers or a rate limit, full at "
        "about {:.0f} at once (fits within {:.0f} %)",
        format_count(answer.ceiling->most),
        format_duration(Nanos(std::llround(1e9 * answer.ceiling->alone))), std::max(1.0, at_once),
        std::ceil(100 * answer.ceiling->error));
  } else if (answer.usl->error < good) {
    const double peak = answer.usl->kappa > 0
                            ? std::sqrt((1 - std::min(1.0, answer.usl->sigma)) / answer.usl->kappa)
                            : 0;
    answer.model = fmt::format(
        "looks like the scalability law with sigma {:.2g}, kappa {:.2g}{} (fits within {:.0f} %)",
        answer.usl->sigma, answer.usl->kappa,
        peak > 0 ? fmt::format(": throughput is at its best at {:.0f}", peak) : "",
        std::ceil(100 * answer.usl->error));
  }
}

/// The first level beyond the boundary, or the highest one, beside the one that is good.
std::string cause_of(const Tuning& tuning, const Answer& answer) {
  constexpr double mostly = 0.5, flat = 1.1, fewer = 0.95;
  if (tuning.flags.contains(Flag::client_limited))
    return "client CPU: the client cannot make more calls, the server was not at its limit";
  const auto& [low, beyond] = tuning.boundary;
  const auto find = [&](std::optional<std::size_t> level) -> const LevelRow* {
    for (const LevelRow& row : answer.rows)
      if (level && row.level == static_cast<double>(*level)) return &row;
    return nullptr;
  };
  const LevelRow *good = find(low), *bad = find(beyond);
  if (!bad) return {};
  double worst = 0;
  for (const double share : bad->shares) worst = std::max(worst, share);
  if (bad->failed > mostly * worst) {
    std::uint64_t refused = 0, failed = 0;
    for (const Probe& probe : tuning.probes)
      if (probe.order.level == *beyond) {
        refused += probe.refused;
        for (const Block& block : probe.blocks) failed += block.failed;
      }
    if (static_cast<double>(refused) > mostly * static_cast<double>(failed))
      return "rate limiter: calls are refused (429)";
    return fmt::format("error cliff: {:.2g} % of the calls fail", 100 * bad->failed);
  }
  if (tuning.flags.contains(Flag::fails_at_lowest))
    return "calls are too slow even at the lowest level";
  // Not proved to be good, but below what is proved to be bad.
  for (const LevelRow& row : answer.rows)
    if (!low && row.level < bad->level && row.standing != Standing::misses) good = &row;
  if (!good) return {};
  if (tuning.flags.contains(Flag::cliff))
    return fmt::format("a cliff: the median goes from {} to {}",
                       format_duration(Nanos(std::llround(good->p50))),
                       format_duration(Nanos(std::llround(bad->p50))));
  if (tuning.rules.vary == Vary::rate)
    return "server queue: calls come faster than they are answered for a while, and wait";
  if (bad->throughput < fewer * good->throughput)
    return "contention: throughput falls with more calls at once";
  const double growth = bad->level / good->level;
  if (bad->throughput / good->throughput < 1 + (growth - 1) / 2 ||
      bad->throughput < flat * good->throughput)
    return fmt::format("server queue: it answers about {}/s; each further call only waits",
                       format_count(bad->throughput));
  return "latency grows with the load, throughput still does too";
}

std::string objectives_text(const Rules& rules) {
  std::string out;
  for (const Slo& slo : rules.slos) out += (out.empty() ? "" : ", ") + slo.text;
  return out;
}

std::string headline_of(const Tuning& tuning, const Answer& answer) {
  const Rules& rules = tuning.rules;
  const std::string objectives = objectives_text(rules);
  if (!answer.level) {
    if (tuning.end == End::failed) return "no answer: " + tuning.failure;
    if (tuning.flags.contains(Flag::fails_at_lowest))
      return fmt::format("no level meets {}: even {} does not", objectives,
                         level_text(rules.vary, rules.range.low));
    return fmt::format("undecided: no level was proved to meet {}{}", objectives,
                       tuning.estimate > 0
                           ? fmt::format("; the boundary is most likely at {:.0f}", tuning.estimate)
                           : "");
  }
  std::string out = fmt::format("set {}", level_text(rules.vary, *answer.level));
  if (rules.goal != Goal::slo) {
    out += fmt::format(": {} % of the highest {}", rules.goal == Goal::knee ? 95 : 98,
                       rules.goal == Goal::goodput ? "goodput" : "throughput");
    if (tuning.knee && tuning.knee->beyond)
      out += fmt::format(" is reached at {} (95 % confidence)", interval_text(*tuning.knee));
  }
  if (!rules.slos.empty())
    out += fmt::format("{} the highest that meets {} is {} (95 % confidence)",
                       rules.goal == Goal::slo ? ":" : ";", objectives,
                       interval_text(tuning.boundary));
  return out;
}

std::string remark(const Tuning& tuning, Flag flag) {
  const Range& range = tuning.rules.range;
  switch (flag) {
    case Flag::none_in_range:
      return fmt::format("no level up to {} fails: --range can go on", range.high);
    case Flag::fails_at_lowest:
      return "the objectives are not met at the lowest level";
    case Flag::cliff:
      return "just beyond the interval calls take several times as long, or fail: keep a distance";
    case Flag::undecided_band:
      return "between the proved levels there are some of which neither was proved: they are close "
             "to the boundary, or the budget was too short";
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
  }
  return {};
}

void add_remarks(const Tuning& tuning, Answer& answer) {
  for (const Flag flag : tuning.flags)
    answer.remarks.push_back(fmt::format("{}: {}", name(flag), remark(tuning, flag)));
  std::string open;
  for (const Verdict& verdict : tuning.verdicts)
    if (verdict.standing == Standing::open && tuning.end != End::decided) {
      const std::size_t level = verdict.level;
      const bool inside = (!tuning.boundary.low || level > *tuning.boundary.low) &&
                          (!tuning.boundary.beyond || level < *tuning.boundary.beyond);
      if (inside) open += (open.empty() ? "" : ", ") + std::to_string(level);
    }
  if (tuning.end == End::interrupted || tuning.end == End::out_of_budget)
    answer.remarks.push_back(fmt::format(
        "{}{}", tuning.end == End::interrupted ? "interrupted" : "the budget is used up",
        open.empty() ? "" : "; still undecided: " + open));
  std::map<std::string, std::size_t> doubts;
  for (const Probe& probe : tuning.probes)
    for (const std::string& code : probe.doubts) ++doubts[code];
  for (const auto& [code, count] : doubts)
    answer.remarks.push_back(fmt::format("{} of {} probes: {}", count, tuning.probes.size(), code));
}

}  // namespace

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

Answer answer_of(const Tuning& tuning) {
  Answer answer;
  const Curve curve = curve_of(tuning);
  answer.level = recommended(tuning);
  answer.tail_quantile = tail_quantile_of(tuning.rules);
  for (const auto& [level, data] : curve.levels())
    answer.rows.push_back(row_of(tuning, curve, level, data));
  if (answer.level)
    for (const double factor : {0.5, 0.75, 1.0, 1.25, 2.0})
      if (auto row = row_at(answer.rows, factor * static_cast<double>(*answer.level)))
        answer.around.push_back(*std::move(row));
  fit_models(answer, tuning.rules.vary);
  answer.cause = cause_of(tuning, answer);
  const bool has_ends = tuning.rules.slos.empty() || tuning.boundary.beyond ||
                        tuning.flags.contains(Flag::none_in_range) ||
                        tuning.flags.contains(Flag::client_limited);
  answer.is_complete = tuning.flags.contains(Flag::fails_at_lowest) || (answer.level && has_ends);
  answer.headline = headline_of(tuning, answer);
  add_remarks(tuning, answer);
  return answer;
}

}  // namespace atonce::tune
