#pragma once
/// Response headers as a configuration names them.

#include "core/config.h"
#include "mock_server/canned_response.h"

namespace atonce::mock {

/// Of {NAME: VALUE, ...}. Throws ConfigError.
CannedResponse::Headers parse_headers(const ConfigNode& node);

}  // namespace atonce::mock
