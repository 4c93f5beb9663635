#include <fmt/format.h>

#include <iterator>

#include "reports/document.h"
#include "reports/escape.h"
#include "reports/markdown_parts.h"
#include "reports/report.h"

namespace atonce {
namespace {

std::string charts_text(const std::vector<Chart>& charts) {
  std::string out;
  for (const auto& chart : charts)
    fmt::format_to(std::back_inserter(out), "### {}\n\n![{}](charts/{}.svg)\n\n{}\n\n", chart.title,
                   chart.title, chart.name, escape_markdown(chart.caption));
  return out;
}

void write(const ResultSet& results, const std::filesystem::path& dir) {
  const auto document = make_document(results);
  std::string out = fmt::format("# {}\n\n{}\n\n**{}**\n\n{}\n\n", escape_markdown(document.title),
                                markdown_verdict(document), escape_markdown(document.headline),
                                escape_markdown(document.summary));
  out += "## Results\n\n" + markdown_table(document.table) + markdown_meanings(document.table);
  if (!document.matrix.rows.empty())
    out += "## Makespan by cap\n\nIn brackets the share of the ideal.\n\n" +
           markdown_table(document.matrix);
  for (const auto& section : document.sections)
    out += fmt::format("## {}\n\n{}\n\n", section.title, escape_markdown(section.text)) +
           markdown_table(section.table) + markdown_meanings(section.table);
  out += "## May it be believed?\n\n" + markdown_notes(document.notes);
  out += escape_markdown(document.accounts_line) + "\n\n" + markdown_table(document.accounts);
  out += "## Charts\n\n" + charts_text(document.charts);
  out += "## The run\n\n" + markdown_facts(document.run) + markdown_fenced(document.command) +
         markdown_facts(document.environment);
  out += "## Scenario\n\n" + markdown_fenced(document.scenario_text);
  write_whole(dir / "report.md", out);
}

}  // namespace

extern const ReportWriter md_writer;
const ReportWriter md_writer{
    .name = "md",
    .summary = "report.md: the report as Markdown, for a pull request; shows charts/*.svg",
    .write = write};

}  // namespace atonce
