#pragma once
/// Builds a table of rows of a comparison column by column, so that a column's header stands beside
/// its cells.

#include <utility>
#include <vector>

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
  /// The median of a figure.
  void add(Figure figure, unsigned part = 0);

  Table take() { return std::move(table_); }

 private:
  const Comparison& comparison_;
  std::vector<const Row*> rows_;
  Table table_;
};

}  // namespace atonce
