#pragma once
/// Result sets made by hand, for tests of reports.

#include <cstdint>

#include "core/result.h"

namespace atonce {

/// 100 calls of 25 to 75 ms by all kinds of contenders under four caps, three times each, with the
/// figures that such a run gives. One configuration crashed once, one lost calls, one is suspect.
ResultSet sample_results();

/// The same under a given rate, once each.
ResultSet sample_open_results();

/// Every text is an attack on the place where it is shown.
ResultSet hostile_results();

/// A set with nothing in it.
ResultSet empty_results();

}  // namespace atonce
