#include "bench/gate/pair_charts.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "bench/gate/measures.h"
#include "bench/gate/thresholds.h"
#include "reports/charts/style.h"
#include "reports/palette.h"

namespace atonce::gate {
namespace {

/// Ticks of an axis of shares, about six.
Axis share_axis(std::string title, double low, double high) {
  Axis axis{.title = std::move(title), .min = low, .max = high, .ticks = {}, .lines = true};
  const double span = high - low;
  double step = 0.001;
  for (const double next : {0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0})
    if (span / step > 8) step = next;
  for (double at = std::ceil(low / step) * step; at <= high + step / 1000; at += step)
    axis.ticks.push_back({at, fmt::format("{:+.3g} %", std::round(1000 * 100 * at) / 1000 + 0.0)});
  return axis;
}

Axis pair_axis(std::size_t pairs) {
  Axis axis{.title = "pair, in order of time",
            .min = 0.5,
            .max = static_cast<double>(std::max<std::size_t>(pairs, 1)) + 0.5,
            .ticks = {}};
  const std::size_t step = std::max<std::size_t>(1, pairs / 10);
  for (std::size_t pair = step; pair <= pairs; pair += step)
    axis.ticks.push_back({static_cast<double>(pair), std::to_string(pair)});
  return axis;
}

Series level(std::string name, std::string_view colour, double at, const Axis& x) {
  return {.name = std::move(name),
          .colour = std::string(colour),
          .symbol = "none",
          .dashed = true,
          .width = 1,
          .points = {{x.min, at, "", ""}, {x.max, at, "", ""}}};
}

/// A margin across a chart of rows.
Series upright(std::string name, std::string_view colour, double at, const Axis& y) {
  return {.name = std::move(name),
          .colour = std::string(colour),
          .symbol = "none",
          .dashed = true,
          .width = 1,
          .points = {{at, y.min, "", ""}, {at, y.max, "", ""}}};
}

double within(double share, double low, double high) {
  return std::clamp(share, low, high);
}

Chart interval_chart(const Record& record, const Judgement& judgement) {
  double low = -0.05, high = record.rules.regression + 0.05;
  double least = 0, most = 0;
  for (const CellReport& cell : judgement.cells) {
    least = std::min(least, cell.effect);
    most = std::max(most, cell.effect);
    for (const double share : {cell.low, cell.high, cell.effect})
      if (std::isfinite(share)) {
        low = std::min(low, share - 0.02);
        high = std::max(high, share + 0.02);
      }
  }
  // A cell of which next to nothing is known would squeeze all others.
  low = std::max(low, std::min(-0.2, least - 0.1));
  high = std::min(high, std::max(0.3, most + 0.2));
  Chart chart{.name = "intervals",
              .title = "How much worse is the candidate?",
              .caption =
                  "Estimate and 95 % confidence sequence of each cell; to the right is worse. "
                  "An interval that reaches the edge goes on beyond it.",
              .height = height_of_rows(judgement.cells.size()),
              .right = 72,
              .x = share_axis("effect", low, high),
              .y = row_axis(judgement.cells.size()),
              .series = {},
              .data = {{{.header = "cell", .key = true},
                        {.header = "low", .number = true},
                        {.header = "effect", .number = true},
                        {.header = "high", .number = true}},
                       {}}};
  for (std::size_t i = 0; i < judgement.cells.size(); ++i) {
    const CellReport& cell = judgement.cells[i];
    const auto y = static_cast<double>(i);
    chart.y.ticks.push_back({y, cell.info.name});
    chart.data.rows.push_back({.cells = {{cell.info.name},
                                         {format_share(cell.low)},
                                         {format_share(cell.effect)},
                                         {format_share(cell.high)}}});
    if (!std::isfinite(cell.effect)) continue;
    const std::string text = fmt::format("{} ({} to {})", format_share(cell.effect),
                                         format_share(cell.low), format_share(cell.high));
    chart.series.push_back({.name = cell.info.name,
                            .colour = hue(i),
                            .symbol = "circle",
                            .width = 4,
                            .in_legend = false,
                            .points = {{within(cell.low, low, high), y, text, ""},
                                       {within(cell.effect, low, high), y, text, ""},
                                       {within(cell.high, low, high), y, text, ""}}});
  }
  chart.series.push_back(upright("no effect", "soft", 0, chart.y));
  chart.series.push_back(upright("tolerated", neutral, record.rules.tolerated, chart.y));
  chart.series.push_back(upright("regression", "hue1", record.rules.regression, chart.y));
  chart.left = room_for(chart.y.ticks);
  return chart;
}

constexpr double decade = std::numbers::ln10;

/// Evidence after every pair, as powers of ten.
struct Curves {
  std::vector<double> worse, control;
  std::vector<std::vector<double>> sound;  // by cell
};

Curves curves_of(const Record& record) {
  Curves curves;
  curves.sound.resize(record.cells.size());
  Judge judge(record.cells, record.rules);
  for (const Pair& pair : record.pairs) {
    if (judge.decision() != Decision::none) break;
    judge.add(pair);
    curves.worse.push_back(judge.contest().worse() / decade);
    curves.control.push_back(std::max(judge.control().worse(), judge.control().better()) / decade);
    for (std::size_t i = 0; i < record.cells.size(); ++i)
      curves.sound[i].push_back(judge.contest().cells()[i].sound() / decade);
  }
  return curves;
}

Series curve(std::string name, std::string colour, const std::vector<double>& values, bool dashed,
             double floor) {
  Series series{.name = std::move(name),
                .colour = std::move(colour),
                .symbol = "none",
                .dashed = dashed,
                .points = {}};
  for (std::size_t i = 0; i < values.size(); ++i)
    series.points.push_back({static_cast<double>(i + 1), std::max(values[i], floor),
                             fmt::format("{:.3g}", std::pow(10, values[i])), ""});
  return series;
}

Chart evidence_chart(const Record& record) {
  constexpr double floor = -3;
  constexpr std::size_t most_curves = 8;
  const Curves curves = curves_of(record);
  Chart chart{.name = "evidence",
              .title = "When was it decided?",
              .caption =
                  "Evidence after each pair, as odds: the lines at the top are where it is "
                  "enough. FAIL is decided by the mean over the cells, PASS when the curves "
                  "of all cells have reached their line.",
              .x = pair_axis(curves.worse.size()),
              .y = {.title = "evidence", .min = floor, .max = 3.5, .ticks = {}, .lines = true},
              .series = {},
              .data = {{{.header = "pair", .number = true, .key = true},
                        {.header = "for FAIL", .number = true},
                        {.header = "control", .number = true}},
                       {}}};
  for (int power = -3; power <= 3; ++power)
    chart.y.ticks.push_back({static_cast<double>(power), fmt::format("{:g}", std::pow(10, power))});
  for (const auto& values : curves.sound)
    for (const double value : values) chart.y.max = std::max(chart.y.max, value + 0.5);
  chart.series.push_back(curve("for FAIL, all cells", "hue1", curves.worse, false, floor));
  chart.series.push_back(curve("control", std::string(neutral), curves.control, true, floor));
  for (std::size_t i = 0; i < std::min(record.cells.size(), most_curves); ++i)
    chart.series.push_back(curve("for PASS: " + record.cells[i].name, hue(i == 1 ? 7 : i),
                                 curves.sound[i], true, floor));
  chart.series.push_back(
      level("enough for FAIL", "hue1", enough_for_fail(record.rules) / decade, chart.x));
  chart.series.push_back(
      level("enough for PASS", "soft", enough_for_pass(record.rules) / decade, chart.x));
  for (std::size_t i = 0; i < curves.worse.size(); ++i)
    chart.data.rows.push_back(
        {.cells = {{std::to_string(i + 1)},
                   {fmt::format("{:.3g}", std::pow(10, curves.worse[i]))},
                   {fmt::format("{:.3g}", std::pow(10, curves.control[i]))}}});
  return chart;
}

Series dots(std::string name, std::string colour, std::string symbol) {
  return {.name = std::move(name),
          .colour = std::move(colour),
          .symbol = std::move(symbol),
          .width = 0,
          .points = {}};
}

Chart pair_chart(const Record& record, std::size_t cell) {
  auto baseline_first = dots("baseline first", "hue0", "circle");
  auto candidate_first = dots("candidate first", "hue4", "triangle");
  auto control = dots("control", std::string(neutral), "emptyCircle");
  Chart chart{.name = fmt::format("pairs-{}", cell),
              .title = "Pair by pair: " + record.cells[cell].name,
              .caption =
                  "How much worse the candidate's slice was than the baseline's beside it. "
                  "Both orders should look alike; control pairs are baseline against "
                  "baseline.",
              .height = 240,
              .x = pair_axis(record.pairs.size()),
              .y = {},
              .series = {},
              .data = {{{.header = "pair", .number = true, .key = true},
                        {.header = "first"},
                        {.header = "baseline", .number = true},
                        {.header = "candidate", .number = true},
                        {.header = "difference", .number = true}},
                       {}}};
  double low = -0.05, high = record.rules.regression + 0.02;
  for (const Pair& pair : record.pairs) {
    const auto& info = record.cells[cell];
    const auto d = difference(info, pair.of(Side::baseline), pair.of(Side::candidate), cell);
    if (!d || spoilt(pair, record.cells, record.rules)) continue;
    const double share = std::expm1(*d);
    low = std::min(low, share - 0.01);
    high = std::max(high, share + 0.01);
    auto& series = pair.control ? control : pair.candidate_first ? candidate_first : baseline_first;
    series.points.push_back({static_cast<double>(&pair - record.pairs.data() + 1), share,
                             fmt::format("pair {}: {}", pair.number, format_share(share)), ""});
    chart.data.rows.push_back(
        {.cells = {{std::to_string(pair.number)},
                   {pair.control           ? "control"
                    : pair.candidate_first ? "candidate"
                                           : "baseline"},
                   {format_value(info, pair.of(Side::baseline).values[cell])},
                   {format_value(info, pair.of(Side::candidate).values[cell])},
                   {format_share(share)}}});
  }
  chart.y = share_axis("difference", low, high);
  chart.series = {std::move(baseline_first), std::move(candidate_first), std::move(control)};
  std::erase_if(chart.series, [](const Series& series) { return series.points.empty(); });
  chart.series.push_back(level("no effect", "soft", 0, chart.x));
  chart.series.push_back(level("regression", "hue1", record.rules.regression, chart.x));
  return chart;
}

}  // namespace

std::vector<Chart> gate_charts(const Record& record, const Judgement& judgement) {
  constexpr std::size_t most_cells = 6;
  std::vector<Chart> charts;
  if (record.pairs.empty() || record.cells.empty()) return charts;
  charts.push_back(interval_chart(record, judgement));
  charts.push_back(evidence_chart(record));
  for (std::size_t cell = 0; cell < std::min(record.cells.size(), most_cells); ++cell)
    charts.push_back(pair_chart(record, cell));
  return charts;
}

}  // namespace atonce::gate
