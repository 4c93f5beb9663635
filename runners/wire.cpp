#include "runners/wire.h"

#include <strings.h>

#include <algorithm>

namespace atonce {

bool has_header(const Request& request, std::string_view name) {
  return std::ranges::any_of(request.headers, [name](const auto& header) {
    return header.first.size() == name.size() &&
           strncasecmp(header.first.data(), name.data(), name.size()) == 0;
  });
}

std::string path_on_wire(const Target& target, const Request& request) {
  return target.base_path + request.target;
}

}  // namespace atonce
