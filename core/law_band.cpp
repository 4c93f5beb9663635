#include "core/law_band.h"

#include <algorithm>
#include <boost/math/distributions/beta.hpp>

namespace atonce {

LawBand order_statistic_band(const Law& law, std::uint64_t rank, std::uint64_t count,
                             double alpha) {
  namespace math = boost::math;
  const math::beta_distribution<double> place(static_cast<double>(rank),
                                              static_cast<double>(count - rank + 1));
  constexpr double least = 0x1p-53;
  const auto at = [&](double u) { return quantile(law, std::clamp(u, least, 1 - least)); };
  return {.low = at(math::quantile(place, alpha / 2)),
          .high = at(math::quantile(math::complement(place, alpha / 2)))};
}

}  // namespace atonce
