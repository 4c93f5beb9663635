#pragma once
/// Pieces of the HTML page. Each takes plain text and escapes it.

#include <string>
#include <string_view>

#include "reports/chart_renderer.h"
#include "reports/document.h"

namespace atonce {

std::string html_badge(VerdictLevel level, std::string_view text);
/// With the colour of each contender, where the rows name one.
std::string html_table(const Table& table, const Document& document);
std::string html_meanings(const Table& table);
std::string html_notes(const std::vector<Note>& notes);
std::string html_facts(const Facts& facts);
std::string html_chart(const Chart& chart, const Document& document, ChartRenderer& renderer);

}  // namespace atonce
