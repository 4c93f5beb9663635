#pragma once
/// The table for people.

#include <string>

#include "bench/selfcheck/selfcheck.h"
#include "reports/terminal_table.h"

namespace atonce::selfcheck {

/// At most 80 columns wide.
std::string table(const Proof& proof, const Ink& ink);

}  // namespace atonce::selfcheck
