#include "reports/charts/heat_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "reports/charts/courses.h"
#include "reports/charts/style.h"
#include "reports/names.h"
#include "reports/ruler.h"

namespace atonce {
namespace {

constexpr int rows_of_panel = 20, shades = 6;
constexpr double used = 0.76;  // of a panel's height; above stands its name
constexpr int panel_height = 96, room_for_axis = 76;

using Values = BucketCounts TimeSlice::*;

double value_of(std::uint32_t bucket) {
  return static_cast<double>(
      (Histogram::bucket_low(bucket) + Histogram::bucket_width(bucket) / 2).count());
}

double quantile(const BucketCounts& buckets, double p) {
  std::uint64_t all = 0, seen = 0;
  for (const auto& [bucket, count] : buckets) all += count;
  for (const auto& [bucket, count] : buckets)
    if (static_cast<double>(seen += count) >= p * static_cast<double>(all)) return value_of(bucket);
  return 0;
}

std::uint64_t total(const BucketCounts& buckets) {
  std::uint64_t all = 0;
  for (const auto& [bucket, count] : buckets) all += count;
  return all;
}

/// Logarithmic, from a little below the smallest value to a little above the largest; at least wide
/// enough for one round figure.
class Scale {
 public:
  Scale(const Course& course, Values values) {
    constexpr double least = 1e3, narrowest = 1.4;  // below a microsecond nothing is told
    double low = 1e18, high = least;
    for (const auto& slice : course.columns.slices) {
      const auto& buckets = slice.*values;
      if (buckets.empty()) continue;
      low = std::min(low, value_of(buckets.front().first));
      high = std::max(high, value_of(buckets.back().first));
    }
    low = std::clamp(low, least, high);
    const double room = std::max(1.05, std::sqrt(narrowest * low / high));
    low_ = std::log10(low / room);
    high_ = std::log10(high * room);
  }

  /// 0 to 1.
  double place(double value) const {
    return std::clamp((std::log10(std::max(value, 1.0)) - low_) / (high_ - low_), 0.0, 1.0);
  }

  /// One to four, from the coarsest steps that give as many.
  std::vector<double> round_figures() const {
    constexpr std::size_t most = 4;
    auto figures = between({1});
    if (figures.size() < 2) figures = between({1, 2, 5});
    if (figures.size() < 2) figures = between({1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8});
    while (figures.size() > most) {
      std::vector<double> fewer;
      for (std::size_t i = 0; i < figures.size(); i += 2) fewer.push_back(figures[i]);
      figures = std::move(fewer);
    }
    return figures;
  }

 private:
  std::vector<double> between(std::initializer_list<double> digits) const {
    std::vector<double> figures;
    for (int decade = static_cast<int>(std::floor(low_)); decade <= high_; ++decade)
      for (const double digit : digits) {
        const double place = decade + std::log10(digit);
        if (low_ <= place && place <= high_) figures.push_back(digit * std::pow(10, decade));
      }
    return figures;
  }

  double low_ = 0, high_ = 1;
};

using Cells = std::vector<std::uint64_t>;  // of a column, from the bottom

Cells cells_of(const BucketCounts& buckets, const Scale& scale) {
  Cells cells(rows_of_panel);
  for (const auto& [bucket, count] : buckets) {
    const auto row = static_cast<int>(scale.place(value_of(bucket)) * rows_of_panel);
    cells[static_cast<std::size_t>(std::min(row, rows_of_panel - 1))] += count;
  }
  return cells;
}

/// From the top panel down.
class HeatChart {
 public:
  HeatChart(const Comparison& comparison, Values values, const HeatChartText& text)
      : comparison_(comparison),
        values_(values),
        text_(text),
        courses_(courses(comparison, Grain::fine)),
        time_(courses_) {
    for (const auto& course : courses_) scales_.emplace_back(course, values);
  }

  bool empty() const {
    return std::ranges::all_of(courses_, [this](const Course& course) {
      return std::ranges::all_of(course.columns.slices, [this](const TimeSlice& slice) {
        return (slice.*values_).empty();
      });
    });
  }

  void fill(Chart& chart) const {
    const auto rows = rows_of(courses_);
    chart.height = room_for_axis + panel_height * static_cast<int>(courses_.size());
    chart.x = time_.axis();
    chart.y = {
        .title = text_.figure, .min = 0, .max = static_cast<double>(rows.size()), .ticks = {}};
    chart.y.lines = true;
    chart.data = {{{.header = "runner", .key = true},
                   {.header = "first quarter p50", .number = true},
                   {.header = "first quarter p99", .number = true},
                   {.header = "last quarter p50", .number = true},
                   {.header = "last quarter p99", .number = true}},
                  {}};
    for (std::size_t i = 0; i < courses_.size(); ++i) {
      const auto name = series_name(comparison_, *rows[i], rows);
      if (courses_[i].trial->warm_up.until > Nanos{0}) chart.series.push_back(warm_up(i));
      chart.series.push_back(heat(i, name));
      chart.series.push_back(line(i, name, 0.5));
      chart.series.push_back(line(i, name, 0.99));
      chart.data.rows.push_back(data_row(i, name));
      for (const double figure : scales_[i].round_figures())
        chart.y.ticks.push_back(
            {y(i, scales_[i].place(figure)), format_round(Unit::nanoseconds, figure)});
    }
  }

