#include "runners/deadlines.h"

#include <algorithm>

namespace atonce {

void Deadlines::set(std::uint32_t slot, Instant give_up_at) {
  if (by_slot_.size() <= slot) by_slot_.resize(slot + 1, never);
  by_slot_[slot] = give_up_at;
  next_look_ = std::min(next_look_, give_up_at);
}

std::vector<std::uint32_t> Deadlines::take_expired(Instant at) {
  if (at < next_look_) return {};
  std::vector<std::uint32_t> expired;
  next_look_ = never;
  for (std::uint32_t slot = 0; slot < by_slot_.size(); ++slot) {
    if (by_slot_[slot] > at) {
      next_look_ = std::min(next_look_, by_slot_[slot]);
    } else {
      by_slot_[slot] = never;
      expired.push_back(slot);
    }
  }
  return expired;
}

}  // namespace atonce
