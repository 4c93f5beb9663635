#include "bench/tune/allowance.h"

#include <algorithm>
#include <array>

namespace atonce::tune {
namespace {

constexpr std::array<double, most_looks> of_look{0.6, 0.2, 0.1, 0.1};

}  // namespace

void Allowance::seek(std::size_t level, Standing kind) {
  Shares& all = shares(kind);
  if (!all.sought.insert(level).second) return;
  all.of[level] += all.next_sought;
  all.next_sought /= 3;
}

double Allowance::at(std::size_t level, Standing kind, std::size_t look) {
  Shares& all = shares(kind);
  auto found = all.of.find(level);
  if (found == all.of.end()) {
    found = all.of.emplace(level, all.next_noticed).first;
    all.next_noticed /= 2;
  }
  return half_ * found->second * of_look[std::min(look, most_looks - 1)];
}

}  // namespace atonce::tune
