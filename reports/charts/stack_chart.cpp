#include "reports/charts/stack_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "reports/charts/style.h"
#include "reports/ruler.h"

namespace atonce {
namespace {

double total(const Stack& stack) {
  return std::accumulate(stack.sizes.begin(), stack.sizes.end(), 0.0);
}

bool is_last(const Stack& stack, std::size_t part) {
  const auto rest = stack.sizes.begin() + static_cast<std::ptrdiff_t>(part) + 1;
  return std::all_of(rest, stack.sizes.end(), [](double size) { return size <= 0; });
}

class StackChart {
 public:
  StackChart(const Comparison& comparison, const std::vector<Stack>& stacks, Unit unit)
      : comparison_(comparison), stacks_(stacks), unit_(unit) {
    for (const auto& stack : stacks) rows_.push_back(stack.row);
  }

  std::string name_of(std::size_t row) const {
    return series_name(comparison_, *rows_[row], rows_);
  }

  /// From 0, which keeps the ruler linear.
  Ruler ruler() const {
    std::vector<double> ends{0};
    for (const auto& stack : stacks_) ends.push_back(total(stack));
    return Ruler(unit_, ends);
  }

  Series series(std::size_t part, const StackPart& about) const {
    Series series{
        .name = about.name, .colour = about.colour, .symbol = "", .points = {}, .bars = {}};
    for (std::size_t i = 0; i < stacks_.size(); ++i) {
      const auto& sizes = stacks_[i].sizes;
      if (sizes[part] <= 0) continue;
      const auto own = sizes.begin() + static_cast<std::ptrdiff_t>(part);
      const double from = std::accumulate(sizes.begin(), own, 0.0);
      series.bars.push_back(
          {.from = from,
           .to = from + sizes[part],
           .y = static_cast<double>(i),
           .text = fmt::format("{}: {}", name_of(i), format(unit_, sizes[part])),
           .label = is_last(stacks_[i], part) ? format(unit_, total(stacks_[i])) : ""});
    }
    return series;
  }

  std::vector<Tick> ticks() const {
    std::vector<Tick> ticks;
    for (std::size_t i = 0; i < rows_.size(); ++i)
      ticks.push_back({static_cast<double>(i), name_of(i)});
    return ticks;
  }

  Table data(const std::vector<StackPart>& parts) const {
    Table table{{{.header = "runner", .key = true}}, {}};
    for (const auto& part : parts) table.columns.push_back({.header = part.name, .number = true});
    for (std::size_t i = 0; i < stacks_.size(); ++i) {
      TableRow row{.cells = {{name_of(i)}}, .series = rows_[i]->contender};
      for (const double size : stacks_[i].sizes) row.cells.push_back({format(unit_, size)});
      table.rows.push_back(std::move(row));
    }
    return table;
  }

 private:
  const Comparison& comparison_;
  const std::vector<Stack>& stacks_;
  Unit unit_;
  std::vector<const Row*> rows_;
};

}  // namespace

Chart stack_chart(const Comparison& comparison, const std::vector<Stack>& stacks,
                  const std::vector<StackPart>& parts, Unit unit, StackChartText text) {
  const StackChart maker(comparison, stacks, unit);
  Chart chart{.name = std::move(text.name),
              .title = std::move(text.title),
              .caption = std::move(text.caption),
              .height = height_of_rows(stacks.size()),
              .left = room_for(maker.ticks()),
              .right = 72,
              .x = maker.ruler().axis(std::move(text.figure)),
              .y = row_axis(stacks.size()),
              .series = {},
              .data = maker.data(parts)};
  chart.x.lines = true;
  chart.y.ticks = maker.ticks();
  for (std::size_t i = 0; i < parts.size(); ++i)
    if (auto series = maker.series(i, parts[i]); !series.bars.empty())
      chart.series.push_back(std::move(series));
  return chart;
}

}  // namespace atonce
