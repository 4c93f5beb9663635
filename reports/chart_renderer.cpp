#include "reports/chart_renderer.h"

#include <duktape.h>
#include <fmt/format.h>

#include <stdexcept>
#include <string_view>

#include "reports/assets.h"
#include "reports/chart_json.h"
#include "reports/palette.h"

namespace atonce {
namespace {

constexpr int width = 860;

/// The few names of a browser that the chart library looks for when it is loaded.
constexpr std::string_view stand_ins =
    "var self = this; function setTimeout() { return 0; } function clearTimeout() {}"
    "var console = { log: function () {}, warn: function () {}, error: function () {} };";

/// Without a browser nobody can measure text. A wide font's average keeps labels from touching.
constexpr std::string_view text_measure =
    "echarts.setPlatformAPI({ measureText: function (text, font) {"
    "  var size = /([0-9.]+)px/.exec(font);"
    "  return { width: 0.61 * (size ? Number(size[1]) : 12) * String(text).length };"
    "} });";

std::string as_text(const Table& table) {
  std::string text;
  for (const auto& row : table.rows) {
    text += row.cells.front().text + ":";
    for (std::size_t i = 1; i < row.cells.size(); ++i)
      text += fmt::format(" {} {}{}", table.columns[i].header, row.cells[i].text,
                          i + 1 < row.cells.size() ? "," : ". ");
  }
  return text;
}

}  // namespace

/// A JavaScript heap.
class ChartRenderer::Interpreter {
 public:
  Interpreter() : heap_(duk_create_heap_default()) {
    if (!heap_) throw std::runtime_error("no memory for the chart interpreter");
  }
  ~Interpreter() { duk_destroy_heap(heap_); }
  Interpreter(const Interpreter&) = delete;
  Interpreter& operator=(const Interpreter&) = delete;

  /// The value of the last statement, as text.
  std::string run(std::string_view script) {
    const bool failed = duk_peval_lstring(heap_, script.data(), script.size()) != 0;
    std::string text = failed ? duk_safe_to_stacktrace(heap_, -1) : duk_safe_to_string(heap_, -1);
    duk_pop(heap_);
    if (failed) throw std::runtime_error("a chart could not be drawn: " + text);
    return text;
  }

 private:
  duk_context* heap_;
};

ChartRenderer::ChartRenderer() : interpreter_(std::make_unique<Interpreter>()) {
  interpreter_->run(stand_ins);
  interpreter_->run(echarts_js());
  interpreter_->run(text_measure);
  interpreter_->run(charts_js());
}

ChartRenderer::~ChartRenderer() = default;

std::string ChartRenderer::svg(const Chart& chart, Heading heading) {
  const auto texts = fmt::format(
      R"({{"name": {}, "heading": {}, "title": {}, "description": {}, "dark": {}}})",
      text_to_json(chart.name), text_to_json(heading == Heading::drawn ? chart.title : ""),
      text_to_json(chart.title), text_to_json(chart.caption + " " + as_text(chart.data)),
      text_to_json(dark_rules("svg.atonce-chart")));
  return interpreter_->run(fmt::format("atonceCharts.svg({}, {}, {}, {})", chart_to_json(chart),
                                       palette_to_json(), texts, width)) +
         "\n";
}

}  // namespace atonce
