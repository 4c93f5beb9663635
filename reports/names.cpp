#include "reports/names.h"

#include <algorithm>
#include <array>
#include <span>

namespace atonce {
namespace {

constexpr std::array<std::string_view, 4> shapes{"batch", "closed", "constant", "poisson"};
constexpr std::array<std::string_view, 3> statuses{"finished", "interrupted", "crashed"};

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

}  // namespace atonce
