#include "core/outcome.h"

#include <algorithm>

namespace atonce {
namespace {

constexpr PerOutcome<std::string_view> names{
    "ok",        "http_status",  "rate_limited", "connect_refused", "connect_timeout",
    "dns",       "tls",          "reset",        "closed_early",    "truncated",
    "malformed", "stream_error", "read_timeout", "worker_lost",     "deadline",
    "cancelled", "shed",         "unfinished"};

}  // namespace

std::string_view name(Outcome outcome) {
  return names[index(outcome)];
}

std::optional<Outcome> outcome_from_name(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return {};
  return static_cast<Outcome>(found - names.begin());
}

}  // namespace atonce
