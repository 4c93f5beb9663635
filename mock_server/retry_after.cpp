#include "mock_server/retry_after.h"

#include <fmt/chrono.h>

#include <algorithm>

namespace atonce::mock {
namespace {

/// RFC 9110, 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT".
std::string http_date(Nanos from_now) {
  const auto at =
      std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::now() + from_now);
  return fmt::format("{:%a, %d %b %Y %H:%M:%S} GMT",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(at)));
}

std::uint64_t call_of(AttemptId id) {
  id.attempt = 0;
  return id.packed();
}

}  // namespace

RetryAfterForm parse_retry_after_form(const ConfigNode& node) {
  const auto name = node.text();
  if (name == "both") return RetryAfterForm::both;
  if (name == "seconds") return RetryAfterForm::seconds;
  if (name == "milliseconds") return RetryAfterForm::milliseconds;
  if (name == "http_date") return RetryAfterForm::http_date;
  node.reject("both, seconds, milliseconds or http_date");
}

CannedResponse::Headers retry_after_headers(Nanos wait, RetryAfterForm form) {
  if (form == RetryAfterForm::http_date) return {{"Retry-After", http_date(wait)}};
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
  CannedResponse::Headers headers;
  if (form != RetryAfterForm::milliseconds) {
    headers.emplace_back("Retry-After", std::to_string(seconds));
  }
  if (form != RetryAfterForm::seconds) {
    headers.emplace_back("retry-after-ms", std::to_string(milliseconds));
  }
  return headers;
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
