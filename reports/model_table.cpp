#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

#include "core/units.h"
#include "reports/names.h"
#include "reports/section.h"

namespace atonce {
namespace {

/// The best row of each pair of runner and library, under the winner's cap and in its variant.
struct Matrix {
  std::set<std::string> runners, libraries;
  std::map<std::pair<std::string, std::string>, const Row*> best;
  bool compares = false;  ///< a runner was played on several libraries
};

/// Rows of one cap come the best first, so the first of a pair is its best.
Matrix matrix_beside(const Comparison& comparison, const Row& winner) {
  Matrix matrix;
  std::map<std::string, std::set<std::string>> libraries_of;
  for (const auto& row : comparison.rows) {
    const auto& contender = comparison.contender(row);
    const auto library = http_library(contender.runner, contender.transport);
    if (row.cap != winner.cap || contender.variant != comparison.contender(winner).variant)
      continue;
    if (row.finished == 0 || library.empty()) continue;
    matrix.best.try_emplace({contender.runner, std::string(library)}, &row);
    matrix.runners.insert(contender.runner);
    matrix.libraries.emplace(library);
    auto& own = libraries_of[contender.runner];
    own.emplace(library);
    matrix.compares = matrix.compares || own.size() > 1;
  }
  return matrix;
}

std::string value_in(const Row& row, Figure figure) {
  const auto& value = row.figure(figure);
  return value ? format(figure, value->median) : no_figure;
}

Cell cell_of(const Matrix& matrix, const std::string& runner, const std::string& library,
             Figure first) {
  const auto found = matrix.best.find({runner, library});
  if (found == matrix.best.end()) return {no_figure};
  return {fmt::format("{} / {}", value_in(*found->second, first),
                      value_in(*found->second, Figure::cpu_per_call))};
}

}  // namespace

std::optional<Section> model_section(const Comparison& comparison) {
  if (!comparison.winner) return {};
  const Row& winner = comparison.rows[*comparison.winner];
  const auto matrix = matrix_beside(comparison, winner);
  if (!matrix.compares) return {};
  const auto first = headline_figure(comparison.results->shape);
  Section section{
      .title = "By model and by HTTP library",
      .text = fmt::format("Down a column only the model differs, along a row only the library. At "
                          "cap {}: {} / {}.",
                          format_limit(winner.cap), entry(first).header,
                          entry(Figure::cpu_per_call).header),
      .table = {}};
  section.table.columns.push_back(
      {.header = "model", .meaning = "the runner, by its concurrency model", .key = true});
  for (const auto& library : matrix.libraries)
    section.table.columns.push_back({.header = Contender{library, "", ""}.label(), .number = true});
  for (const auto& runner : matrix.runners) {
    TableRow row{.cells = {{Contender{runner, "", ""}.label()}}};
    for (const auto& library : matrix.libraries)
      row.cells.push_back(cell_of(matrix, runner, library, first));
    section.table.rows.push_back(std::move(row));
  }
  return section;
}

}  // namespace atonce
