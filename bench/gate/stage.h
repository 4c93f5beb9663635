#pragma once
/// Where the programs of both arms lie while they are compared.

#include <filesystem>
#include <string>

#include "bench/gate/arm.h"
#include "bench/gate/record.h"

namespace atonce::gate {

/// Both programs are started under paths of the same length, `arm-0/run` and `arm-1/run`, of which
/// a coin says which is whose: the length of a path moves the stack, and with it the speed. When
/// one arm is a build of atonce, it and this program are copied. Else this program is linked to; a
/// client always is, since it stays where its other files are.
class Stage {
 public:
  /// Makes `folder`, and removes it at the end.
  Stage(std::filesystem::path folder, const Arm& baseline, const Arm& candidate);
  ~Stage();
  Stage(const Stage&) = delete;
  Stage& operator=(const Stage&) = delete;

  /// In a control pair both paths lead to the baseline.
  void arrange(bool swapped, bool control);
  /// What to start, as last arranged.
  std::string program(Side side) const;

 private:
  std::filesystem::path link(std::size_t place) const;

  const std::filesystem::path folder_;
  std::filesystem::path targets_[2];
  bool swapped_ = false;
};

}  // namespace atonce::gate
