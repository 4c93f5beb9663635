#include "mock_server/rate_meter.h"

#include <algorithm>

namespace atonce::mock {

TokenBucket::TokenBucket(const Quota& quota)
    : quota_(quota), level_(Units{1} * quota.most * quota.per.count()) {}

void TokenBucket::settle(Instant at) {
  if (at <= at_) return;
  const Units full = Units{1} * quota_.most * quota_.per.count();
  level_ = std::min(full, level_ + Units{1} * quota_.most * (at - at_).count());
  at_ = at;
}

std::uint64_t TokenBucket::remaining() const {
  return static_cast<std::uint64_t>(level_ / quota_.per.count());
}

Nanos TokenBucket::wait(std::uint64_t amount) const {
  if (amount > quota_.most) return unlimited_time;
  const Units missing = Units{1} * amount * quota_.per.count() - level_;
  if (missing <= 0) return Nanos::zero();
  return Nanos{static_cast<std::int64_t>((missing + quota_.most - 1) / quota_.most)};
}

Nanos TokenBucket::until_full() const {
  return wait(quota_.most);
}

void TokenBucket::take(std::uint64_t amount) {
  level_ -= Units{1} * amount * quota_.per.count();
}

void SlidingWindow::settle(Instant at) {
  at_ = std::max(at_, at);
  while (!taken_.empty() && taken_.front().until <= at_) {
    used_ -= taken_.front().amount;
    taken_.pop_front();
  }
}

Nanos SlidingWindow::wait(std::uint64_t amount) const {
  if (amount > quota_.most) return unlimited_time;
  std::uint64_t free = remaining();
  if (amount <= free) return Nanos::zero();
  auto oldest = taken_.begin();
  while ((free += oldest->amount) < amount) ++oldest;
  return oldest->until - at_;
}

Nanos SlidingWindow::until_full() const {
  return taken_.empty() ? Nanos::zero() : taken_.back().until - at_;
}

void SlidingWindow::take(std::uint64_t amount) {
  used_ += amount;
  taken_.push_back({after(at_, quota_.per), amount});
}

RateMeter::RateMeter(const Quota& quota) : most_(quota.most), kind_(TokenBucket(quota)) {
  if (quota.kind == Quota::Kind::window) kind_ = SlidingWindow(quota);
}

void RateMeter::settle(Instant at) {
  std::visit([at](auto& meter) { meter.settle(at); }, kind_);
}

std::uint64_t RateMeter::remaining() const {
  return std::visit([](const auto& meter) { return meter.remaining(); }, kind_);
}

Nanos RateMeter::wait(std::uint64_t amount) const {
  return std::visit([amount](const auto& meter) { return meter.wait(amount); }, kind_);
}

Nanos RateMeter::until_full() const {
  return std::visit([](const auto& meter) { return meter.until_full(); }, kind_);
}

void RateMeter::take(std::uint64_t amount) {
  std::visit([amount](auto& meter) { meter.take(amount); }, kind_);
}

}  // namespace atonce::mock
