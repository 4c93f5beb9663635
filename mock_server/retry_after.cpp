#include "mock_server/retry_after.h"

#include <algorithm>

namespace atonce::mock {
namespace {

std::uint64_t call_of(AttemptId id) {
  id.attempt = 0;
  return id.packed();
}

}  // namespace

CannedResponse::Headers retry_after_headers(Nanos wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
  return {{"Retry-After", std::to_string(seconds)},
          {"retry-after-ms", std::to_string(milliseconds)}};
}

void RetryWatch::tell(AttemptId id, Instant at, Instant until) {
  const std::lock_guard lock(mutex_);
  if (told_.size() >= worth_a_look_) {
    std::erase_if(told_, [at](const auto& entry) { return entry.second.until <= at; });
    worth_a_look_ = std::max<std::size_t>(1024, 2 * told_.size());
  }
  told_.insert_or_assign(call_of(id), Told{id.attempt, until});
}

bool RetryWatch::look_up(AttemptId id, Instant at) {
  const std::lock_guard lock(mutex_);
  const auto found = told_.find(call_of(id));
  return found != told_.end() && id.attempt > found->second.attempt && at < found->second.until;
}

void RetryWatch::clear() {
  const std::lock_guard lock(mutex_);
  told_.clear();
}

}  // namespace atonce::mock
