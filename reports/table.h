#pragma once
/// The table model: what a table says, apart from how a terminal, Markdown or HTML draws it.

#include <cstddef>
#include <string>
#include <vector>

#include "reports/comparison.h"

namespace atonce {

enum class Tone : unsigned char { plain, good, caution, bad, faint };

struct Cell {
  std::string text;  ///< as measured or as written by the user: not yet escaped
  Tone tone = Tone::plain;
  std::string with_margin = {};  ///< the text with half its interval: "50.2±0.3 ms"; may be empty
  std::string interval = {};     ///< "[49.9, 50.6]"; may be empty
  std::string title = {};        ///< what a reader of HTML sees on pointing at it
};

struct Column {
  std::string header;
  std::string brief = {};    ///< the header where room is short; empty: the same
  std::string meaning = {};  ///< one sentence; may be empty
  bool number = false;       ///< aligned to the right
  bool key = false;          ///< says which row this is; repeated where a table is split
  bool group = false;        ///< the same within a group; a terminal writes it above the group
  unsigned part = 0;         ///< columns of one part stay together where a table is split
  bool leading = false;      ///< keeps its intervals where there is no room for all
  bool wide = false;         ///< for pages; a terminal leaves it out
};

struct TableRow {
  std::vector<Cell> cells;  ///< one per column
  bool winner = false;
  std::size_t group = 0;  ///< rows of one group belong together; a gap is drawn between groups
  std::size_t series = no_series;  ///< index of the contender, for its colour
  static constexpr std::size_t no_series = static_cast<std::size_t>(-1);
};

struct Table {
  std::vector<Column> columns;
  std::vector<TableRow> rows;
  std::vector<std::string> footnotes = {};
};

/// What stands where there is no figure.
inline constexpr const char* no_figure = "-";

/// One row per configuration, with every figure: the definition of the columns of all reports.
Table summary_table(const Comparison& comparison);

/// Contenders down, caps across; measured makespan, and the share of the ideal reached. The first
/// row is the ideal itself. Empty unless the load is a batch.
Table matrix_table(const Comparison& comparison);

}  // namespace atonce
