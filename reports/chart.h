#pragma once
/// The chart model: what a chart shows, apart from the library that draws it.

#include <limits>
#include <string>
#include <vector>

#include "reports/table.h"

namespace atonce {

struct Tick {
  double at = 0;
  std::string label;
};

/// Positions are plain numbers; a logarithmic axis has logarithms as positions.
struct Axis {
  std::string title;
  double min = 0, max = 1;
  std::vector<Tick> ticks;
  bool lines = false;      ///< a line across the chart at each tick
  bool downwards = false;  ///< of a vertical axis: grows from top to bottom
};

/// Ends a line; the next point begins another one.
inline constexpr double gap_in_line = std::numeric_limits<double>::quiet_NaN();

/// As seen from what it belongs to.
enum class LabelSide : unsigned char { right, left, above };

struct Point {
  double x = 0, y = 0;
  std::string text;   ///< in the tooltip, after the name of the series
  std::string label;  ///< drawn beside the point, if that has a symbol; empty for most
  LabelSide label_side = LabelSide::right;
};

/// A bar that lies on the chart.
struct Bar {
  double from = 0, to = 0;  ///< along x
  double y = 0;             ///< of its middle; bars are as high as most of one unit
  std::string text;         ///< in the tooltip, after the name of the series
  std::string label;        ///< drawn behind its end; empty for most
};

/// A rectangle anywhere on the chart.
struct Tile {
  double from = 0, to = 0;   ///< along x
  double low = 0, high = 0;  ///< along y
  double shade = 1;          ///< 0 (not to be seen) to 1
};

enum class LineShape : unsigned char { straight, step_after, step_middle };

struct Series {
  std::string name;    ///< series of the same name are shown and hidden together
  std::string colour;  ///< name of a colour in the palette
  std::string symbol;  ///< ECharts' name; "none" for no marks
  bool dashed = false;
  double width = 2;  ///< of the line, in pixels; 0 for none
  LineShape shape = LineShape::straight;
  bool in_legend = true;
  std::vector<Point> points;
  std::vector<Bar> bars{};    ///< instead of points
  bool faint = false;         ///< of bars: lighter
  std::vector<Tile> tiles{};  ///< instead of points, below all lines
  std::string heading{};      ///< of tiles: written above the upper left corner of the first
};

enum class Tooltip : unsigned char {
  point,   ///< about the point under the mouse
  column,  ///< about all series at this x
};

struct Chart {
  std::string name;     ///< of the file, and in links
  std::string title;    ///< the question that the chart answers
  std::string caption;  ///< how to read it
  int height = 360;     ///< in pixels, without the legend
  int left = 64;        ///< room for the labels of the vertical axis, in pixels
  int right = 24;       ///< room beside the last position, in pixels
  Axis x, y;
  std::vector<Series> series;
  bool legend = true;
  Tooltip tooltip = Tooltip::point;
  Table data;  ///< the same as text
};

}  // namespace atonce
