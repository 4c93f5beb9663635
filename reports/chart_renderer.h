#pragma once
/// Draws charts without a browser.

#include <memory>
#include <string>

#include "reports/chart.h"

namespace atonce {

/// Whether the chart's title is part of the picture.
enum class Heading : unsigned char { drawn, left_out };

/// Runs the chart library in an interpreter of its own; making one costs about a third of a second.
/// Not thread-safe. The same sequence of charts gives the same bytes.
class ChartRenderer {
 public:
  ChartRenderer();
  ~ChartRenderer();
  ChartRenderer(const ChartRenderer&) = delete;
  ChartRenderer& operator=(const ChartRenderer&) = delete;

  /// An SVG document, with title and description for those who cannot see it, which follows the
  /// reader's choice of light or dark. Throws std::runtime_error when the library fails.
  std::string svg(const Chart& chart, Heading heading);

 private:
  class Interpreter;
  std::unique_ptr<Interpreter> interpreter_;
};

}  // namespace atonce
