#include "reports/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <span>

namespace atonce {
namespace {

constexpr std::array<std::string_view, 7> shapes{"batch", "closed", "constant", "poisson",
                                                 "gamma", "jitter", "trace"};
constexpr std::array<std::string_view, 3> statuses{"finished", "interrupted", "crashed"};

/// Results name a transport only where a runner has several.
struct Library {
  std::string_view runner, transport, name;
};
constexpr std::array<Library, 3> libraries{
    {{"asio_coroutines", "", "beast"}, {"curl_multi", "", "curl"}, {"", "curl-easy", "curl"}}};

template <class Enum>
std::optional<Enum> find(std::span<const std::string_view> names, std::string_view wanted) {
  const auto found = std::ranges::find(names, wanted);
  if (found == names.end()) return std::nullopt;
  return static_cast<Enum>(found - names.begin());
}

}  // namespace

std::string_view shape_name(LoadShape shape) {
  return shapes[static_cast<std::size_t>(shape)];
}

std::optional<LoadShape> shape_from_name(std::string_view wanted) {
  return find<LoadShape>(shapes, wanted);
}

std::string_view status_name(TrialStatus status) {
  return statuses[static_cast<std::size_t>(status)];
}

std::optional<TrialStatus> status_from_name(std::string_view wanted) {
  return find<TrialStatus>(statuses, wanted);
}

std::optional<VerdictLevel> level_from_name(std::string_view wanted) {
  for (const auto level : {VerdictLevel::valid, VerdictLevel::suspect, VerdictLevel::invalid})
    if (name(level) == wanted) return level;
  return std::nullopt;
}

std::string counted(std::uint64_t number, std::string_view noun) {
  return fmt::format("{} {}{}", number, noun, number == 1 ? "" : "s");
}

std::string_view http_library(std::string_view runner, std::string_view transport) {
  for (const auto& library : libraries)
    if (library.transport == transport && (library.runner.empty() || library.runner == runner))
      return library.name;
  return transport;
}

}  // namespace atonce
