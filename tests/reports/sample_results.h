#pragma once
/// Result sets made by hand, for tests of reports.

#include <vector>

#include "core/result.h"

namespace atonce {

/// 100 calls of 25 to 75 ms by all kinds of contenders under four caps, three times each, with the
/// figures that such a run gives. One configuration crashed once, one lost calls, one is suspect.
ResultSet sample_results();

/// The same under a given rate, once each.
ResultSet sample_open_results();

/// Under a steady rate for twenty seconds, with a warm-up, so that the course can be drawn.
ResultSet sample_course_results();

/// Every text is an attack on the place where it is shown.
ResultSet hostile_results();

/// A set with nothing in it.
ResultSet empty_results();

/// One of each topic. Sessions of seven calls in three stages, by two concurrent contenders and
/// sync_serial.
ResultSet sample_session_results();
/// Streams of 40 tokens; thread_pool on three libraries.
ResultSet sample_stream_results();
/// Two event loops with a step of 5 ms, each as variant "inline" and "offload".
ResultSet sample_step_results();
/// Variant "capped" is refused little, "eager" much and banned too.
ResultSet sample_limit_results();
/// Variant "fail_fast" gives up what "collect" carries to its end.
ResultSet sample_abort_results();
/// Variant "pool" has fewer connections than its cap, "semaphore" a cap.
ResultSet sample_pool_results();
/// A constant rate against a server that stops for a second, under a cap of 5.
ResultSet sample_omission_results();

/// All of the above but hostile_results() and empty_results().
std::vector<ResultSet> all_samples();

}  // namespace atonce
