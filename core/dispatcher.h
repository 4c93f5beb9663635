#pragma once
/// Hands out attempts and takes them back: stages, caps, deadlines, retries and error policy are
/// decided here, once, for every runner.

#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <vector>

#include "core/attempt.h"
#include "core/ledger.h"
#include "core/policy.h"
#include "core/recorder.h"
#include "core/schedule.h"
#include "core/slots.h"

namespace atonce {

/// A pure state machine: time comes in as an argument, nothing blocks, nothing is called back.
/// This is the event-loop face; BlockingDispatcher wraps it for thread-like runners.
/// Not thread-safe. `schedule` and `recorder` must outlive it.
class Dispatcher {
 public:
  /// Arrivals are due relative to `start`.
  Dispatcher(const Schedule& schedule, const Policy& policy, Recorder& recorder, Instant start);

  /// The next attempt that is due, unblocked and admitted at `at`; nothing when there is none.
  std::optional<Attempt> try_next(Instant at);

  /// The earliest instant at which try_next() could succeed without a completion before it;
  /// `never` when only a completion can help.
  Instant next_wake() const;

  /// Takes back an attempt handed out before, in its final state (`sample.at.done` is set).
  /// Exactly once per attempt. An adaptive limit takes its step here.
  void complete(const Sample& sample);

  /// Takes note of how late an event loop is.
  void heartbeat(const Heartbeat& beat) { recorder_.on_heartbeat(beat); }

  /// Slots whose attempts must be aborted now, because a sibling failed or the run was stopped: ask
  /// after each round of other calls. Each is named once; each must still be completed, as
  /// `cancelled` if the abort came in time. Empty most of the time.
  std::vector<std::uint32_t> take_aborts();

  /// No more hand-outs: all in flight are to be aborted, all others end as `unfinished`.
  /// Calling it again does nothing.
  void stop(Instant at);

  /// Nothing is in flight and nothing will come.
  bool finished() const;

  std::size_t in_flight() const { return under_limit_.taken(); }
  const Ledger& ledger() const { return ledger_; }

 private:
  enum class CallState : unsigned char { waiting, pending, in_flight, final };
  struct CallStatus {
    CallState state = CallState::waiting;
    std::uint16_t stage = 0;
    std::uint16_t attempts = 0;  ///< handed out so far
    std::uint32_t request = 0;   ///< index into Schedule::requests
    std::uint32_t slot = 0;      ///< while in flight
    Instant ready{};             ///< its stage opened
    LastAttempt last{};
  };
  /// A session from its start to its last final call. Kept and reused through a free list.
  struct OpenSession {
    std::uint32_t number = 0;
    const SessionPlan* plan = nullptr;
    Instant due;
    bool ok = true;
    bool cancelled = false;
    std::size_t calls_left = 0;
    std::vector<CallStatus> calls;
    std::vector<std::size_t> stage_calls_left;
    std::vector<std::size_t> stage_deps_left;
  };
  /// A call that may be handed out from `at` on. Stale once its session has moved on.
  struct Pending {
    Instant at;
    std::uint64_t order;  ///< ties are served in the order in which they became pending
    std::uint32_t session_slot;
    std::uint32_t session;
    std::uint16_t call;
    bool operator>(const Pending& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };
  struct InFlight {
    std::uint32_t session_slot = 0;
    std::uint16_t call = 0;
    std::optional<Outcome> abort_as;  ///< set once the attempt was named for an abort
  };

  bool open_next_session(Instant at);
  bool open_closed_session(Instant at);
  void open_session(const SessionPlan& plan, Instant due);
  void open_stage(std::uint32_t session_slot, std::size_t stage, Instant at);
  void close_stage(std::uint32_t session_slot, std::size_t stage, Instant at);
  void close_session(std::uint32_t session_slot, Instant at);
  void make_pending(std::uint32_t session_slot, std::uint16_t call, Instant at);
  std::optional<Pending> pop_pending(Instant at);
  Attempt hand_out(const Pending& pending, Instant at);
  void adapt_limit(const Sample& sample);
  bool retry(std::uint32_t session_slot, const Sample& sample);
  /// How a call ended.
  struct End {
    Outcome outcome;
    Instant at;
    Instant first_token = unset;
  };
  void settle(OpenSession& session, std::uint16_t call, const End& end);
  void finish_call(std::uint32_t session_slot, std::uint16_t call, const End& end);
  void cancel_session(OpenSession& session, Outcome outcome, Instant at);
  bool arrivals_left() const;

  const Schedule& schedule_;
  const Policy policy_;
  Recorder& recorder_;
  const Instant start_;

  std::uint64_t sessions_started_ = 0;
  bool closed_over_ = false;
  bool stopped_ = false;
  std::vector<OpenSession> sessions_;
  std::vector<std::uint32_t> free_sessions_;
  std::priority_queue<Pending, std::vector<Pending>, std::greater<>> pending_;
  std::uint64_t pending_order_ = 0;
  std::vector<InFlight> slots_;
  std::vector<std::uint32_t> free_slots_;
  std::optional<AdaptiveLimit> adaptive_;
  Slots under_limit_;
  std::vector<std::uint32_t> aborts_;
  Ledger ledger_;
};

}  // namespace atonce
