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
  fmt::print(out_, "atonce run: warning: {}\n", warning);
}

void ProgressDisplay::trial_begins(std::size_t number, std::size_t total, const TrialKey& key) {
  if (first_began_ == unset) first_began_ = now();
  number_ = number;
  total_ = total;
  label_ = label_of(key);
  last_seen_ = now();
  last_done_ = 0;
  if (on_terminal_) rewrite(fmt::format("[{}/{}] {}{}", number_, total_, label_, time_left()));
}

void ProgressDisplay::trial_goes_on(const TrialProgress& progress) {
  if (!on_terminal_) return;
  const Instant seen = now();
  const double seconds = std::chrono::duration<double>(seen - last_seen_).count();
  const double rate = static_cast<double>(progress.calls_done - last_done_) / seconds;
  last_seen_ = seen;
  last_done_ = progress.calls_done;
  rewrite(fmt::format("[{}/{}] {}: {} calls/s, {} in flight, {} failed{}", number_, total_, label_,
                      format_count(rate), progress.in_flight, progress.calls_failed, time_left()));
}

void ProgressDisplay::trial_ends(const TrialResult& result) {
  if (on_terminal_) rewrite("");
  fmt::print(out_, "[{}/{}] {}: {}\n", number_, total_, label_, outcome_of(result));
  std::fflush(out_);
}

/// Cut to 79 columns: a line that wraps could not be rewritten.
void ProgressDisplay::rewrite(const std::string& line) {
  fmt::print(out_, "\r\x1b[K{}", line.substr(0, 79));
  std::fflush(out_);
}

std::string ProgressDisplay::time_left() const {
  if (number_ < 2) return "";
  const auto finished = static_cast<std::int64_t>(number_ - 1);
  const Nanos each = (now() - first_began_) / finished;
  const auto left = std::chrono::ceil<std::chrono::seconds>(
      each * static_cast<std::int64_t>(total_ - number_ + 1));
  return fmt::format(", about {} s left", left.count());
}

}  // namespace atonce
