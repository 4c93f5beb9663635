#include "bench/tune/answer.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "bench/tune/wording.h"
#include "core/interval.h"

namespace atonce::tune {
namespace {

constexpr double tail = 0.025;

Curve curve_of(const Tuning& tuning) {
  Curve curve(tuning.rules.slos);
  for (const Probe& probe : tuning.probes) curve.add(probe);
  return curve;
}

LevelRow row_of(const Tuning& tuning, const Curve& curve, std::size_t level,
                const LevelData& data) {
  LevelRow row{.level = static_cast<double>(level), .probes = data.probes};
  const Mean rate = rate_of(data.blocks, ok_calls);
  const double reach = rate.degrees > 0 ? t_at(tail, rate.degrees) * rate.error : 0;
  row.throughput = rate.value;
  row.throughput_bounds = {std::max(0.0, rate.value - reach), rate.value + reach};
  row.p50 = static_cast<double>(data.response_time.quantile(0.5).count());
  row.p90 = static_cast<double>(data.response_time.quantile(0.9).count());
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

/// At whole levels, each once.
std::vector<LevelRow> rows_around(const std::vector<LevelRow>& rows, std::size_t level) {
  std::vector<LevelRow> around;
  for (const double factor : {0.5, 0.75, 1.0, 1.25, 2.0}) {
    const auto row = row_at(rows, std::max(1.0, std::round(factor * static_cast<double>(level))));
    if (row && !std::ranges::count(around, row->level, &LevelRow::level)) around.push_back(*row);
  }
  return around;
}

}  // namespace

double tail_quantile_of(const Rules& rules) {
  for (const Slo& slo : rules.slos)
    if (slo.kind == Slo::Kind::latency) return slo.quantile;
  return 0.99;
}

Answer answer_of(const Tuning& tuning) {
  Answer answer;
  const Curve curve = curve_of(tuning);
  answer.level = recommended(tuning);
  for (const auto& [level, data] : curve.levels())
    answer.rows.push_back(row_of(tuning, curve, level, data));
  if (answer.level) answer.around = rows_around(answer.rows, *answer.level);
  fit_models(answer, tuning.rules.vary);
  answer.cause = cause_of(tuning, answer);
  answer.is_complete = !tuning.is_open;
  answer.badge = badge_of(tuning, answer);
  answer.headline = headline_of(tuning, answer);
  add_remarks(tuning, answer);
  return answer;
}

}  // namespace atonce::tune
