#include "reports/charts/lanes_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "reports/charts/style.h"
#include "reports/escape.h"
#include "reports/palette.h"
#include "reports/ruler.h"

namespace atonce {
namespace {

constexpr std::string_view serial_runner = "sync_serial";
constexpr std::size_t most_lanes = 40;  ///< of one contender
constexpr std::size_t longest_name = 34;

/// The lanes of one contender.
struct Block {
  const Row* row;
  std::vector<CallLane> lanes;
};

/// A vertical line at the median of a figure.
struct Marker {
  Figure figure;
  const char* name;
  const char* colour;
};
constexpr std::array<Marker, 3> markers{{{Figure::session_longest, "longest call", "soft"},
                                         {Figure::session_critical, "critical path", "ink"},
                                         {Figure::session_sum, "sum of the calls", "soft"}}};

double nanos(Nanos time) {
  return static_cast<double>(time.count());
}

std::string text_of(Nanos time) {
  return format(Unit::nanoseconds, nanos(time));
}

std::optional<Block> block_of(const Row* row, std::vector<CallLane> SessionLanes::*which) {
  const auto* trial = row ? first_finished(*row) : nullptr;
  if (!trial || (trial->lanes.*which).empty()) return {};
  Block block{row, trial->lanes.*which};
  if (block.lanes.size() > most_lanes) block.lanes.resize(most_lanes);
  return block;
}

std::vector<Block> blocks_of(const Comparison& comparison,
                             std::vector<CallLane> SessionLanes::*which) {
  std::vector<Block> blocks;
  if (!comparison.winner) return blocks;
  const auto* winner = &comparison.rows[*comparison.winner];
  if (auto block = block_of(winner, which)) blocks.push_back(std::move(*block));
  for (const auto* row : representatives(comparison)) {
    if (comparison.contender(*row).runner != serial_runner || row == winner) continue;
    if (auto block = block_of(row, which)) blocks.push_back(std::move(*block));
    break;
  }
  return blocks;
}

class LanesChart {
 public:
  LanesChart(const Comparison& comparison, std::vector<Block> blocks)
      : comparison_(comparison), blocks_(std::move(blocks)), time_(Unit::nanoseconds, ends()) {}

  void fill(Chart& chart) {
    chart.x = time_.axis("time since the session was due");
    chart.x.lines = true;
    chart.data = {{{.header = "runner", .key = true},
                   {.header = "call"},
                   {.header = "ready", .number = true},
                   {.header = "sent", .number = true},
                   {.header = "done", .number = true},
                   {.header = "attempts", .number = true}},
                  {}};
    next_row_ = static_cast<double>(markers.size());
    for (const auto& block : blocks_) add_block(block, chart);
    chart.y = row_axis(static_cast<std::size_t>(next_row_));
    chart.left = room_for(ticks_);
    chart.y.ticks = std::move(ticks_);
    // Below the bars.
    add_markers(chart);
    for (auto& [stage, series] : waits_)
      if (!series.bars.empty()) chart.series.push_back(std::move(series));
    for (auto& [stage, series] : works_) chart.series.push_back(std::move(series));
    constexpr int row_height = 22, room_for_axis = 80;
    chart.height = room_for_axis + row_height * static_cast<int>(next_row_);
  }

 private:
  /// With 0 among them, which keeps the ruler linear: this is a time axis.
  std::vector<double> ends() const {
    std::vector<double> ends{0};
    for (const auto& block : blocks_)
      for (const auto& lane : block.lanes) ends.push_back(nanos(lane.done));
    for (const auto& marker : markers)
      if (const auto& value = blocks_.front().row->figure(marker.figure))
        ends.push_back(value->median);
    return ends;
  }

  const PlannedCall* planned(const CallLane& lane) const {
    const auto& calls = comparison_.results->calls;
    return lane.call < calls.size() ? &calls[lane.call] : nullptr;
  }

  std::string stage_name(const CallLane& lane) const {
    const auto* call = planned(lane);
    const auto known = call && !call->stage.empty();
    return shorten(printable_line(known ? call->stage : fmt::format("stage {}", lane.stage + 1)),
                   longest_name);
  }

