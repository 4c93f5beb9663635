#pragma once
/// A chart as an ECharts option.

#include <span>
#include <string>

#include "reports/chart.h"

namespace atonce {

/// JSON for web/charts.js, which turns {"$colour": NAME} into a colour of the theme in use and
/// {"$labels": [[position, text], ...]} and {"$tooltip": KIND} into functions.
std::string chart_to_json(const Chart& chart);

/// {NAME: {"light": "#...", "dark": "#..."}} of all colours.
std::string palette_to_json();

/// A text as a JSON string.
std::string text_to_json(const std::string& text);

}  // namespace atonce
