#include "core/distributions.h"

#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>

namespace atonce {

namespace math = boost::math;

double t_above(double t, double degrees) {
  return math::cdf(math::complement(math::students_t(degrees), t));
}

double t_at(double tail, double degrees) {
  return math::quantile(math::complement(math::students_t(degrees), tail));
}

double binomial_up_to(double hits, double trials, double share) {
  return hits >= trials ? 1 : math::ibetac(hits + 1, trials - hits, share);
}

double binomial_from(double hits, double trials, double share) {
  return hits <= 0 ? 1 : math::ibeta(hits, trials - hits + 1, share);
}

Bounds clopper_pearson(double hits, double trials, double tail) {
  return {.low = hits > 0 ? math::ibeta_inv(hits, trials - hits + 1, tail) : 0,
          .high = hits < trials ? math::ibetac_inv(hits + 1, trials - hits, tail) : 1};
}

}  // namespace atonce
