#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "reports/document.h"
#include "reports/escape.h"
#include "reports/report.h"

namespace atonce {
namespace {

std::string table_text(const Table& table) {
  std::string out = "|";
  for (const auto& column : table.columns) out += ' ' + escape_markdown(column.header) + " |";
  out += "\n|";
  for (const auto& column : table.columns) out += column.number ? "---:|" : "---|";
  out += '\n';
  for (const auto& row : table.rows) {
    out += '|';
    for (const auto& cell : row.cells) {
      const auto text = escape_markdown(cell.text);
      out += row.winner ? fmt::format(" **{}** |", text) : fmt::format(" {} |", text);
    }
    out += '\n';
  }
  return out + '\n';
}

std::string meanings(const Table& table) {
  std::string out;
  for (const auto& column : table.columns)
    if (!column.meaning.empty())
      fmt::format_to(std::back_inserter(out), "- *{}*: {}\n", escape_markdown(column.header),
                     escape_markdown(column.meaning));
  return out + '\n';
}

std::string notes_text(const std::vector<Note>& notes) {
  if (notes.empty()) return "Every configuration is VALID and no call failed.\n\n";
  std::string out;
  for (const auto& note : notes)
    fmt::format_to(std::back_inserter(out), "- **{}** {}: {} ({})\n", name(note.level),
                   escape_markdown(note.code), escape_markdown(note.message),
                   escape_markdown(note.who()));
  return out + '\n';
}

std::string charts_text(const std::vector<Chart>& charts) {
  std::string out;
  for (const auto& chart : charts)
    fmt::format_to(std::back_inserter(out), "### {}\n\n![{}](charts/{}.svg)\n\n{}\n\n", chart.title,
                   chart.title, chart.name, escape_markdown(chart.caption));
  return out;
}

std::string facts_text(const Facts& facts) {
  std::string out = "| | |\n|---|---|\n";
  for (const auto& [key, value] : facts)
    fmt::format_to(std::back_inserter(out), "| {} | {} |\n", escape_markdown(key),
                   escape_markdown(value));
  return out + '\n';
}

/// A fence longer than any run of backticks inside, so that the text cannot end it.
std::string fenced(std::string_view text) {
  std::size_t longest = 2, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fmt::format("{0}\n{1}{2}{0}\n\n", fence, text, text.ends_with('\n') ? "" : "\n");
}

void write(const ResultSet& results, const std::filesystem::path& dir) {
  const auto document = make_document(results);
  std::string out =
      fmt::format("# {}\n\n**{}**\n\n{}\n\n", escape_markdown(document.title),
                  escape_markdown(document.headline), escape_markdown(document.summary));
  out += "## Results\n\n" + table_text(document.table) + meanings(document.table);
  if (!document.matrix.rows.empty())
    out += "## Makespan by cap\n\nIn brackets the share of the ideal.\n\n" +
           table_text(document.matrix);
  out += "## May it be believed?\n\n" + notes_text(document.notes);
  out += "## Charts\n\n" + charts_text(document.charts);
  out += "## The run\n\n" + facts_text(document.run) + fenced(document.command) +
         facts_text(document.environment);
  out += "## Scenario\n\n" + fenced(document.scenario_text);
  write_whole(dir / "report.md", out);
}

}  // namespace

extern const ReportWriter md_writer;
const ReportWriter md_writer{
    .name = "md",
    .summary = "report.md: the report as Markdown, for a pull request; shows charts/*.svg",
    .write = write};

}  // namespace atonce
