#pragma once
/// The conservation equation in words: what became of every call, and whether the server agrees.

#include <string>

#include "reports/comparison.h"
#include "reports/table.h"

namespace atonce {

/// "100 scheduled = 98 ok + 1 reset + 1 read_timeout": ok, and what else there was. With what is
/// missing or too many, where it does not balance.
std::string conservation(const Ledger& ledger);

/// Of all trials in one sentence; where one does not balance, which.
std::string accounts_line(const Comparison& comparison);

/// A row per configuration, over its repetitions.
Table accounts_table(const Comparison& comparison);

}  // namespace atonce
