#include "bench/stored_result.h"

#include <fmt/format.h>

#include <stdexcept>

#include "reports/result_json.h"

namespace atonce {

ResultSet stored_result(const std::filesystem::path& place) {
  if (std::filesystem::is_regular_file(place)) return read_result(place);
  if (!std::filesystem::is_directory(place))
    throw std::runtime_error(fmt::format("there is no folder {}", place.string()));
  const auto file = place / "result.json";
  if (!std::filesystem::is_regular_file(file))
    throw std::runtime_error(fmt::format(
        "{} has no result.json; give the folder that `atonce run` wrote", place.string()));
  return read_result(file);
}

}  // namespace atonce
