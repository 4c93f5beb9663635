#include "reports/terminal_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reports/escape.h"

namespace atonce {
namespace {

constexpr std::size_t gap = 2, longest_key = 30;

/// How a column is drawn: the words of its header stand above each other where they are wider than
/// what is below.
struct Shape {
  std::size_t width = 0;
  std::vector<std::string> header;  ///< from top to bottom
};

using ColumnList = std::vector<std::size_t>;

std::string cell_text(const Table& table, std::size_t row, std::size_t column) {
  const auto& text = table.rows[row].cells[column].text;
  return table.columns[column].key ? shorten_name(text, longest_key) : text;
}

std::vector<std::string> header_lines(const Column& column, std::size_t width) {
  std::string_view text = column.brief.empty() ? column.header : column.brief;
  std::vector<std::string> lines;
  if (display_width(text) > width)
    for (auto space = text.find(' '); space != text.npos; space = text.find(' ')) {
      lines.emplace_back(text.substr(0, space));
      text.remove_prefix(space + 1);
    }
  lines.emplace_back(text);
  return lines;
}

std::vector<Shape> shapes_of(const Table& table) {
  std::vector<Shape> shapes;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    Shape shape;
    for (std::size_t r = 0; r < table.rows.size(); ++r)
      shape.width = std::max(shape.width, display_width(cell_text(table, r, c)));
    shape.header = header_lines(table.columns[c], shape.width);
    for (const auto& line : shape.header) shape.width = std::max(shape.width, display_width(line));
    shapes.push_back(std::move(shape));
  }
  return shapes;
}

std::size_t total_width(const ColumnList& columns, const std::vector<Shape>& shapes) {
  std::size_t width = 1;  // the winner's mark
  for (const auto c : columns) width += shapes[c].width + (c == columns.front() ? 0 : gap);
  return width;
}

/// The columns of each table to draw: as many tables as the width asks for.
std::vector<ColumnList> split(const Table& table, const std::vector<Shape>& shapes,
                              std::size_t width) {
  ColumnList keys, all;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (table.columns[c].group) continue;
    all.push_back(c);
    if (table.columns[c].key) keys.push_back(c);
  }
  if (total_width(all, shapes) <= width) return {all};
  std::vector<ColumnList> tables;
  for (const auto c : all) {
    if (table.columns[c].key) continue;
    const auto fits = [&](ColumnList columns) {
      columns.push_back(c);
      return total_width(columns, shapes) <= width;
    };
    const bool goes_on = !tables.empty() &&
                         table.columns[tables.back().back()].part == table.columns[c].part &&
                         fits(tables.back());
    if (!goes_on) tables.push_back(keys);
    tables.back().push_back(c);
  }
  return tables;
}

std::string aligned(std::string_view text, std::size_t width, bool right) {
  const std::string blank(width - std::min(width, display_width(text)), ' ');
  return right ? blank + std::string(text) : std::string(text) + blank;
}

std::string without_trailing_spaces(std::string line) {
  return line.erase(line.find_last_not_of(' ') + 1);
}

std::string header_text(const Table& table, const ColumnList& columns,
                        const std::vector<Shape>& shapes, const Ink& ink) {
  std::size_t height = 0;
  for (const auto c : columns) height = std::max(height, shapes[c].header.size());
  std::string text;
  for (std::size_t i = 0; i < height; ++i) {
    std::string line = " ";
    for (const auto c : columns) {
      const auto& header = shapes[c].header;
      const auto above = height - header.size();
      line += aligned(i < above ? "" : header[i - above], shapes[c].width, table.columns[c].number);
      line += std::string(gap, ' ');
    }
    text += ink.faint(without_trailing_spaces(line)) + '\n';
  }
  return text;
}

std::string row_text(const Table& table, std::size_t row, const ColumnList& columns,
                     const std::vector<Shape>& shapes, const Ink& ink) {
  const bool winner = table.rows[row].winner;
  std::string line = winner ? ink.tone(Tone::good, "*") : " ";
  for (const auto c : columns) {
    // Blanks at the end of a line would only make it look too long.
    const bool last = c == columns.back() && !table.columns[c].number;
    const auto text =
        aligned(cell_text(table, row, c), last ? 0 : shapes[c].width, table.columns[c].number);
    const auto toned = ink.tone(table.rows[row].cells[c].tone, text);
    if (c != columns.front()) line += std::string(gap, ' ');
    line += winner ? ink.bold(toned) : toned;
  }
  return line + '\n';
}

std::string group_text(const Table& table, std::size_t row, const Ink& ink) {
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    if (table.columns[c].group)
      return ink.faint(table.columns[c].header + ' ' + table.rows[row].cells[c].text) + '\n';
  return {};
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

std::size_t terminal_width_of(int asked) {
  constexpr int narrowest = 60;
  return static_cast<std::size_t>(std::max(asked, narrowest));
}

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

std::string terminal_table(const Table& table, std::size_t width, const Ink& ink) {
  const auto shapes = shapes_of(table);
  std::string out;
  for (const auto& columns : split(table, shapes, width)) {
    if (!out.empty()) out += '\n';
    out += header_text(table, columns, shapes, ink);
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      if (r == 0 || table.rows[r].group != table.rows[r - 1].group)
        out += group_text(table, r, ink);
      out += row_text(table, r, columns, shapes, ink);
    }
  }
  return out;
}

}  // namespace atonce
