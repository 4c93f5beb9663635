#include "reports/terminal_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <utility>
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

/// Which columns show their intervals.
enum class Detail : unsigned char { all, leading, none };

std::string cell_text(const Table& table, std::size_t row, std::size_t column, Detail detail) {
  const auto& cell = table.rows[row].cells[column];
  if (table.columns[column].key) return shorten_name(cell.text, longest_key);
  const bool shown =
      detail == Detail::all || (detail == Detail::leading && table.columns[column].leading);
  return shown && !cell.with_margin.empty() ? cell.with_margin : cell.text;
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

std::vector<Shape> shapes_of(const Table& table, Detail detail) {
  std::vector<Shape> shapes;
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    Shape shape;
    for (std::size_t r = 0; r < table.rows.size(); ++r)
      shape.width = std::max(shape.width, display_width(cell_text(table, r, c, detail)));
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

/// A table to draw.
struct Piece {
  ColumnList columns;
  Detail detail = Detail::none;
};

constexpr std::array details{Detail::all, Detail::leading, Detail::none};

using Shapes = std::array<std::vector<Shape>, details.size()>;

const std::vector<Shape>& at(const Shapes& shapes, Detail detail) {
  return shapes[static_cast<std::size_t>(detail)];
}

ColumnList shown_columns(const Table& table, bool keys_only) {
  ColumnList columns;
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    if (!table.columns[c].group && !table.columns[c].wide && (!keys_only || table.columns[c].key))
      columns.push_back(c);
  return columns;
}

/// One part of the table, with as much detail as there is room for, else in several pieces.
void add_part(const ColumnList& keys, const ColumnList& part, const Shapes& shapes,
              std::size_t width, std::vector<Piece>& pieces) {
  auto whole = keys;
  whole.insert(whole.end(), part.begin(), part.end());
  for (const auto detail : details)
    if (total_width(whole, at(shapes, detail)) <= width) {
      pieces.push_back({whole, detail});
      return;
    }
  Piece piece{keys, Detail::none};
  for (const auto c : part) {
    auto longer = piece.columns;
    longer.push_back(c);
    if (piece.columns.size() > keys.size() &&
        total_width(longer, at(shapes, Detail::none)) > width) {
      pieces.push_back(piece);
      longer = keys;
      longer.push_back(c);
    }
    piece.columns = longer;
  }
  pieces.push_back(piece);
}

/// The whole table if it fits with the leading intervals at least, else one piece or more per part.
std::vector<Piece> split(const Table& table, const Shapes& shapes, std::size_t width) {
  const auto all = shown_columns(table, false), keys = shown_columns(table, true);
  for (const auto detail : {Detail::all, Detail::leading})
    if (total_width(all, at(shapes, detail)) <= width) return {{all, detail}};
  std::vector<Piece> pieces;
  ColumnList part;
  for (const auto c : all) {
    if (table.columns[c].key) continue;
    if (!part.empty() && table.columns[part.back()].part != table.columns[c].part)
      add_part(keys, std::exchange(part, {}), shapes, width, pieces);
    part.push_back(c);
  }
  if (!part.empty()) add_part(keys, part, shapes, width, pieces);
  return pieces;
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

std::string row_text(const Table& table, std::size_t row, const Piece& piece,
                     const std::vector<Shape>& shapes, const Ink& ink) {
  const auto& columns = piece.columns;
  const bool winner = table.rows[row].winner;
  std::string line = winner ? ink.tone(Tone::good, "*") : " ";
  for (const auto c : columns) {
    // Blanks at the end of a line would only make it look too long.
    const bool last = c == columns.back() && !table.columns[c].number;
    const auto text = aligned(cell_text(table, row, c, piece.detail), last ? 0 : shapes[c].width,
                              table.columns[c].number);
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
    case Tone::faint:
      return faint(text);
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
  bool begun = false;  // the line has a word
  while (!text.empty()) {
    const auto end = std::min(text.find(' '), text.size());
    const auto word = shorten(text.substr(0, end), width - indent);
    text.remove_prefix(std::min(end + 1, text.size()));
    const auto length = display_width(word);
    if (begun && column + 1 + length > width) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (begun) {
      out += ' ';
      ++column;
    }
    begun = true;
    out += word;
    column += length;
  }
  return out + '\n';
}

std::string terminal_table(const Table& table, std::size_t width, const Ink& ink) {
  Shapes all_shapes;
  for (const auto detail : details)
    all_shapes[static_cast<std::size_t>(detail)] = shapes_of(table, detail);
  std::string out;
  for (const auto& piece : split(table, all_shapes, width)) {
    const auto& shapes = at(all_shapes, piece.detail);
    if (!out.empty()) out += '\n';
    out += header_text(table, piece.columns, shapes, ink);
    for (std::size_t r = 0; r < table.rows.size(); ++r) {
      if (r == 0 || table.rows[r].group != table.rows[r - 1].group)
        out += group_text(table, r, ink);
      out += row_text(table, r, piece, shapes, ink);
    }
  }
  for (const auto& note : table.footnotes) {
    // Line by line: a colour that goes on over a line break would colour what follows it in a
    // pager.
    std::istringstream lines(wrapped(note, width, 2));
    for (std::string line; std::getline(lines, line);) out += ink.faint(line) + '\n';
  }
  return out;
}

}  // namespace atonce
