#pragma once
/// How a client is told to wait before its next attempt.

#include "core/clock.h"
#include "mock_server/canned_response.h"

namespace atonce::mock {

/// Retry-After in whole seconds and retry-after-ms in whole milliseconds, both rounded up: a client
/// that heeds either comes late enough.
CannedResponse::Headers retry_after_headers(Nanos wait);

}  // namespace atonce::mock
