#include <fmt/format.h>

#include <algorithm>

#include "reports/document.h"
#include "reports/escape.h"
#include "reports/markdown_parts.h"
#include "reports/report.h"

namespace atonce {
namespace {

/// GitHub shows no step summary above 1 MiB. A row has some dozen cells of so many columns.
constexpr std::size_t most_rows = 200;
constexpr std::size_t most_columns = 60;
constexpr std::size_t most_notes = 50;

Table compact(Table table) {
  if (table.rows.size() > most_rows) table.rows.resize(most_rows);
  for (auto& row : table.rows)
    for (auto& cell : row.cells) cell.text = shorten(cell.text, most_columns);
  return table;
}

void write(const ResultSet& results, const std::filesystem::path& dir) {
  const auto document = make_document(results, false);
  const auto text = [](const std::string& from) { return escape_markdown(shorten(from, 500)); };
  auto out = fmt::format("## {}\n\n{}\n\n{}\n\n", text(document.title), markdown_verdict(document),
                         text(document.headline));
  out += markdown_table(compact(document.table));
  if (document.table.rows.size() > most_rows)
    out +=
        fmt::format("{} more rows are in the report.\n\n", document.table.rows.size() - most_rows);
  auto notes = document.notes;
  if (notes.size() > most_notes) notes.resize(most_notes);
  for (auto& note : notes) note.message = shorten(note.message, 500);
  write_whole(dir / "summary.md", out + markdown_notes(notes));
}

}  // namespace

extern const ReportWriter summary_writer;
const ReportWriter summary_writer{
    .name = "summary",
    .summary = "summary.md: verdict and one table, for a CI step summary",
    .write = write};

}  // namespace atonce
