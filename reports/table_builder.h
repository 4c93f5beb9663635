#pragma once
/// Builds a table of rows of a comparison column by column, so that a column's header stands beside
/// its cells.

#include <utility>
#include <vector>

#include "reports/figure_cell.h"
#include "reports/table.h"

namespace atonce {

class TableBuilder {
 public:
  /// One table row for each of `rows`, which must be rows of `comparison`.
  TableBuilder(const Comparison& comparison, std::vector<const Row*> rows);

  /// `make_cell(row)` gives a Cell.
  template <class MakeCell>
  void add(Column column, MakeCell make_cell) {
    table_.columns.push_back(std::move(column));
    for (std::size_t i = 0; i < rows_.size(); ++i)
      table_.rows[i].cells.push_back(make_cell(*rows_[i]));
  }

  /// The contender, and its cap, which a terminal writes above each group.
  void add_contender();
  /// A figure with its interval. `leading` and `wide` as in Column.
  struct Place {
    unsigned part = 0;
    bool leading = false, wide = false;
  };
  void add(Figure figure, Place place);

  /// With a footnote on each percentile that rests on too few samples.
  Table take();
  /// With one on the intervals too: once in a report.
  Table take_with_methods();

 private:
  const Comparison& comparison_;
  std::vector<const Row*> rows_;
  Table table_;
  Footnotes footnotes_;
};

}  // namespace atonce
