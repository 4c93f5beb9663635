#pragma once
/// What every runner puts on the wire besides a request's own headers, so that all send the same.

#include <string>
#include <string_view>

#include "core/schedule.h"
#include "runners/runner.h"

namespace atonce {

inline constexpr std::string_view user_agent = "atonce";

/// Sent with a body whose request names no Content-Type.
inline constexpr std::string_view default_content_type = "application/octet-stream";

/// Whether the request itself names this header; case does not matter.
bool has_header(const Request& request, std::string_view name);

/// Path and query as in the request line: the target's base path, then the request's target.
std::string path_on_wire(const Target& target, const Request& request);

}  // namespace atonce
