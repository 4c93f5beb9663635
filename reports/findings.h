#pragma once
/// What a run shows beyond who was fastest, in one sentence per topic.

#include <string>

#include "reports/comparison.h"

namespace atonce {

/// About the first topic, the most particular first, of which the results tell, for example "A
/// session of 9 calls took 204 ms with asio_coroutines at cap 20: 1.02 times its critical path (200
/// ms); one call after the other would take 450 ms". Without a full stop, and about `best`, a row
/// of `comparison` with figures. Empty when there is nothing but single calls.
std::string finding(const Comparison& comparison, const Row& best);

}  // namespace atonce
