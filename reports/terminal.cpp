#include "reports/terminal.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/document.h"
#include "reports/escape.h"
#include "reports/terminal_table.h"

namespace atonce {
namespace {

constexpr int narrowest = 60;

/// Breaks `text` at spaces; lines after the first begin with `indent` spaces.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent) {
  std::string out;
  std::size_t column = 0;
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = shorten(text.substr(0, end), width - indent);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto length = display_width(word);
    if (column > indent && column + 1 + length > width) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > 0 && column != indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += length;
  }
  return out + '\n';
}

std::string note_lines(const Note& note, std::size_t width, const Ink& ink) {
  const auto tone = note.level == VerdictLevel::invalid ? Tone::bad : Tone::caution;
  const auto level = std::string(name(note.level));
  const auto text =
      wrapped(fmt::format("{} {}: {} ({})", level, note.code, note.message, note.who()), width, 2);
  return ink.tone(tone, level) + text.substr(level.size());
}

}  // namespace

std::string terminal_summary(const ResultSet& results, bool colour, int asked_width) {
  const auto width = static_cast<std::size_t>(std::max(asked_width, narrowest));
  const Ink ink(colour);
  const auto document = make_document(results, false);
  auto out = ink.bold(wrapped(document.headline, width, 0)) + '\n';
  if (!document.table.rows.empty()) out += terminal_table(document.table, width, ink);
  if (!document.notes.empty()) out += '\n';
  for (const auto& note : document.notes) out += note_lines(note, width, ink);
  return out;
}

}  // namespace atonce
