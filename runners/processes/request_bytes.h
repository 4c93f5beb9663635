#pragma once
/// A request as bytes, for a process that does not have the schedule.

#include <string>
#include <string_view>

#include "core/schedule.h"

namespace atonce {

std::string to_bytes(const Request& request);

/// `bytes` must come from to_bytes().
Request request_from_bytes(std::string_view bytes);

}  // namespace atonce
