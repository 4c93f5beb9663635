#include "reports/chart_renderer.h"
#include "reports/charts/charts.h"
#include "reports/report.h"

namespace atonce {
namespace {

void write(const ResultSet& results, const std::filesystem::path& dir) {
  const auto folder = dir / "charts";
  std::filesystem::create_directories(folder);
  ChartRenderer renderer;
  for (const auto& chart : make_charts(compare(results)))
    write_whole(folder / (chart.name + ".svg"), renderer.svg(chart, Heading::drawn));
}

}  // namespace

extern const ReportWriter svg_writer;
const ReportWriter svg_writer{
    .name = "svg",
    .summary = "charts/*.svg: each chart as a picture of its own, for light and dark pages",
    .write = write};

}  // namespace atonce
