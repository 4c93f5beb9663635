#pragma once
/// Who won, and the one sentence that says so.

#include <string>

#include "reports/comparison.h"

namespace atonce {

/// Orders the rows of `comparison` and names the winner, by the leading figure of the load shape.
void rank(Comparison& comparison);

/// One sentence for the top of every report, for example "asio_coroutines at cap unlimited was
/// fastest: 100 calls in 75.1 ms, 0.98 of the ideal; sync_serial took 5.01 s.", or a finding where
/// there is more to tell. Says first when the run was interrupted, and when nothing finished.
std::string headline(const Comparison& comparison);

}  // namespace atonce
