#pragma once
/// Draws a table with spaces, and text below it.

#include <cstddef>
#include <string>
#include <string_view>

#include "reports/table.h"

namespace atonce {

/// ANSI escape sequences, or nothing.
class Ink {
 public:
  explicit Ink(bool colour) : colour_(colour) {}
  std::string bold(std::string_view text) const { return wrap("1", text); }
  std::string faint(std::string_view text) const { return wrap("2", text); }
  std::string tone(Tone tone, std::string_view text) const;

 private:
  std::string wrap(std::string_view code, std::string_view text) const;
  bool colour_;
};

/// The whole table side by side where it fits into `width`; else one table per part, each with the
/// key columns, and a part that is still too wide goes on in another one. The winner's rows begin
/// with "*".
std::string terminal_table(const Table& table, std::size_t width, const Ink& ink);

/// What is drawn for a terminal of `asked` columns: never less than 60.
std::size_t terminal_width_of(int asked);

/// Breaks `text` at spaces; lines after the first begin with `indent` spaces. Ends with a line
/// break.
std::string wrapped(std::string_view text, std::size_t width, std::size_t indent);

}  // namespace atonce
