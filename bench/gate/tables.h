#pragma once
/// What every document of a gate says, before it takes the form of a terminal, Markdown or HTML.

#include <string>
#include <vector>

#include "bench/gate/judgement.h"
#include "reports/table.h"

namespace atonce::gate {

/// "PASS: no cell is worse by 8 % or more".
std::string headline(const Judgement& judgement);
/// One row per cell.
Table cell_table(const Judgement& judgement);
/// What a reader must know beside the table, a sentence or two each.
std::vector<std::string> remarks(const Record& record, const Judgement& judgement);
/// The run: arms, load, pairs, seed.
Facts run_facts(const Record& record, const Judgement& judgement);

}  // namespace atonce::gate
