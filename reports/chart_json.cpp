#include "reports/chart_json.h"

#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "reports/palette.h"

namespace atonce {
namespace {

using Json = nlohmann::ordered_json;

Json colour(std::string_view name) {
  return {{"$colour", name}};
}

/// Positions to a tenth of a thousandth of their axis: finer than a pixel, and short to write.
double rounded(double position) {
  constexpr double grain = 1e5;
  return std::abs(position) < grain ? std::round(position * grain) / grain : std::round(position);
}

Json ticks_at(const Axis& axis) {
  auto places = Json::array();
  for (const auto& tick : axis.ticks) places.push_back(tick.at);
  return places;
}

Json labels_of(const Axis& axis) {
  auto labels = Json::array();
  for (const auto& tick : axis.ticks) labels.push_back(Json::array({tick.at, tick.label}));
  return {{"$labels", std::move(labels)}};
}

Json axis_to_json(const Axis& axis) {
  const auto places = ticks_at(axis);
  return {{"type", "value"},
          {"name", axis.title},
          {"min", axis.min},
          {"max", axis.max},
          {"inverse", axis.downwards},
          {"axisTick", {{"show", !axis.lines}, {"customValues", places}}},
          {"axisLabel", {{"customValues", places}, {"formatter", labels_of(axis)}}},
          {"splitLine", {{"show", axis.lines}}},
          {"axisLine", {{"show", !axis.lines}}}};
}

/// In ECharts' words.
std::string_view position(LabelSide side) {
  switch (side) {
    case LabelSide::right:
      return "right";
    case LabelSide::left:
      return "left";
    case LabelSide::above:
      return "top";
  }
  return {};
}

Json point_to_json(const Point& point) {
  if (std::isnan(point.y)) return {{"value", Json::array({rounded(point.x), "-"})}};
  Json json{{"value", Json::array({rounded(point.x), rounded(point.y)})}};
  if (!point.text.empty()) json["text"] = point.text;
  if (!point.label.empty())
    json["label"] = {
        {"show", true}, {"formatter", point.label}, {"position", position(point.label_side)}};
  return json;
}

Json step_of(LineShape shape) {
  if (shape == LineShape::straight) return false;
  return shape == LineShape::step_after ? "end" : "middle";
}

/// Drawn by charts.js: the library has no bars that begin anywhere on a value axis.
Json bars_to_json(const Series& series) {
  auto bars = Json::array();
  for (const auto& bar : series.bars)
    bars.push_back({{"value", Json::array({rounded(bar.from), rounded(bar.to), rounded(bar.y)})},
                    {"text", bar.text},
                    {"end", bar.label}});
  return {{"type", "custom"},
          {"name", series.name},
          {"encode", {{"x", Json::array({0, 1})}, {"y", 2}}},
          {"faint", series.faint},
          {"color", colour(series.colour)},
          {"itemStyle", {{"color", colour(series.colour)}}},
          {"data", std::move(bars)}};
}

/// Those of one shade are drawn as one path. Many: hence short numbers.
Json tiles_to_json(const Series& series) {
  constexpr double grain = 1e3;
  const auto brief = [](double position) { return std::round(position * grain) / grain; };
  std::map<double, Json> by_shade;
  for (const auto& [from, to, low, high, shade] : series.tiles)
    by_shade.try_emplace(shade, Json::array())
        .first->second.push_back(Json::array({brief(from), brief(to), brief(low), brief(high)}));
  auto tiles = Json::array();
  for (auto& [shade, at] : by_shade)
    tiles.push_back({{"shade", rounded(shade)}, {"at", std::move(at)}});
  const auto& first = series.tiles.front();
  return {{"type", "custom"},
          {"name", series.name},
          {"encode", {{"x", 0}, {"y", 1}}},
          {"color", colour(series.colour)},
          {"itemStyle", {{"color", colour(series.colour)}}},
          {"silent", true},
          {"heading", series.heading},
          {"tiles", std::move(tiles)},
          {"data", Json::array({Json::array({brief(first.from), brief(first.high)})})}};
}

Json series_to_json(const Series& series) {
  if (!series.tiles.empty()) return tiles_to_json(series);
  if (!series.bars.empty()) return bars_to_json(series);
  constexpr std::string_view hollow = "empty:";
  const bool is_hollow = series.symbol.starts_with(hollow);
  auto points = Json::array();
  for (const auto& point : series.points) points.push_back(point_to_json(point));
  return {{"type", "line"},
          {"name", series.name},
          {"symbol", is_hollow ? series.symbol.substr(hollow.size()) : series.symbol},
          {"step", step_of(series.shape)},
          {"color", colour(series.colour)},
          {"itemStyle",
           {{"color", colour(is_hollow ? "paper" : series.colour)},
            {"borderColor", colour(series.colour)},
            {"borderWidth", is_hollow ? 2 : 0}}},
          {"lineStyle",
           {{"color", colour(series.colour)},
            {"width", series.width},
            {"type", series.dashed ? "dashed" : "solid"}}},
          {"silent", !series.in_legend},
          {"data", std::move(points)}};
}

Json legend_names(const Chart& chart) {
  auto names = Json::array();
  if (chart.legend)
    for (const auto& series : chart.series)
      if (series.in_legend)
        names.push_back(
            {{"name", series.name}, {"itemStyle", {{"opacity", series.symbol == "none" ? 0 : 1}}}});
  return names;
}

/// ASCII only: safe in a script, whatever the encoding in which it is read.
std::string text_of(const Json& json) {
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

}  // namespace

std::string chart_to_json(const Chart& chart) {
  const bool column = chart.tooltip == Tooltip::column;
  auto series = Json::array();
  for (const auto& one : chart.series) series.push_back(series_to_json(one));
  return text_of({{"height", chart.height},
                  {"left", chart.left},
                  {"right", chart.right},
                  {"xAxis", axis_to_json(chart.x)},
                  {"yAxis", axis_to_json(chart.y)},
                  {"legend", {{"data", legend_names(chart)}}},
                  {"tooltip",
                   {{"trigger", column ? "axis" : "item"},
                    {"formatter", {{"$tooltip", column ? "column" : "point"}}}}},
                  {"series", std::move(series)}});
}

std::string palette_to_json() {
  auto json = Json::object();
  for (const auto& colour : palette())
    json[std::string(colour.name)] = {{"light", colour.light}, {"dark", colour.dark}};
  return text_of(json);
}

std::string text_to_json(const std::string& text) {
  return text_of(text);
}

}  // namespace atonce
