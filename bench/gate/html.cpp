#include <fmt/format.h>

#include "bench/gate/documents.h"
#include "bench/gate/pair_charts.h"
#include "bench/gate/tables.h"
#include "reports/assets.h"
#include "reports/escape.h"
#include "reports/html_parts.h"

namespace atonce::gate {
namespace {

VerdictLevel level_of(Answer answer) {
  if (answer == Answer::pass) return VerdictLevel::valid;
  return answer == Answer::inconclusive ? VerdictLevel::suspect : VerdictLevel::invalid;
}

std::string charts_html(const std::vector<Chart>& charts) {
  if (charts.empty()) return "<p>There is no pair to show.</p>\n";
  ChartRenderer renderer;
  const Document no_contenders;
  std::string out;
  for (const Chart& chart : charts) out += html_chart(chart, no_contenders, renderer);
  return out;
}

std::string remarks_html(const Record& record, const Judgement& judgement) {
  std::string out;
  for (const std::string& remark : remarks(record, judgement))
    out += fmt::format("<li><bdi>{}</bdi></li>\n", escape_html(printable_line(remark)));
  return out.empty() ? "<li>Nothing speaks against these figures.</li>\n" : out;
}

Facts printable(Facts facts) {
  for (auto& [key, value] : facts) value = printable_line(value);
  return facts;
}

}  // namespace

std::string gate_html(const Record& record, const Judgement& judgement) {
  const auto charts = gate_charts(record, judgement);
  const Table table = cell_table(judgement);
  const auto title = printable_line("Gate: " + record.scenario);
  const auto summary =
      printable_line(fmt::format("{} against {}", record.candidate, record.baseline));
  return html_filled(gate_page_html(),
                     {{"head", html_head(title)},
                      {"title", escape_html(title)},
                      {"badge", html_badge(level_of(judgement.answer), name(judgement.answer))},
                      {"headline", escape_html(headline(judgement))},
                      {"summary", escape_html(summary)},
                      {"table", html_table(table, {})},
                      {"meanings", html_meanings(table)},
                      {"remarks", remarks_html(record, judgement)},
                      {"charts", charts_html(charts)},
                      {"run", html_facts(printable(run_facts(record, judgement)))},
                      {"environment", html_facts(printable(record.environment))},
                      {"scenario_text", escape_html(printable_text(record.scenario_text))},
                      {"data", html_chart_data(charts)},
                      {"echarts", std::string(echarts_js())},
                      {"chart_script", std::string(charts_js())},
                      {"report_script", std::string(report_js())}});
}

}  // namespace atonce::gate
