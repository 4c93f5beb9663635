#include "bench/gate/stage.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/child_answer.h"

namespace atonce::gate {
namespace {

/// This program is whatever runs, even when another file has taken its place: the link is followed
/// in the child, which is this program until then.
std::filesystem::path source_of(const Arm& arm) {
  return arm.program.empty() ? same_program : arm.program;
}

}  // namespace

Stage::Stage(std::filesystem::path folder, const Arm& baseline, const Arm& candidate)
    : folder_(std::filesystem::absolute(folder)) {
  std::filesystem::remove_all(folder_);
  const Arm* arms[2] = {&baseline, &candidate};
  const bool builds =
      std::ranges::any_of(arms, [](const Arm* arm) { return arm->kind == Arm::Kind::build; });
  for (std::size_t i = 0; i < 2; ++i) {
    std::filesystem::create_directories(folder_ / fmt::format("arm-{}", i));
    targets_[i] = source_of(*arms[i]);
    if (!builds || arms[i]->kind == Arm::Kind::client) continue;
    const auto copy = folder_ / fmt::format("store-{}", i) / "run";
    std::filesystem::create_directories(copy.parent_path());
    std::filesystem::copy_file(targets_[i], copy);
    targets_[i] = copy;
  }
}

Stage::~Stage() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

void Stage::arrange(bool swapped, bool control) {
  swapped_ = swapped;
  for (std::size_t side = 0; side < 2; ++side) {
    const auto place = link(swapped ? 1 - side : side);
    std::filesystem::remove(place);
    std::filesystem::create_symlink(targets_[control ? 0 : side], place);
  }
}

std::string Stage::program(Side side) const {
  const auto own = static_cast<std::size_t>(side);
  return link(swapped_ ? 1 - own : own).string();
}

std::filesystem::path Stage::link(std::size_t place) const {
  return folder_ / fmt::format("arm-{}", place) / "run";
}

}  // namespace atonce::gate
