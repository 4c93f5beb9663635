#include "reports/terminal.h"

#include <fmt/format.h>

#include "reports/document.h"
#include "reports/terminal_table.h"

namespace atonce {
namespace {

std::string note_lines(const Note& note, std::size_t width, const Ink& ink) {
  const auto tone = note.level == VerdictLevel::invalid ? Tone::bad : Tone::caution;
  const auto level = std::string(name(note.level));
  const auto text =
      wrapped(fmt::format("{} {}: {} ({})", level, note.code, note.message, note.who()), width, 2);
  return ink.tone(tone, level) + text.substr(level.size());
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
  if (!document.notes.empty()) out += '\n';
  for (const auto& note : document.notes) out += note_lines(note, width, ink);
  return out;
}

}  // namespace atonce
