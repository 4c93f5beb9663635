#pragma once

#include <filesystem>

#include "core/result.h"

namespace CLI {
class App;
}

namespace atonce {

/// Adds `atonce report`; its callback sets `exit_code`, which must outlive the parsing.
void add_report(CLI::App& app, int& exit_code);

/// Prints the summary as wide as the terminal, 80 columns where there is none, and where the report
/// stands below `out`. In colour where it is wanted.
void show_report(const ResultSet& results, const std::filesystem::path& out);

/// Columns of the terminal; 80 where there is none.
int terminal_width();
/// On a terminal, unless NO_COLOR is set.
bool colour_wanted();

}  // namespace atonce
