#include <fmt/format.h>

#include <algorithm>

#include "reports/charts/charts.h"
#include "reports/charts/style.h"
#include "reports/ruler.h"

namespace atonce {
namespace {

double nanos(Nanos time) {
  return static_cast<double>(time.count());
}

/// When all run for about as long, from 0; else from a hundredth of the shortest run.
Ruler time_ruler(const std::vector<const TrialResult*>& trials) {
  std::vector<double> ends;
  for (const auto* trial : trials) ends.push_back(nanos(trial->makespan));
  Ruler ruler(Unit::nanoseconds, ends);
  if (!ruler.logarithmic()) return ruler;
  ends.push_back(std::ranges::min(ends) / 100);
  return Ruler(Unit::nanoseconds, ends);
}

std::vector<Point> steps(const TrialResult& trial, const Ruler& time) {
  std::vector<Point> points;
  const auto add = [&](Nanos at, std::uint32_t count) {
    points.push_back(
        {time.place(nanos(at)), static_cast<double>(count),
         fmt::format("{} in flight at {}", count, format(Unit::nanoseconds, nanos(at))), ""});
  };
  for (const auto& [at, count] : trial.in_flight) add(at, count);
  if (trial.in_flight.back().at < trial.makespan) add(trial.makespan, 0);
  return points;
}

TableRow data_row(const std::string& name, std::size_t contender, const TrialResult& trial) {
  const auto peak = std::ranges::max_element(trial.in_flight, {}, &InFlightPoint::in_flight);
  return {.cells = {{name},
                    {fmt::to_string(peak->in_flight)},
                    {format(Unit::nanoseconds, nanos(peak->at))},
                    {format(Unit::nanoseconds, nanos(trial.makespan))}},
          .series = contender};
}

}  // namespace

std::optional<Chart> in_flight_chart(const Comparison& comparison) {
  auto rows = representatives(comparison);
  std::erase_if(rows, [](const Row* row) { return first_finished(*row)->in_flight.empty(); });
  if (rows.empty()) return {};
  std::vector<const TrialResult*> trials;
  std::vector<double> peaks;
  for (const auto* row : rows) {
    trials.push_back(first_finished(*row));
    for (const auto& point : trials.back()->in_flight) peaks.push_back(point.in_flight);
  }
  peaks.push_back(0);
  const auto time = time_ruler(trials);
  const Ruler height(Unit::count, peaks);
  Chart chart{.name = "in_flight",
              .title = "How many requests were really in flight?",
              .caption = "Requests in flight over the time since the start, at " +
                         cap_in_words(rows) + ", first repetition." +
                         (time.logarithmic() ? " The time axis is logarithmic." : ""),
              .x = time.axis("time since the start"),
              .y = height.axis("requests in flight"),
              .series = {},
              .tooltip = Tooltip::column,
              .data = {{{.header = "runner", .key = true},
                        {.header = "peak", .number = true},
                        {.header = "reached at", .number = true},
                        {.header = "over at", .number = true}},
                       {}}};
  chart.y.lines = true;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto series = line_of(comparison, rows, i);
    series.shape = LineShape::step_after;
    series.points = steps(*trials[i], time);
    chart.data.rows.push_back(data_row(series.name, rows[i]->contender, *trials[i]));
    chart.series.push_back(std::move(series));
  }
  return chart;
}

}  // namespace atonce
