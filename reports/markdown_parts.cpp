#include "reports/markdown_parts.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "reports/escape.h"

namespace atonce {

std::string markdown_table(const Table& table) {
  std::string out = "|";
  for (const auto& column : table.columns) out += ' ' + escape_markdown(column.header) + " |";
  out += "\n|";
  for (const auto& column : table.columns) out += column.number ? "---:|" : "---|";
  out += '\n';
  for (const auto& row : table.rows) {
    out += '|';
    for (const auto& cell : row.cells) {
      const auto text =
          escape_markdown(cell.interval.empty() ? cell.text : cell.text + ' ' + cell.interval);
      out += row.winner ? fmt::format(" **{}** |", text) : fmt::format(" {} |", text);
    }
    out += '\n';
  }
  out += '\n';
  for (const auto& note : table.footnotes) out += escape_markdown(note) + "\n\n";
  return out;
}

std::string markdown_meanings(const Table& table) {
  std::string out;
  for (const auto& column : table.columns)
    if (!column.meaning.empty())
      fmt::format_to(std::back_inserter(out), "- *{}*: {}\n", escape_markdown(column.header),
                     escape_markdown(column.meaning));
  return out + '\n';
}

std::string markdown_facts(const Facts& facts) {
  std::string out = "| | |\n|---|---|\n";
  for (const auto& [key, value] : facts)
    fmt::format_to(std::back_inserter(out), "| {} | {} |\n", escape_markdown(key),
                   escape_markdown(value));
  return out + '\n';
}

std::string markdown_notes(const std::vector<Note>& notes) {
  if (notes.empty()) return "Every configuration is VALID and no call failed.\n\n";
  std::string out;
  for (const auto& note : notes)
    fmt::format_to(std::back_inserter(out), "- **{}** {}: {} ({})\n", name(note.level),
                   escape_markdown(note.code), escape_markdown(note.message),
                   escape_markdown(note.who()));
  return out + '\n';
}

std::string markdown_verdict(const Document& document) {
  const auto end = document.verdict.find(':');
  return fmt::format("**{}**{}", document.verdict.substr(0, end), document.verdict.substr(end));
}

std::string markdown_fenced(std::string_view text) {
  std::size_t longest = 2, run = 0;
  for (const char c : text) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  return fmt::format("{0}\n{1}{2}{0}\n\n", fence, text, text.ends_with('\n') ? "" : "\n");
}

}  // namespace atonce
