#include "mock_server/truth_log.h"

namespace atonce::mock {
namespace {

/// Clients number sessions from 0: theirs do not come near this one.
constexpr std::uint64_t first_unnamed = 1ULL << 63;

}  // namespace

void Tally::enter() {
  const std::size_t mine = in_flight_.fetch_add(1, std::memory_order_relaxed) + 1;
  std::size_t peak = peak_.load(std::memory_order_relaxed);
  while (peak < mine && !peak_.compare_exchange_weak(peak, mine, std::memory_order_relaxed)) {
  }
}

bool Tally::take_log_place() {
  if (logged_.load(std::memory_order_relaxed) >= truth_limit_) return false;
  return logged_.fetch_add(1, std::memory_order_relaxed) < truth_limit_;
}

bool Tally::take_token_places(std::size_t tokens) {
  std::size_t taken = logged_tokens_.load(std::memory_order_relaxed);
  do {
    if (tokens > token_limit_ - taken) return false;
  } while (!logged_tokens_.compare_exchange_weak(taken, taken + tokens, std::memory_order_relaxed));
  return true;
}

void Tally::reset() {
  peak_ = in_flight_.load();
  logged_ = 0;
  logged_tokens_ = 0;
  unnamed_ = 0;
}

TruthLog::TruthLog(Tally& tally) : tally_(tally) {
  attempts_.reserve(tally.truth_limit());
}

TruthLog::Entry TruthLog::arrive(std::optional<AttemptId> id, Instant at,
                                 std::uint32_t connection) {
  tally_.enter();
  ++counts_.attempts;
  Entry entry{.truth = {}, .era = era_};
  entry.truth.id = id ? *id : AttemptId::unpack(first_unnamed + tally_.number_unnamed());
  entry.truth.arrived = at;
  entry.truth.connection = connection;
  return entry;
}

void TruthLog::leave_flight(Entry& entry) {
  if (!entry.in_flight) return;
  entry.in_flight = false;
  tally_.leave();
}

void TruthLog::finish(Entry& entry) {
  leave_flight(entry);
  if (entry.era != era_) return;
  counts_.frozen += entry.was_frozen;
  if (entry.truth.closed == unset) {
    ++counts_.by_status.at(entry.truth.status);
  } else if (entry.truth.fault != FaultKind::none) {
    ++counts_.faulted;
  } else {
    ++counts_.aborted;
  }
  if (!tally_.take_log_place()) return;
  auto& tokens = entry.truth.token_writes;
  const bool is_kept = !tokens.empty() && tally_.take_token_places(tokens.size());
  if (!is_kept) tokens.clear();
  tokens.shrink_to_fit();  // room for tokens that never came counts as well
  attempts_.push_back(std::move(entry.truth));
}

void TruthLog::count(const Entry& entry, LimitEvent event) {
  if (entry.era == era_) ++counts_.events[static_cast<std::size_t>(event)];
}

std::uint64_t TruthLog::count_connection() {
  ++open_connections_;
  ++counts_.connections;
  return era_;
}

void TruthLog::forget_connection(std::uint64_t era) {
  --open_connections_;
  if (era == era_) --counts_.connections;
}

void TruthLog::reset() {
  ++era_;
  counts_ = {};
  attempts_.clear();
}

void TruthLog::add_to(TruthSummary& summary) const {
  summary.attempts += counts_.attempts;
  summary.aborted += counts_.aborted;
  summary.faulted += counts_.faulted;
  summary.rejected += counts_.rejected;
  const auto events = [this](LimitEvent event) {
    return counts_.events[static_cast<std::size_t>(event)];
  };
  summary.rate_limited += events(LimitEvent::rate_limited);
  summary.banned += events(LimitEvent::banned);
  summary.bans += events(LimitEvent::ban);
  summary.retry_after_violations += events(LimitEvent::early_retry);
  summary.refused_connections += counts_.refused_connections;
  summary.frozen += counts_.frozen;
  summary.logged += attempts_.size();
  summary.open_connections += open_connections_;
  summary.distinct_connections += counts_.connections;
  for (std::size_t status = 0; status < counts_.by_status.size(); ++status) {
    if (counts_.by_status[status] == 0) continue;
    summary.completed += counts_.by_status[status];
    summary.by_status[static_cast<int>(status)] += counts_.by_status[status];
  }
}

}  // namespace atonce::mock
