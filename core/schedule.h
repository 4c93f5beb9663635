#pragma once
/// Everything that will be sent and when, as one value made before the run.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "core/rate_profile.h"

namespace atonce {

/// Work on the client's side after a complete response, before the call is done: parsing,
/// embedding, a driver that blocks. It belongs to the call and keeps its slot under the cap.
struct Step {
  enum class Kind : unsigned char {
    none,
    cpu,    ///< keeps a core busy for `span` of the thread's CPU time
    block,  ///< blocks its thread for `span`
  };
  enum class Place : unsigned char {
    in_place,  ///< on the thread that received the response
    offload,   ///< of an event loop: on a pool of threads; thread-like runners do it in place
  };
  Kind kind = Kind::none;
  Nanos span{};
  Place place = Place::in_place;
};

/// What one attempt puts on the wire, apart from its id, and what is done with the response.
struct Request {
  std::string method = "GET";
  std::string target = "/";  ///< path and query, relative to the base URL
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Step then;  ///< after a complete response with outcome ok
};

/// A group of calls that start together.
struct StagePlan {
  std::string name;
  std::vector<std::uint32_t> calls;  ///< each an index into Schedule::requests
  std::vector<std::uint16_t> after;  ///< stages (by index, all smaller) that must be complete first
};

/// What a session does. Calls are numbered through its stages in order.
struct SessionPlan {
  std::vector<StagePlan> stages;
  std::size_t call_count() const;
};

struct Arrival {
  Nanos due{};             ///< since the start of the run, never decreasing
  std::uint32_t plan = 0;  ///< index into Schedule::plans
};

/// Sessions at the start that are played and accounted for, but not measured: those numbered below
/// `sessions`, and those due within `span` of the start.
struct WarmUp {
  std::uint64_t sessions = 0;
  Nanos span{};
};

/// How the next session's start is decided. The rate of constant to jitter may change over time.
enum class LoadShape : unsigned char {
  batch,     ///< all sessions are due at 0
  closed,    ///< a session is due whenever a slot under the cap is free
  constant,  ///< one every 1/rate
  poisson,   ///< independent exponential gaps with mean 1/rate
  gamma,     ///< independent gamma gaps with mean 1/rate
  jitter,    ///< one every 1/rate, each late by a uniform part of that
  trace,     ///< as recorded
};

struct Load {
  LoadShape shape = LoadShape::batch;
  std::uint64_t sessions = 0;  ///< 0 = as many as fit into `duration`
  RateProfile rate{};          ///< of sessions; constant, poisson, gamma and jitter
  Nanos duration{};            ///< 0 = until all sessions are done
  WarmUp warm_up{};
  double burstiness = 1;       ///< gamma: the gaps' standard deviation over their mean, above 0
  double jitter = 1;           ///< jitter: the longest delay as a part of 1/rate, 0 to 1
  std::vector<Nanos> trace{};  ///< trace: when each session is due, ascending
};

/// Read-only during a run, shared by all threads.
struct Schedule {
  std::vector<Request> requests;
  std::vector<SessionPlan> plans;
  std::vector<Arrival> arrivals;  ///< empty under LoadShape::closed
  /// Closed load: sessions 0, 1, 2, ... start as slots free up, all with plan 0, until `sessions`
  /// have started (0 = no such limit) or `duration` has passed (0 = no such limit).
  struct Closed {
    std::uint64_t sessions = 0;
    Nanos duration{};
  };
  std::optional<Closed> closed;
  WarmUp warm_up{};

  /// What that session does, counted in order of arrival.
  const SessionPlan& plan_of(std::uint32_t session) const;
  std::uint64_t session_count() const;  ///< 0 when only a duration bounds it
  std::uint64_t call_count() const;     ///< likewise
};

/// The schedule of `load` for sessions that all follow `plan`; the same for the same arguments.
/// Arrival times are drawn independently per index and summed once, so they never drift.
/// Sessions are due before `duration` (a batch needs a number, a trace no bound at all); with both
/// bounds the first one ends the load. Throws std::invalid_argument when the load has no bound,
/// when its shape needs a rate and has none above 0 or a burstiness or jitter out of range, when it
/// would have more than 2^32 - 1 sessions, or an arrival over a year away.
Schedule make_schedule(const Load& load, SessionPlan plan, std::vector<Request> requests,
                       std::uint64_t seed);

}  // namespace atonce
