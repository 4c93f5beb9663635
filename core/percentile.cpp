#include "core/percentile.h"

#include <cmath>

namespace atonce {

std::uint64_t samples_needed(double p) {
  constexpr double doubt = 0.01;
  return static_cast<std::uint64_t>(std::ceil(std::log(doubt) / std::log(p)));
}

}  // namespace atonce
