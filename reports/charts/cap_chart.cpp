#include "reports/charts/cap_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/units.h"
#include "reports/charts/style.h"
#include "reports/figure_cell.h"
#include "reports/palette.h"
#include "reports/ruler.h"

namespace atonce {
namespace {

constexpr double half_column = 0.5;
constexpr double widest_offset = 0.34, widest_step = 0.08;

class CapChart {
 public:
  CapChart(const Comparison& comparison, Figure figure, bool with_floor, bool with_ideal)
      : comparison_(comparison), figure_(figure), with_ideal_(with_ideal) {
    for (std::size_t i = 0; i < comparison.contenders.size(); ++i)
      if ((with_floor || !comparison.contenders[i].is_floor()) && measured(i))
        contenders_.push_back(i);
  }

  bool empty() const { return contenders_.empty(); }

  void fill(Chart& chart) const {
    const Ruler ruler(entry(figure_).unit, all_values());
    chart.x = cap_axis();
    chart.y = ruler.axis(std::string(entry(figure_).header));
    chart.y.lines = true;
    if (with_ideal_) chart.series.push_back(ideal_series(ruler));
    for (std::size_t i = 0; i < contenders_.size(); ++i) {
      chart.series.push_back(marks(i, ruler));
      if (auto lines = whiskers(i, ruler); !lines.points.empty())
        chart.series.push_back(std::move(lines));
    }
    chart.data = data();
  }

 private:
  const std::optional<Spread>* figure_at(std::size_t contender, std::size_t cap) const {
    const auto* row = comparison_.find(contender, cap);
    return row && row->figure(figure_) ? &row->figure(figure_) : nullptr;
  }

  bool measured(std::size_t contender) const {
    return std::ranges::any_of(comparison_.caps,
                               [&](std::size_t cap) { return figure_at(contender, cap); });
  }

  /// The interval, no longer than the chart bears: that of two runs may be as wide as the axis.
  static std::pair<double, double> whisker(const Spread& value) {
    constexpr double furthest = 1.5;
    if (!value.interval) return {value.min, value.max};
    return {std::max(value.interval->low, std::min(value.median / furthest, value.min)),
            std::min(value.interval->high, std::max(value.median * furthest, value.max))};
  }

  std::vector<double> all_values() const {
    std::vector<double> values;
    for (const auto cap : comparison_.caps) {
      for (const auto contender : contenders_)
        if (const auto* value = figure_at(contender, cap)) {
          const auto [from, to] = whisker(**value);
          values.push_back(from);
          values.push_back(to);
        }
      if (const auto ideal = comparison_.ideal_makespan(cap); with_ideal_ && ideal)
        values.push_back(*ideal);
    }
    return values;
  }

  Axis cap_axis() const {
    Axis axis{.title = "cap: most requests in flight at once",
              .min = -half_column,
              .max = static_cast<double>(comparison_.caps.size()) - half_column,
              .ticks = {}};
    for (std::size_t i = 0; i < comparison_.caps.size(); ++i)
      axis.ticks.push_back({static_cast<double>(i), format_limit(comparison_.caps[i])});
    return axis;
  }

  double position(std::size_t cap_number, std::size_t rank) const {
    const double last = static_cast<double>(contenders_.size() - 1);
    const double step = last == 0 ? 0 : std::min(widest_step, 2 * widest_offset / last);
    return static_cast<double>(cap_number) + (static_cast<double>(rank) - last / 2) * step;
  }

  std::string text(std::size_t contender, std::size_t cap) const {
    const auto& row = *comparison_.find(contender, cap);
    const auto& value = *row.figure(figure_);
    auto text = fmt::format("cap {}: {}", format_limit(cap), format(figure_, value.median));
    if (value.interval) text += " " + figure_cell(figure_, value).interval;
    if (with_ideal_ && row.figure(Figure::efficiency))
      text += fmt::format(", {} of the ideal",
                          format(Figure::efficiency, row.figure(Figure::efficiency)->median));
    return text;
  }

  Series marks(std::size_t rank, const Ruler& ruler) const {
    auto series = contender_series(comparison_, contenders_[rank]);
    for (std::size_t i = 0; i < comparison_.caps.size(); ++i) {
      const auto cap = comparison_.caps[i];
      if (const auto* value = figure_at(contenders_[rank], cap))
        series.points.push_back(
            {position(i, rank), ruler.place((*value)->median), text(contenders_[rank], cap), ""});
    }
    return series;
  }

  Series whiskers(std::size_t rank, const Ruler& ruler) const {
    auto series = contender_series(comparison_, contenders_[rank]);
    series.symbol = "none";
    series.dashed = false;
    series.width = 1.5;
    series.in_legend = false;
    for (std::size_t i = 0; i < comparison_.caps.size(); ++i) {
      const auto* value = figure_at(contenders_[rank], comparison_.caps[i]);
      if (!value) continue;
      const auto [from, to] = whisker(**value);
      if (from == to) continue;
      const double x = position(i, rank);
      series.points.push_back({x, ruler.place(from), "", ""});
      series.points.push_back({x, ruler.place(to), "", ""});
      series.points.push_back({x, gap_in_line, "", ""});
    }
    return series;
  }

  /// A step across each column. The ends lie beyond the axis, so that the outer columns get a
  /// whole step too.
  Series ideal_series(const Ruler& ruler) const {
    Series series{.name = "ideal",
                  .colour = std::string(neutral),
                  .symbol = "none",
                  .dashed = true,
                  .width = 1.5,
                  .shape = LineShape::step_middle,
                  .points = {}};
    for (std::size_t i = 0; i < comparison_.caps.size(); ++i)
      if (const auto value = comparison_.ideal_makespan(comparison_.caps[i]))
        series.points.push_back({static_cast<double>(i), ruler.place(*value),
                                 fmt::format("cap {}: {}", format_limit(comparison_.caps[i]),
                                             format(Figure::ideal, *value)),
                                 ""});
    if (series.points.empty()) return series;
    auto first = series.points.front(), last = series.points.back();
    first.x -= 1;
    last.x += 1;
    series.points.insert(series.points.begin(), first);
    series.points.push_back(last);
    return series;
  }

  Table data() const {
    Table table;
    table.columns.push_back({.header = "runner", .key = true});
    for (const auto cap : comparison_.caps)
      table.columns.push_back({.header = "cap " + format_limit(cap), .number = true});
    for (const auto contender : contenders_) {
      TableRow row{.cells = {{comparison_.contenders[contender].label()}}, .series = contender};
      for (const auto cap : comparison_.caps) {
        const auto* value = figure_at(contender, cap);
        row.cells.push_back(value ? figure_cell(figure_, *value) : Cell{no_figure});
      }
      table.rows.push_back(std::move(row));
    }
    return table;
  }

  const Comparison& comparison_;
  Figure figure_;
  bool with_ideal_;
  std::vector<std::size_t> contenders_;
};

}  // namespace

std::optional<Chart> cap_chart(const Comparison& comparison, Figure figure, CapChartText text,
                               bool with_floor, bool with_ideal) {
  const CapChart maker(comparison, figure, with_floor, with_ideal);
  if (maker.empty()) return {};
  Chart chart{.name = std::move(text.name),
              .title = std::move(text.title),
              .caption = std::move(text.caption),
              .x = {},
              .y = {},
              .series = {},
              .data = {}};
  maker.fill(chart);
  return chart;
}

}  // namespace atonce
