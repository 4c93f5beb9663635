#pragma once
/// Plays one row.

#include <stop_token>

#include "bench/selfcheck/observation.h"

namespace atonce::selfcheck {

/// Plays it in this process against the mock server at `spec.url`, which serves server_text().
/// After a stop request the observation is that of a part. Throws std::exception when the row
/// cannot be played or the server's account of it cannot be had.
Observation observe(const Spec& spec, std::stop_token stop);

}  // namespace atonce::selfcheck
