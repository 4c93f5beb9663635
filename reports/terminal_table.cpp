#include "reports/terminal_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/escape.h"

namespace atonce {
namespace {

constexpr std::size_t gap = 2, mark = 2, longest_key = 30;

using ColumnList = std::vector<std::size_t>;

std::string cell_text(const Table& table, std::size_t row, std::size_t column) {
  const auto& text = table.rows[row].cells[column].text;
  return table.columns[column].key ? shorten(text, longest_key) : text;
}

std::vector<std::size_t> widths_of(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    auto width = display_width(table.columns[c].header);
    for (std::size_t r = 0; r < table.rows.size(); ++r)
      width = std::max(width, display_width(cell_text(table, r, c)));
    widths.push_back(width);
  }
  return widths;
}

/// The columns of each table to draw: as many tables as the width asks for.
std::vector<ColumnList> split(const Table& table, const std::vector<std::size_t>& widths,
                              std::size_t width) {
  ColumnList keys, all;
  std::size_t key_width = mark, whole = mark;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    all.push_back(c);
    whole += widths[c] + gap;
    if (!table.columns[c].key) continue;
    keys.push_back(c);
    key_width += widths[c] + gap;
  }
  if (whole - gap <= width) return {all};
  std::vector<ColumnList> tables;
  std::size_t used = 0;
  for (const auto c : all) {
    if (table.columns[c].key) continue;
    const bool new_part =
        !tables.empty() && table.columns[tables.back().back()].part != table.columns[c].part;
    if (tables.empty() || new_part || used + widths[c] > width) {
      tables.push_back(keys);
      used = key_width;
    }
    tables.back().push_back(c);
    used += widths[c] + gap;
  }
  return tables;
}

std::string aligned(std::string_view text, std::size_t width, bool right) {
  const std::string blank(width - std::min(width, display_width(text)), ' ');
  return right ? blank + std::string(text) : std::string(text) + blank;
}

std::string without_trailing_spaces(std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

std::string header_line(const Table& table, const ColumnList& columns,
                        const std::vector<std::size_t>& widths) {
  std::string line(mark, ' ');
  for (const auto c : columns)
    line += aligned(table.columns[c].header, widths[c], table.columns[c].number) +
            std::string(gap, ' ');
  return without_trailing_spaces(line);
}

std::string row_line(const Table& table, std::size_t row, const ColumnList& columns,
                     const std::vector<std::size_t>& widths, const Ink& ink) {
  const bool winner = table.rows[row].winner;
  std::string line = winner ? ink.tone(Tone::good, "*") + " " : std::string(mark, ' ');
  for (const auto c : columns) {
    // Padding to the right of the last column would only make the line look too long.
    const bool last = c == columns.back() && !table.columns[c].number;
    const auto text =
        aligned(cell_text(table, row, c), last ? 0 : widths[c], table.columns[c].number);
    const auto toned = ink.tone(table.rows[row].cells[c].tone, text);
    line += (winner ? ink.bold(toned) : toned) + (c == columns.back() ? "" : std::string(gap, ' '));
  }
  return line;
}

}  // namespace

std::string Ink::wrap(std::string_view code, std::string_view text) const {
  return colour_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

std::string Ink::tone(Tone tone, std::string_view text) const {
  switch (tone) {
    case Tone::good:
      return wrap("32", text);
    case Tone::caution:
      return wrap("33", text);
    case Tone::bad:
      return wrap("31", text);
    case Tone::plain:
      break;
  }
  return std::string(text);
}

std::string terminal_table(const Table& table, std::size_t width, const Ink& ink) {
  const auto widths = widths_of(table);
  std::string out;
  for (const auto& columns : split(table, widths, width)) {
    if (!out.empty()) out += '\n';
    out += ink.faint(header_line(table, columns, widths)) + '\n';
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      if (r > 0 && table.rows[r].group != table.rows[r - 1].group) out += '\n';
      out += row_line(table, r, columns, widths, ink) + '\n';
    }
  }
  return out;
}

}  // namespace atonce
