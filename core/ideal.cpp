#include "core/ideal.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>
#include <vector>

#include "core/dispatcher.h"

namespace atonce {
namespace {

/// A client that costs nothing, on a virtual clock.
class VirtualClient {
 public:
  using PlannedReplies = std::function<std::optional<PlannedReply>(AttemptId)>;

  VirtualClient(Dispatcher& work, const PlannedReplies& planned) : work_(work), planned_(planned) {}

  /// Plays from `start` to the end; returns the last instant, nothing when a reply is not known.
  std::optional<Instant> play(Instant start) {
    Instant at = start;
    for (;;) {
      if (!send_all(at)) return {};
      abort_named(at);
      if (work_.finished()) return at;
      const Instant ended = ends_.empty() ? never : ends_.top().at;
      at = std::max(at, std::min(ended, work_.next_wake()));
      if (ended <= at) end_first();
    }
  }

 private:
  struct End {
    Instant at;
    std::uint32_t slot;
    AttemptId id;
    bool operator>(const End& other) const {
      return std::tie(at, id) > std::tie(other.at, other.id);
    }
  };

  bool send_all(Instant at) {
    while (const auto attempt = work_.try_next(at)) {
      const auto reply = planned_(attempt->id);
      if (!reply) return false;
      if (in_flight_.size() <= attempt->slot) in_flight_.resize(attempt->slot + 1);
      Sample& sample = in_flight_[attempt->slot] = attempt->begin_sample();
      const Instant done = after(at, reply->delay);
      const bool in_time = done <= attempt->give_up_at;
      sample.outcome = in_time ? reply->outcome : attempt->give_up_outcome(true);
      sample.status = in_time ? reply->status : std::uint16_t{0};
      if (in_time) sample.retry = reply->retry;
      const Nanos step = sample.outcome == Outcome::ok ? attempt->request->then.span : Nanos{};
      ends_.push({std::min(done, attempt->give_up_at) + step, attempt->slot, attempt->id});
    }
    return true;
  }

  /// In an ideal world a cancelled attempt ends at once: an earlier end overtakes the planned one.
  void abort_named(Instant at) {
    for (const std::uint32_t slot : work_.take_aborts()) {
      in_flight_[slot].outcome = Outcome::cancelled;
      ends_.push({at, slot, in_flight_[slot].id});
    }
  }

  void end_first() {
    const End end = ends_.top();
    ends_.pop();
    Sample& sample = in_flight_[end.slot];
    const bool overtaken = sample.id != end.id || sample.at.done != unset;
    if (overtaken) return;
    sample.at.done = end.at;
    work_.complete(sample);
  }

  Dispatcher& work_;
  const PlannedReplies& planned_;
  std::vector<Sample> in_flight_;  // by slot
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_;
};

}  // namespace

std::optional<Nanos> ideal_makespan(
    const Schedule& schedule, const Policy& policy,
    const std::function<std::optional<PlannedReply>(AttemptId)>& reply) {
  if (schedule.closed && schedule.closed->sessions == 0) return {};
  constexpr Instant start{Nanos{1}};
  Recorder unread(0);
  Dispatcher work(schedule, policy, unread, start);
  const auto end = VirtualClient(work, reply).play(start);
  if (!end) return {};
  return *end - start;
}

}  // namespace atonce
