#include <fmt/format.h>

#include <algorithm>

#include "core/units.h"
#include "reports/charts/charts.h"
#include "reports/charts/courses.h"
#include "reports/charts/style.h"
#include "reports/ruler.h"

namespace atonce {
namespace {

/// At the end of each slice. A limit that is fixed is the cap.
std::vector<double> limits_of(const Course& course) {
  std::vector<double> limits;
  for (const TimeSlice& slice : course.trial->series.slices)
    limits.push_back(static_cast<double>(slice.limit > 0 ? slice.limit : course.row->cap));
  return limits;
}

void draw(const Course& course, const std::vector<double>& limits, const TimeAxis& time,
          const Ruler& ruler, Series& series) {
  const TimeSeries& slices = course.trial->series;
  const auto add = [&](Nanos at, double limit) {
    series.points.push_back({time.place(at), ruler.place(limit),
                             fmt::format("{:.0f} at {}", limit, format_duration(at)), ""});
  };
  add(Nanos{0}, limits.front());
  for (std::size_t i = 1; i < limits.size(); ++i)
    if (limits[i] != limits[i - 1])
      add(std::min(static_cast<std::int64_t>(i + 1) * slices.width, course.trial->makespan),
          limits[i]);
  add(course.trial->makespan, limits.back());
}

TableRow data_row(const std::string& name, std::size_t contender,
                  const std::vector<double>& limits) {
  const auto [least, most] = std::ranges::minmax(limits);
  double mean = 0;
  for (const double limit : limits) mean += limit / static_cast<double>(limits.size());
  return {.cells = {{name},
                    {format(Unit::count, least)},
                    {format(Unit::count, most)},
                    {format(Unit::count, mean)}},
          .series = contender};
}

}  // namespace

std::optional<Chart> limit_over_time_chart(const Comparison& comparison) {
  auto shown = courses(comparison, Grain::fine);
  const auto adapts = [](const Course& course) { return has_adaptive_limit(*course.trial); };
  if (std::ranges::none_of(shown, adapts)) return {};
  std::erase_if(
      shown, [&](const Course& course) { return !adapts(course) && course.row->cap == unlimited; });
  std::vector<std::vector<double>> lines;
  std::vector<double> ends{0};
  for (const Course& course : shown) {
    lines.push_back(limits_of(course));
    ends.push_back(std::ranges::max(lines.back()));
  }
  const TimeAxis time(shown);
  const Ruler ruler(Unit::count, ends);
  const auto rows = rows_of(shown);
  Chart chart{.name = "limit_over_time",
              .title = "Which limit was in force?",
              .caption = fmt::format(
                  "Most calls that were let in at once, over the time since the start, at {}, "
                  "first repetition. A fixed limit is the cap.{}",
                  cap_in_words(rows), warm_up_note(shown)),
              .x = time.axis(),
              .y = ruler.axis("limit"),
              .series = {},
              .tooltip = Tooltip::column,
              .data = {{{.header = "runner", .key = true},
                        {.header = "least", .number = true},
                        {.header = "most", .number = true},
                        {.header = "mean", .number = true}},
                       {}}};
  chart.y.lines = true;
  if (auto shading = warm_up_shading(shown, time, chart.y))
    chart.series.push_back(std::move(*shading));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    auto series = line_of(comparison, rows, i);
    series.shape = LineShape::step_after;
    draw(shown[i], lines[i], time, ruler, series);
    chart.data.rows.push_back(data_row(series.name, rows[i]->contender, lines[i]));
    chart.series.push_back(std::move(series));
  }
  return chart;
}

}  // namespace atonce
