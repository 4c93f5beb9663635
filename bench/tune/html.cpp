#include <fmt/format.h>

#include "bench/tune/report.h"
#include "reports/assets.h"
#include "reports/escape.h"
#include "reports/html_parts.h"

namespace atonce::tune {
namespace {

VerdictLevel level_of(const Answer& answer) {
  if (!answer.level) return VerdictLevel::invalid;
  return answer.is_complete ? VerdictLevel::valid : VerdictLevel::suspect;
}

std::string remarks_html(const Answer& answer) {
  std::string out;
  for (const std::string& remark : answer.remarks)
    out += fmt::format("<li><bdi>{}</bdi></li>\n", escape_html(printable_line(remark)));
  return out.empty() ? out : "<ul class=\"notes\">\n" + out + "</ul>\n";
}

std::string snippets_html(const Report& report, const Tuned& tuned) {
  std::string lines;
  for (const auto& [name, line] : snippets(report, tuned))
    lines += fmt::format("# {}\n{}\n", name, printable_line(line));
  if (lines.empty()) return {};
  return fmt::format("<h3>To paste</h3>\n<pre><code>{}</code></pre>\n", escape_html(lines));
}

std::string part_html(const Report& report, const Tuned& tuned, const Answer& answer,
                      const std::vector<Chart>& charts, ChartRenderer& renderer) {
  const Document no_contenders;
  std::string drawn;
  for (const Chart& chart : charts) drawn += html_chart(chart, no_contenders, renderer);
  const Table around = around_table(tuned.tuning, answer);
  const Table levels = level_table(tuned.tuning, answer);
  return fmt::format(
      "<section class=\"charts\">\n<h2>{} {}</h2>\n{}{}{}<details><summary>All levels that were "
      "probed</summary>\n{}{}</details>\n{}{}</section>\n",
      escape_html(printable_line(report.tuned.size() > 1 ? tuned.title() + ": " + answer.headline
                                                         : tuned.title())),
      html_badge(level_of(answer), answer.badge), html_facts(answer_facts(tuned.tuning, answer)),
      around.rows.empty() ? "" : html_table(around, {}), remarks_html(answer),
      html_table(levels, {}), html_meanings(levels), drawn, snippets_html(report, tuned));
}

}  // namespace

std::string tune_html(const Report& report) {
  ChartRenderer renderer;
  std::vector<Chart> all;
  std::string parts, headline, badge;
  for (std::size_t i = 0; i < report.tuned.size(); ++i) {
    const Answer answer = answer_of(report.tuned[i].tuning);
    auto charts = tune_charts(report.tuned[i], answer, i);
    parts += part_html(report, report.tuned[i], answer, charts, renderer);
    all.insert(all.end(), std::make_move_iterator(charts.begin()),
               std::make_move_iterator(charts.end()));
    if (i > 0) continue;
    headline = answer.headline;
    badge = html_badge(level_of(answer), answer.badge);
  }
  std::string comparison;
  if (report.tuned.size() > 1) {
    comparison = "<section>\n<h2>Side by side</h2>\n" + html_table(comparison_table(report), {}) +
                 "</section>\n";
    headline = fmt::format("{} runners, each at its best", report.tuned.size());
    badge.clear();
  }
  if (const auto left_out = left_out_text(report); !left_out.empty())
    comparison += "<p>" + escape_html(left_out) + "</p>\n";
  const auto title = printable_line("Tuning: " + report.scenario);
  return html_filled(tune_page_html(),
                     {{"head", html_head(title)},
                      {"title", escape_html(title)},
                      {"badge", badge},
                      {"headline", escape_html(printable_line(headline))},
                      {"summary", escape_html(printable_line(report.command))},
                      {"comparison", comparison},
                      {"parts", parts},
                      {"environment", html_facts(report.environment)},
                      {"scenario_text", escape_html(printable_text(report.scenario_text))},
                      {"data", html_chart_data(all)},
                      {"echarts", std::string(echarts_js())},
                      {"chart_script", std::string(charts_js())},
                      {"report_script", std::string(report_js())}});
}

}  // namespace atonce::tune
