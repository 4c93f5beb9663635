#include "runners/wire.h"

#include <algorithm>

#include "core/ascii.h"

namespace atonce {

bool has_header(const Request& request, std::string_view name) {
  return std::ranges::any_of(request.headers, [name](const auto& header) {
    return equal_ignoring_case(header.first, name);
  });
}

std::string path_on_wire(const Target& target, const Request& request) {
  return target.base_path + request.target;
}

}  // namespace atonce
