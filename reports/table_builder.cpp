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

void TableBuilder::add(Figure figure, unsigned part) {
  const auto& about = entry(figure);
  add({.header = std::string(about.header),
       .brief = std::string(about.brief),
       .meaning = std::string(about.meaning),
       .number = true,
       .part = part},
      [figure](const Row& row) {
        const auto& value = row.figure(figure);
        return Cell{value ? format(figure, value->median) : no_figure};
      });
}

}  // namespace atonce