  std::string call_name(const CallLane& lane) const {
    const auto* call = planned(lane);
    const auto request = call ? call->request : fmt::format("call {}", lane.call + 1);
    return shorten(printable_line(stage_name(lane) + ": " + request), longest_name);
  }

  Series& series_of(const CallLane& lane, bool waiting) {
    auto& all = waiting ? waits_ : works_;
    return all
        .try_emplace(lane.stage, Series{.name = stage_name(lane),
                                        .colour = hue(lane.stage),
                                        .symbol = "",
                                        .in_legend = !waiting,
                                        .points = {},
                                        .bars = {},
                                        .faint = waiting})
        .first->second;
  }

  void add_block(const Block& block, Chart& chart) {
    const auto who = describe_briefly(comparison_, *block.row);
    constexpr double mark = 0.008;
    chart.series.push_back({.name = who,
                            .colour = contender_colour(comparison_, block.row->contender),
                            .symbol = "",
                            .in_legend = false,
                            .points = {},
                            .bars = {{0, mark * chart.x.max, next_row_, "", who}}});
    next_row_ += 1;
    for (const auto& lane : block.lanes) {
      add_bars(lane);
      ticks_.push_back({next_row_, call_name(lane)});
      next_row_ += 1;
      chart.data.rows.push_back({.cells = {{comparison_.contender(*block.row).label()},
                                           {call_name(lane)},
                                           {text_of(lane.ready)},
                                           {lane.sent ? text_of(*lane.sent) : no_figure},
                                           {text_of(lane.done)},
                                           {fmt::to_string(lane.attempts)}},
                                 .series = block.row->contender});
    }
  }

  void add_bars(const CallLane& lane) {
    const auto sent = lane.sent.value_or(lane.done);
    const auto call = call_name(lane);
    series_of(lane, true)
        .bars.push_back({time_.place(nanos(lane.ready)), time_.place(nanos(sent)), next_row_,
                         fmt::format("{} waits for {}", call, text_of(sent - lane.ready)), ""});
    auto took = text_of(lane.done - sent);
    if (lane.attempts > 1) took += fmt::format(", {} attempts", lane.attempts);
    series_of(lane, false)
        .bars.push_back({time_.place(nanos(sent)), time_.place(nanos(lane.done)), next_row_,
                         fmt::format("{} from {} to {}", call, text_of(sent), text_of(lane.done)),
                         took});
  }

  /// Each has a row of its own for its label, so that labels of equal figures stay apart.
  void add_markers(Chart& chart) const {
    constexpr double rightmost_for_label = 0.6;
    double row = -1;
    for (const auto& marker : markers) {
      row += 1;
      const auto& value = blocks_.front().row->figure(marker.figure);
      if (!value) continue;
      const double x = time_.place(value->median);
      Series line{.name = marker.name,
                  .colour = marker.colour,
                  .symbol = "none",
                  .dashed = marker.figure != Figure::session_critical,
                  .width = 1.5,
                  .in_legend = false,
                  .points = {{x, row, "", ""}, {x, next_row_ - 0.5, "", ""}}};
      // A line without symbols cannot have labels.
      Series head = line;
      head.symbol = "circle";
      head.points = {
          {.x = x,
           .y = row,
           .text = "",
           .label = fmt::format("{} {}", marker.name, format(marker.figure, value->median)),
           .label_side =
               x > rightmost_for_label * chart.x.max ? LabelSide::left : LabelSide::right}};
      chart.series.push_back(std::move(line));
      chart.series.push_back(std::move(head));
    }
  }

  const Comparison& comparison_;
  std::vector<Block> blocks_;
  Ruler time_;
  double next_row_ = 0;
  std::vector<Tick> ticks_;
  std::map<std::uint16_t, Series> waits_, works_;  // by stage
};

}  // namespace

std::optional<Chart> lanes_chart(const Comparison& comparison,
                                 std::vector<CallLane> SessionLanes::*lanes, LanesChartText text) {
  auto blocks = blocks_of(comparison, lanes);
  if (blocks.empty()) return {};
  Chart chart{.name = std::move(text.name),
              .title = std::move(text.title),
              .caption = std::move(text.caption),
              .right = 84,
              .x = {},
              .y = {},
              .series = {},
              .data = {}};
  LanesChart(comparison, std::move(blocks)).fill(chart);
  return chart;
}

}  // namespace atonce
