#pragma once
/// Pieces of the HTML page. Each takes plain text and escapes it.

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reports/chart_renderer.h"
#include "reports/document.h"

namespace atonce {

/// Replaces each {{name}} of `text` in one pass: what is put in is not looked at again. The parts
/// are HTML already.
std::string html_filled(std::string_view text, const std::map<std::string, std::string>& parts);
/// From the top of a page to </head>, with the style of every page.
std::string html_head(std::string_view title);
std::string html_badge(VerdictLevel level, std::string_view text);
/// `colours` are names in the palette, one per contender, where the rows name one.
std::string html_table(const Table& table, const std::vector<std::string>& colours);
std::string html_meanings(const Table& table);
std::string html_notes(const std::vector<Note>& notes);
std::string html_facts(const Facts& facts);
/// What the scripts draw the charts from.
std::string html_chart_data(const std::vector<Chart>& charts);
std::string html_chart(const Chart& chart, const Document& document, ChartRenderer& renderer);

}  // namespace atonce
