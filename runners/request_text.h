#pragma once
/// Requests as HTTP/1.1 text, written out once and stamped with an id for every attempt.

#include <string>
#include <string_view>
#include <unordered_map>

#include "core/attempt_id.h"
#include "runners/runner.h"

namespace atonce {

/// Not thread-safe: the text is shared and its id is overwritten in place.
class RequestTexts {
 public:
  RequestTexts(Target target, bool keep_alive)
      : target_(std::move(target)), keep_alive_(keep_alive) {}

  /// Head and body of `request` with `id` in its header. Valid until the next call.
  std::string_view of(const Request& request, AttemptId id);

 private:
  struct Text {
    std::string bytes;
    std::size_t id_at = 0;
  };
  Text render(const Request& request) const;

  const Target target_;
  const bool keep_alive_;
  std::unordered_map<const Request*, Text> texts_;
};

}  // namespace atonce
