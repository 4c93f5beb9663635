#include "core/slots.h"

#include "core/policy.h"

namespace atonce {

Instant Slots::free_since() const {
  return has_unused() ? start_ : freed_.front();
}

Instant Slots::take() {
  const Instant since = free_since();
  if (!has_unused()) freed_.pop_front();
  ++taken_;
  return since;
}

/// Without a limit there is always a slot that was never used.
void Slots::give_back(Instant at) {
  --taken_;
  if (limit_ != unlimited && has_unused()) freed_.push_back(at);
}

void Slots::resize(std::size_t limit, Instant at) {
  if (limit > limit_) freed_.insert(freed_.end(), limit - limit_, at);
  limit_ = limit;
  while (taken_ + freed_.size() > limit_ && !freed_.empty()) freed_.pop_back();
}

}  // namespace atonce
