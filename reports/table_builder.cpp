#include "reports/table_builder.h"

#include "core/units.h"

namespace atonce {

TableBuilder::TableBuilder(const Comparison& comparison, std::vector<const Row*> rows)
    : comparison_(comparison), rows_(std::move(rows)) {
  for (const auto* row : rows_)
    table_.rows.push_back(
        {.cells = {},
         .winner = comparison.winner && row == &comparison.rows[*comparison.winner],
         .group = row->cap,
         .series = row->contender});
}

void TableBuilder::add_contender() {
  add({.header = "runner", .meaning = "contender / transport · variant", .key = true},
      [this](const Row& row) { return Cell{comparison_.contender(row).label()}; });
  add({.header = "cap",
       .meaning = "most requests in flight at once",
       .number = true,
       .group = true},
      [](const Row& row) { return Cell{format_limit(row.cap)}; });
}

void TableBuilder::add(Figure figure, Place place) {
  const auto& about = entry(figure);
  add({.header = std::string(about.header),
       .brief = std::string(about.brief),
       .meaning = std::string(about.meaning),
       .number = true,
       .part = place.part,
       .leading = place.leading,
       .wide = place.wide},
      [this, figure](const Row& row) {
        footnotes_.add(figure, row.figure(figure), row.finished);
        return figure_cell(figure, row.figure(figure));
      });
}

Table TableBuilder::take() {
  for (auto& note : footnotes_.thin()) table_.footnotes.push_back(std::move(note));
  return std::move(table_);
}

Table TableBuilder::take_with_methods() {
  table_.footnotes = footnotes_.methods();
  return take();
}

}  // namespace atonce
