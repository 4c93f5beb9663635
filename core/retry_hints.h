#pragma once
/// What response headers say about another try.

#include <chrono>
#include <string_view>

#include "core/sample.h"

namespace atonce {

/// Takes note of Retry-After (seconds, or an HTTP date seen at `wall_now`), retry-after-ms, which
/// is more exact and wins, and x-should-retry. Other headers, and values that are none, are
/// ignored; the case of `name` does not matter.
void read_retry_header(
    std::string_view name, std::string_view value, RetryHints& hints,
    std::chrono::system_clock::time_point wall_now = std::chrono::system_clock::now());

}  // namespace atonce
