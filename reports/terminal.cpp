#include "reports/terminal.h"

#include <fmt/format.h>

#include <array>

#include "reports/document.h"
#include "reports/terminal_table.h"

namespace atonce {
namespace {

/// A text that begins with a level, which gets its colour.
std::string verdict_lines(VerdictLevel level, const std::string& text, std::size_t width,
                          const Ink& ink) {
  static constexpr std::array tones{Tone::good, Tone::caution, Tone::bad};
  const auto word = std::string(name(level));
  return ink.tone(tones[static_cast<std::size_t>(level)], word) +
         wrapped(text, width, 2).substr(word.size());
}

std::string note_lines(const Note& note, std::size_t width, const Ink& ink) {
  const auto text =
      fmt::format("{} {}: {} ({})", name(note.level), note.code, note.message, note.who());
  return verdict_lines(note.level, text, width, ink);
}

VerdictLevel worst(const Document& document) {
  return document.verdicts.empty() ? VerdictLevel::invalid : document.verdicts.rbegin()->first;
}

}  // namespace

std::string terminal_summary(const ResultSet& results, bool colour, int asked_width) {
  const auto width = terminal_width_of(asked_width);
  const Ink ink(colour);
  const auto document = make_document(results, false);
  auto out = ink.bold(wrapped(document.headline, width, 0)) + '\n';
  if (!document.table.rows.empty()) out += terminal_table(document.table, width, ink);
  for (const auto& section : document.sections)
    out += fmt::format("\n{}\n{}", ink.bold(section.title), wrapped(section.text, width, 0)) +
           terminal_table(section.table, width, ink);
  out += '\n';
  if (!document.accounts_line.empty()) out += wrapped(document.accounts_line, width, 2);
  out += verdict_lines(worst(document), document.verdict, width, ink);
  for (const auto& note : document.notes) out += note_lines(note, width, ink);
  return out;
}

}  // namespace atonce
