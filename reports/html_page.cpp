#include "reports/html_page.h"

#include <fmt/format.h>

#include "reports/assets.h"
#include "reports/escape.h"
#include "reports/html_parts.h"

namespace atonce {
namespace {

std::string charts_html(const Document& document) {
  ChartRenderer renderer;
  std::string out;
  for (const auto& chart : document.charts) out += html_chart(chart, document, renderer);
  return out;
}

std::string badges(const Document& document) {
  std::string out;
  for (const auto& [level, count] : document.verdicts)
    out += html_badge(level, fmt::format("{} {}", count, name(level)));
  return out;
}

std::string matrix_html(const Document& document) {
  if (document.matrix.rows.empty()) return {};
  return "<section>\n<h2>Makespan by cap</h2>\n<p>In brackets the share of the ideal that was "
         "reached: 1.00 is what a client that costs nothing would do.</p>\n" +
         html_table(document.matrix, document.colours) + "</section>\n";
}

std::string sections_html(const Document& document) {
  std::string out;
  for (const auto& section : document.sections)
    out += fmt::format(
        "<section>\n<h2>{}</h2>\n<p>{}</p>\n{}<details><summary>What the columns mean</summary>\n"
        "{}</details></section>\n",
        escape_html(section.title), escape_html(section.text),
        html_table(section.table, document.colours), html_meanings(section.table));
  return out;
}

}  // namespace

std::string html_page(const Document& document) {
  return html_filled(report_html(), {{"head", html_head(document.title)},
                                     {"title", escape_html(document.title)},
                                     {"badges", badges(document)},
                                     {"headline", escape_html(document.headline)},
                                     {"summary", escape_html(document.summary)},
                                     {"table", html_table(document.table, document.colours)},
                                     {"meanings", html_meanings(document.table)},
                                     {"matrix", matrix_html(document)},
                                     {"sections", sections_html(document)},
                                     {"accounts_line", escape_html(document.accounts_line)},
                                     {"accounts", html_table(document.accounts, document.colours)},
                                     {"notes", html_notes(document.notes)},
                                     {"charts", charts_html(document)},
                                     {"run", html_facts(document.run)},
                                     {"environment", html_facts(document.environment)},
                                     {"command", escape_html(document.command)},
                                     {"scenario_text", escape_html(document.scenario_text)},
                                     {"data", html_chart_data(document.charts)},
                                     {"echarts", std::string(echarts_js())},
                                     {"chart_script", std::string(charts_js())},
                                     {"report_script", std::string(report_js())}});
}

}  // namespace atonce
