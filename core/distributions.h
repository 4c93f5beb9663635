#pragma once
/// Tails of the laws that tests and intervals are made of.

namespace atonce {

/// P(T > t) of Student's law; `degrees` > 0.
double t_above(double t, double degrees);
/// The t that is exceeded with probability `tail`, in (0, 1).
double t_at(double tail, double degrees);

/// P(at most `hits` of `trials`) and P(at least `hits` of `trials`) when each hits with probability
/// `share`, by the incomplete beta function: so that numbers need not be whole.
double binomial_up_to(double hits, double trials, double share);
double binomial_from(double hits, double trials, double share);

struct Bounds {
  double low = 0, high = 0;
};
/// Bounds of a share of which `hits` in `trials` were seen, each wrong with probability `tail` at
/// most (Clopper and Pearson 1934).
Bounds clopper_pearson(double hits, double trials, double tail);

}  // namespace atonce
