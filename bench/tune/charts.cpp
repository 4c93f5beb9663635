#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/tune/report.h"
#include "core/units.h"
#include "reports/palette.h"
#include "reports/ruler.h"

namespace atonce::tune {
namespace {

std::string level_title(Vary vary) {
  switch (vary) {
    case Vary::cap:
      return "cap: calls in flight at once";
    case Vary::rate:
      return "sessions per second";
    case Vary::connections:
      return "connections";
    case Vary::threads:
      return "threads";
  }
  return {};
}

std::vector<double> levels_of(const Answer& answer) {
  std::vector<double> levels;
  for (const LevelRow& row : answer.rows) levels.push_back(row.level);
  return levels;
}

/// Lines across the chart where the boundary lies.
void add_interval(Chart& chart, const Tuning& tuning, const Ruler& ruler) {
  const auto upright = [&](std::string name, std::string colour, std::size_t level) {
    const double x = ruler.place(static_cast<double>(level));
    const auto text = std::to_string(level);
    chart.series.push_back({.name = std::move(name),
                            .colour = std::move(colour),
                            .symbol = "none",
                            .dashed = true,
                            .width = 1,
                            .points = {{x, chart.y.min, text, ""}, {x, chart.y.max, text, ""}}});
  };
  if (tuning.boundary.low) upright("proved to meet all", "hue2", *tuning.boundary.low);
  if (tuning.boundary.beyond) upright("proved to miss one", "hue1", *tuning.boundary.beyond);
}

/// A figure with its interval at every level.
struct Marked {
  double level, value, low, high;
  std::string text;
};

void add_marks(Chart& chart, const std::string& name, const std::string& colour,
               const std::vector<Marked>& marks, const Ruler& x, const Ruler& y) {
  Series line{.name = name, .colour = colour, .symbol = "circle", .points = {}};
  Series whiskers{.name = name,
                  .colour = colour,
                  .symbol = "none",
                  .width = 3,
                  .in_legend = false,
                  .points = {}};
  for (const Marked& mark : marks) {
    line.points.push_back({x.place(mark.level), y.place(mark.value), mark.text, ""});
    if (!(mark.high > mark.low)) continue;
    whiskers.points.push_back({x.place(mark.level), y.place(mark.low), mark.text, ""});
    whiskers.points.push_back({x.place(mark.level), y.place(mark.high), mark.text, ""});
    whiskers.points.push_back({gap_in_line, gap_in_line, "", ""});
  }
  chart.series.push_back(std::move(line));
  if (!whiskers.points.empty()) chart.series.push_back(std::move(whiskers));
}

template <class Fit>
void add_model(Chart& chart, const char* name, const Fit& fit, const std::vector<double>& levels,
               const Ruler& x, const Ruler& y) {
  Series line{
      .name = name, .colour = std::string(neutral), .symbol = "none", .dashed = true, .points = {}};
  constexpr int steps = 48;
  const double first = levels.front(), ratio = levels.back() / first;
  for (int i = 0; i <= steps; ++i) {
    const double level = first * std::pow(ratio, static_cast<double>(i) / steps);
    line.points.push_back({x.place(level), y.place(fit.rate(level)), "", ""});
  }
  chart.series.push_back(std::move(line));
}

/// The one that fits best.
void add_best_model(Chart& chart, const Answer& answer, const Ruler& x, const Ruler& y) {
  if (!answer.usl) return;  // none was fitted
  const auto levels = levels_of(answer);
  const double usl = answer.usl->error, ceiling = answer.ceiling->error;
  if (answer.workers && answer.workers->error <= std::min(usl, ceiling))
    add_model(chart, "model: workers", *answer.workers, levels, x, y);
  else if (ceiling <= usl)
    add_model(chart, "model: ceiling", *answer.ceiling, levels, x, y);
  else
    add_model(chart, "model: scalability law", *answer.usl, levels, x, y);
}

Chart throughput_chart(const Tuning& tuning, const Answer& answer, const std::string& name) {
  std::vector<Marked> marks;
  std::vector<double> figures;
  Chart chart{.name = name,
              .title = "How much does each level carry?",
              .caption =
                  "Ok calls per second at every level that was probed, with 95 % intervals. "
                  "The dashed curve is a model that was fitted to explain them; nothing was "
                  "decided by it.",
              .x = {},
              .y = {},
              .series = {},
              .data = {{{.header = "level", .number = true, .key = true},
                        {.header = "throughput", .number = true},
                        {.header = "from", .number = true},
                        {.header = "to", .number = true}},
                       {}}};
  for (const LevelRow& row : answer.rows) {
    const auto& [low, high] = row.throughput_bounds;
    const auto text = [](double rate) { return format_count(rate) + "/s"; };
    marks.push_back({row.level, row.throughput, low, high,
                     fmt::format("at {:.0f}: {}", row.level, text(row.throughput))});
    figures.insert(figures.end(), {row.throughput, std::max(low, row.throughput / 2), high});
    chart.data.rows.push_back({.cells = {{fmt::format("{:.0f}", row.level)},
                                         {text(row.throughput)},
                                         {text(low)},
                                         {text(high)}}});
  }
  const Ruler x(Unit::count, levels_of(answer)), y(Unit::per_second, figures);
  chart.x = x.axis(level_title(tuning.rules.vary));
  chart.y = y.axis("throughput");
  chart.y.lines = true;
  add_marks(chart, "throughput", "hue0", marks, x, y);
  add_best_model(chart, answer, x, y);
  add_interval(chart, tuning, x);
  return chart;
}

Chart tail_chart(const Tuning& tuning, const Answer& answer, const std::string& name) {
  const std::string tail = fmt::format("p{:g}", 100 * tail_quantile_of(tuning.rules));
  std::vector<Marked> tails, medians;
  std::vector<double> figures;
  Chart chart{.name = name,
              .title = "How long do calls take?",
              .caption =
                  "Response times at every level that was probed. Between the two upright "
                  "lines lies the highest level that meets all objectives.",
              .x = {},
              .y = {},
              .series = {},
              .data = {{{.header = "level", .number = true, .key = true},
                        {.header = "p50", .number = true},
                        {.header = tail, .number = true}},
                       {}}};
  const auto text = [](double ns) { return format_duration(Nanos(std::llround(ns))); };
  for (const LevelRow& row : answer.rows) {
    if (row.tail <= 0) continue;
    const auto& [low, high] = row.tail_bounds;
    tails.push_back(
        {row.level, row.tail, low, high, fmt::format("at {:.0f}: {}", row.level, text(row.tail))});
    medians.push_back(
        {row.level, row.p50, 0, 0, fmt::format("at {:.0f}: {}", row.level, text(row.p50))});
    figures.insert(figures.end(), {row.p50, row.tail, std::max(high, row.tail)});
    chart.data.rows.push_back(
        {.cells = {{fmt::format("{:.0f}", row.level)}, {text(row.p50)}, {text(row.tail)}}});
  }
  for (const Slo& slo : tuning.rules.slos)
    if (slo.kind == Slo::Kind::latency) figures.push_back(static_cast<double>(slo.limit.count()));
  const Ruler x(Unit::count, levels_of(answer)), y(Unit::nanoseconds, figures);
  chart.x = x.axis(level_title(tuning.rules.vary));
  chart.y = y.axis("response time");
  chart.y.lines = true;
  add_marks(chart, tail, "hue4", tails, x, y);
  add_marks(chart, "p50", "hue0", medians, x, y);
  for (const Slo& slo : tuning.rules.slos) {
    if (slo.kind != Slo::Kind::latency) continue;
    const double at = y.place(static_cast<double>(slo.limit.count()));
    chart.series.push_back({.name = slo.text,
                            .colour = "soft",
                            .symbol = "none",
                            .dashed = true,
                            .width = 1,
                            .points = {{chart.x.min, at, "", ""}, {chart.x.max, at, "", ""}}});
  }
  add_interval(chart, tuning, x);
  return chart;
}

Chart probe_chart(const Tuning& tuning, const std::string& name) {
  std::vector<double> levels;
  for (const Probe& probe : tuning.probes) levels.push_back(static_cast<double>(probe.order.level));
  const Ruler y(Unit::count, levels);
  Chart chart{.name = name,
              .title = "What was probed when?",
              .caption = "Each bar is a probe, as long as it took.",
              .height = 260,
              .x = {.title = "seconds since the start",
                    .min = 0,
                    .max = std::max(1.0, tuning.used.count()),
                    .ticks = {}},
              .y = y.axis("level"),
              .series = {},
              .data = {{{.header = "began", .number = true, .key = true},
                        {.header = "level", .number = true},
                        {.header = "for"},
                        {.header = "took", .number = true}},
                       {}}};
  chart.y.lines = true;
  double step = 1;
  for (const double next : {2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, 500.0})
    if (chart.x.max / step > 10) step = next;
  for (double at = 0; at <= chart.x.max; at += step)
    chart.x.ticks.push_back({at, fmt::format("{:g} s", at)});
  std::size_t colour = 0;
  for (const Purpose purpose :
       {Purpose::scout, Purpose::verdict, Purpose::confirm, Purpose::knee, Purpose::outlook}) {
    Series line{.name = std::string(tune::name(purpose)),
                .colour = hue(colour++),
                .symbol = "none",
                .width = 5,
                .points = {}};
    for (const Probe& probe : tuning.probes) {
      if (probe.order.purpose != purpose) continue;
      const double at = y.place(static_cast<double>(probe.order.level));
      const auto text = fmt::format("{} for {:.1f} s", probe.order.level, probe.took.count());
      line.points.push_back({probe.began.count(), at, text, ""});
      line.points.push_back({(probe.began + probe.took).count(), at, text, ""});
      line.points.push_back({gap_in_line, gap_in_line, "", ""});
    }
    if (!line.points.empty()) chart.series.push_back(std::move(line));
  }
  for (const Probe& probe : tuning.probes)
    chart.data.rows.push_back({.cells = {{fmt::format("{:.1f} s", probe.began.count())},
                                         {std::to_string(probe.order.level)},
                                         {std::string(tune::name(probe.order.purpose))},
                                         {fmt::format("{:.1f} s", probe.took.count())}}});
  return chart;
}

}  // namespace

std::vector<Chart> tune_charts(const Tuned& tuned, const Answer& answer, std::size_t number) {
  std::vector<Chart> charts;
  const auto name = [&](const char* what) { return fmt::format("{}-{}", what, number); };
  if (answer.rows.size() > 1) {
    charts.push_back(throughput_chart(tuned.tuning, answer, name("throughput")));
    charts.push_back(tail_chart(tuned.tuning, answer, name("response")));
  }
  if (!tuned.tuning.probes.empty()) charts.push_back(probe_chart(tuned.tuning, name("probes")));
  return charts;
}

}  // namespace atonce::tune
