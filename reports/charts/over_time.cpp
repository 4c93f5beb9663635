/// Charts of how runs went on.

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "core/units.h"
#include "reports/charts/charts.h"
#include "reports/charts/courses.h"
#include "reports/charts/heat_chart.h"
#include "reports/charts/style.h"
#include "reports/palette.h"
#include "reports/ruler.h"

namespace atonce {
namespace {

struct LineText {
  std::string name, title, caption, figure;
};

/// What a column has per second.
using PerSecond = std::function<double(const TimeSlice&)>;

double seconds(Nanos time) {
  return std::chrono::duration<double>(time).count();
}

/// The last column is as wide as the run goes on in it.
double seconds_of(const Course& course, std::size_t column) {
  const Nanos begin = static_cast<std::int64_t>(column) * course.columns.width;
  return seconds(std::clamp(course.trial->makespan - begin, Nanos{1}, course.columns.width));
}

/// A sliver at the end would tell of next to nothing.
std::size_t columns_of(const Course& course) {
  const auto count = course.columns.slices.size();
  const bool sliver = seconds_of(course, count - 1) < 0.5 * seconds(course.columns.width);
  return count - (sliver && count > 1 ? 1 : 0);
}

std::vector<double> heights(const Course& course, const PerSecond& measure) {
  std::vector<double> heights;
  for (std::size_t i = 0; i < columns_of(course); ++i)
    heights.push_back(measure(course.columns.slices[i]) / seconds_of(course, i));
  return heights;
}

void draw(const Course& course, const std::vector<double>& heights, const TimeAxis& time,
          const Ruler& ruler, Unit unit, Series& series) {
  for (std::size_t i = 0; i < heights.size(); ++i)
    series.points.push_back(
        {time.middle(course, i), ruler.place(heights[i]),
         fmt::format("{} at {}", format(unit, heights[i]),
                     format_duration(static_cast<std::int64_t>(i) * course.columns.width)),
         ""});
}

TableRow data_row(const std::string& name, std::size_t contender, Unit unit,
                  const std::vector<double>& heights) {
  const auto [least, most] = std::ranges::minmax(heights);
  const auto quarter = std::max<std::size_t>(heights.size() / 4, 1);
  double last = 0;
  for (std::size_t i = heights.size() - quarter; i < heights.size(); ++i)
    last += heights[i] / static_cast<double>(quarter);
  return {.cells = {{name}, {format(unit, least)}, {format(unit, most)}, {format(unit, last)}},
          .series = contender};
}

class LinesOverTime {
 public:
  /// `offered` may be null.
  LinesOverTime(const Comparison& comparison, Unit unit, const PerSecond& measure,
                const PerSecond& offered)
      : comparison_(comparison),
        unit_(unit),
        courses_(courses(comparison, Grain::coarse)),
        time_(courses_) {
    for (const auto& course : courses_) lines_.push_back(heights(course, measure));
    // The same calls are due whoever plays them.
    if (offered && !courses_.empty()) due_ = heights(courses_.front(), offered);
    if (std::ranges::none_of(due_, [](double height) { return height > 0; })) due_.clear();
  }

  bool empty() const { return courses_.empty(); }

  Chart chart(LineText text) const {
    const auto rows = rows_of(courses_);
    const auto ruler = make_ruler();
    Chart chart{.name = std::move(text.name),
                .title = std::move(text.title),
                .caption = fmt::format("{}, at {}, first repetition.{}", text.caption,
                                       cap_in_words(rows), warm_up_note(courses_)),
                .x = time_.axis(),
                .y = ruler.axis(std::move(text.figure)),
                .series = {},
                .tooltip = Tooltip::column,
                .data = {{{.header = "runner", .key = true},
                          {.header = "least", .number = true},
                          {.header = "most", .number = true},
                          {.header = "last quarter", .number = true}},
                         {}}};
    chart.y.lines = true;
    if (auto shading = warm_up_shading(courses_, time_, chart.y))
      chart.series.push_back(std::move(*shading));
    if (!due_.empty()) add_due(ruler, chart);
    for (std::size_t i = 0; i < courses_.size(); ++i) {
      auto series = line_of(comparison_, rows, i);
      draw(courses_[i], lines_[i], time_, ruler, unit_, series);
      chart.data.rows.push_back(data_row(series.name, rows[i]->contender, unit_, lines_[i]));
      chart.series.push_back(std::move(series));
    }
    return chart;
  }

 private:
  Ruler make_ruler() const {
    std::vector<double> ends{0};
    for (const auto& line : lines_) ends.push_back(std::ranges::max(line));
    if (!due_.empty()) ends.push_back(std::ranges::max(due_));
    return Ruler(unit_, ends);
  }

  void add_due(const Ruler& ruler, Chart& chart) const {
    Series series{.name = "due",
                  .colour = std::string(neutral),
                  .symbol = "none",
                  .dashed = true,
                  .width = 1.5,
                  .points = {}};
    draw(courses_.front(), due_, time_, ruler, unit_, series);
    chart.data.rows.push_back(data_row("due", TableRow::no_series, unit_, due_));
    chart.series.push_back(std::move(series));
  }

  const Comparison& comparison_;
  Unit unit_;
  std::vector<Course> courses_;
  TimeAxis time_;
  std::vector<std::vector<double>> lines_;
  std::vector<double> due_;
};

std::optional<Chart> lines_over_time(const Comparison& comparison, Unit unit, LineText text,
                                     const PerSecond& measure, const PerSecond& offered) {
  const LinesOverTime maker(comparison, unit, measure, offered);
  if (maker.empty()) return {};
  return maker.chart(std::move(text));
}

}  // namespace

std::optional<Chart> latency_over_time_chart(const Comparison& comparison) {
  return heat_chart(
      comparison, &TimeSlice::response_time,
      {"latency_over_time", "How did response times develop?",
       "Response times of the calls that ended at that time", "response time", "call"});
}

std::optional<Chart> send_lag_over_time_chart(const Comparison& comparison) {
  return heat_chart(comparison, &TimeSlice::send_lag,
                    {"send_lag_over_time", "When was the client late?",
                     "From when an attempt could be sent until it was, of the attempts that ended "
                     "at that time",
                     "send lag", "attempt"});
}

std::optional<Chart> throughput_over_time_chart(const Comparison& comparison) {
  return lines_over_time(
      comparison, Unit::per_second,
      {"throughput_over_time", "Did it carry what was due?",
       "Successful calls per second, and, where calls are due at given times, how many were",
       "calls per second"},
      [](const TimeSlice& slice) { return static_cast<double>(slice.ok); },
      [](const TimeSlice& slice) { return static_cast<double>(slice.offered); });
}

std::optional<Chart> cpu_over_time_chart(const Comparison& comparison) {
  return lines_over_time(
      comparison, Unit::nanoseconds,
      {"cpu_over_time", "How busy was the client?",
       "CPU time that the client's process used per second; 1 s is a whole core",
       "CPU time per second"},
      [](const TimeSlice& slice) { return static_cast<double>(slice.cpu.count()); }, nullptr);
}

}  // namespace atonce