  std::string caption() const {
    return fmt::format(
        "{}, at {}, first repetition: the darker, the more {}s; the line is p50, the dashed one "
        "p99. Each panel has a scale of its own, a logarithmic one.{}",
        text_.what, cap_in_words(rows_of(courses_)), text_.noun, warm_up_note(courses_));
  }

 private:
  double y(std::size_t panel, double share) const {
    return static_cast<double>(courses_.size() - 1 - panel) + used * share;
  }

  Series warm_up(std::size_t panel) const {
    Series shading{.name = "warm-up", .colour = "grid", .symbol = "none", .points = {}};
    shading.tiles.push_back(
        {0, time_.place(courses_[panel].trial->warm_up.until), y(panel, 0), y(panel, 1), 0.6});
    return shading;
  }

  std::uint64_t most_in_a_cell(std::size_t panel) const {
    std::uint64_t most = 1;
    for (const auto& slice : courses_[panel].columns.slices)
      most = std::max(most, std::ranges::max(cells_of(slice.*values_, scales_[panel])));
    return most;
  }

  Series heat(std::size_t panel, const std::string& name) const {
    const auto& course = courses_[panel];
    Series heat{.name = name,
                .colour = contender_colour(comparison_, course.row->contender),
                .symbol = "none",
                .points = {},
                .heading = name};
    heat.tiles.push_back({0, 0.0005, y(panel, 0), y(panel, 1), 0});  // where the name stands
    const double most = std::log1p(static_cast<double>(most_in_a_cell(panel)));
    for (std::size_t column = 0; column < course.columns.slices.size(); ++column) {
      const auto cells = cells_of(course.columns.slices[column].*values_, scales_[panel]);
      const auto level = [&](std::size_t row) {
        return std::ceil(shades * std::log1p(static_cast<double>(cells[row])) / most);
      };
      for (std::size_t row = 0; row < cells.size();) {
        auto end = row + 1;
        while (end < cells.size() && level(end) == level(row)) ++end;
        if (level(row) > 0)
          heat.tiles.push_back({time_.begin(course, column), time_.end(course, column),
                                y(panel, static_cast<double>(row) / rows_of_panel),
                                y(panel, static_cast<double>(end) / rows_of_panel),
                                level(row) / shades});
        row = end;
      }
    }
    return heat;
  }

  /// The one of p50 tells all of its column.
  Series line(std::size_t panel, const std::string& name, double p) const {
    const auto& course = courses_[panel];
    Series line{.name = name,
                .colour = "ink",
                .symbol = "none",
                .dashed = p > 0.5,
                .width = p > 0.5 ? 0.8 : 1.4,
                .points = {}};
    for (std::size_t column = 0; column < course.columns.slices.size(); ++column) {
      const auto& buckets = course.columns.slices[column].*values_;
      const double x = time_.middle(course, column);
      if (buckets.empty())
        line.points.push_back({x, gap_in_line, "", ""});
      else
        line.points.push_back({x, y(panel, scales_[panel].place(quantile(buckets, p))),
                               p > 0.5 ? "" : told(course, column), ""});
    }
    return line;
  }

  std::string told(const Course& course, std::size_t column) const {
    const auto& buckets = course.columns.slices[column].*values_;
    const auto shown = [&](double p) { return format(Unit::nanoseconds, quantile(buckets, p)); };
    return fmt::format(
        "at {}: {}, p50 {}, p99 {}, max {}",
        format(Unit::nanoseconds,
               static_cast<double>(
                   (static_cast<std::int64_t>(column) * course.columns.width).count())),
        counted(total(buckets), text_.noun), shown(0.5), shown(0.99), shown(1));
  }

  TableRow data_row(std::size_t panel, const std::string& name) const {
    const auto& course = courses_[panel];
    const auto& slices = course.columns.slices;
    TableRow row{.cells = {{name}}, .series = course.row->contender};
    const std::size_t quarter = std::max<std::size_t>(slices.size() / 4, 1);
    for (const std::size_t from : {std::size_t{0}, slices.size() - quarter}) {
      BucketCounts all;
      for (std::size_t i = from; i < from + quarter; ++i) all = merged(all, slices[i].*values_);
      for (const double p : {0.5, 0.99})
        row.cells.push_back(
            {all.empty() ? no_figure : format(Unit::nanoseconds, quantile(all, p))});
    }
    return row;
  }

  const Comparison& comparison_;
  Values values_;
  const HeatChartText& text_;
  std::vector<Course> courses_;
  TimeAxis time_;
  std::vector<Scale> scales_;  // one per panel
};

}  // namespace

std::optional<Chart> heat_chart(const Comparison& comparison, Values values, HeatChartText text) {
  const HeatChart maker(comparison, values, text);
  if (maker.empty()) return {};
  Chart chart{.name = text.name,
              .title = text.title,
              .caption = maker.caption(),
              .x = {},
              .y = {},
              .series = {},
              .legend = false,
              .tooltip = Tooltip::column,
              .data = {}};
  maker.fill(chart);
  return chart;
}

}  // namespace atonce
