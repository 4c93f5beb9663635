#pragma once
/// Files that are part of the program. Listed in CMakeLists.txt.

#include <string_view>

namespace atonce {

std::string_view echarts_js();       ///< the chart library, minified, as published
std::string_view charts_js();        ///< web/charts.js
std::string_view report_js();        ///< web/report.js
std::string_view report_css();       ///< web/report.css
std::string_view head_html();        ///< web/head.html
std::string_view report_html();      ///< web/report.html
std::string_view unit_costs_html();  ///< web/unit_costs.html
std::string_view gate_page_html();   ///< web/gate.html
std::string_view tune_page_html();   ///< web/tune.html

}  // namespace atonce
