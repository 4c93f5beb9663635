#pragma once
/// The summary that a run ends with.

#include <string>

#include "core/result.h"

namespace atonce {

/// The headline, one table (split by design into several where it is wider than `width` columns),
/// and what a reader must know before believing it. No line is longer than `width` (>= 60 is
/// respected). ANSI colours only with `colour`. Ends with a line break.
std::string terminal_summary(const ResultSet& results, bool colour, int width);

}  // namespace atonce
