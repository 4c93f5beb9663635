#include "bench/progress_display.h"

#include <fmt/format.h>

#include "core/units.h"

namespace atonce {
namespace {

std::string label_of(const TrialKey& key) {
  const std::string transport = key.transport.empty() ? "" : "/" + key.transport;
  return fmt::format("{}{} cap {}", key.runner, transport, format_limit(key.cap));
}

std::string outcome_of(const TrialResult& result) {
  if (result.status == TrialStatus::crashed) return "crashed: " + result.error;
  const std::uint64_t failed = calls_failed(result);
  return fmt::format("{} calls in {}{}{}", result.ledger.scheduled,
                     format_duration(result.makespan),
                     failed > 0 ? fmt::format(", {} failed", failed) : "",
                     result.status == TrialStatus::interrupted ? ", interrupted" : "");
}

}  // namespace

void ProgressDisplay::warned(const std::string& warning) {
  line_.remark("atonce run: warning: " + warning);
}

void ProgressDisplay::trial_begins(std::size_t number, std::size_t total, const TrialKey& key) {
  line_.begin(number, total, label_of(key));
  last_seen_ = now();
  last_done_ = 0;
}

void ProgressDisplay::trial_goes_on(const ProgressCounts& counts) {
  const std::uint64_t done = calls_done(counts);
  const Instant seen = now();
  const double seconds = std::chrono::duration<double>(seen - last_seen_).count();
  const double rate = static_cast<double>(done - last_done_) / seconds;
  last_seen_ = seen;
  last_done_ = done;
  line_.show(fmt::format("{} calls/s, {} in flight, {} failed", format_count(rate),
                         counts.in_flight, done - counts.calls[index(Outcome::ok)]));
}

void ProgressDisplay::trial_ends(const TrialResult& result) {
  line_.end(outcome_of(result));
}

}  // namespace atonce
