#include "bench/tune/allowance.h"

namespace atonce::tune {
namespace {

double share_of_look(std::size_t look) {
  constexpr double first = 0.6, second = 0.2;
  if (look == 0) return first;
  double share = second;
  for (std::size_t i = 1; i < look; ++i) share /= 2;
  return share;
}

}  // namespace

Allowance::Account& Allowance::Accounts::open(std::size_t level) {
  const auto [found, is_new] = of.try_emplace(level);
  if (is_new) {
    found->second.share = next;
    next /= shrinks;
  }
  return found->second;
}

void Allowance::seek(std::size_t level, Standing kind) {
  kind_of(kind).sought.open(level);
}

double Allowance::spend(std::size_t level, Standing kind, bool sought) {
  Kind& all = kind_of(kind);
  const bool is_sought = sought && all.sought.of.contains(level);
  Account& account = (is_sought ? all.sought : all.noticed).open(level);
  const double p = half_ * account.share * share_of_look(account.looks++);
  spent_ += p;
  return p;
}

}  // namespace atonce::tune
