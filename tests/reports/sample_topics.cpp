#include <algorithm>
#include <cmath>

#include "tests/reports/sample_parts.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;

TrialResult stream_trial(const char* runner, const char* transport, double overhead_ms,
                         unsigned repetition) {
  constexpr std::uint64_t streams = 60, tokens = 40;
  auto trial = bare_trial({runner, transport, 20, 20, 1, repetition}, streams, from_ms(4'200));
  trial.tokens = streams * tokens;
  trial.events = streams * (tokens + 2);
  for (std::uint64_t stream = 0; stream < streams; ++stream) {
    const auto first = from_ms(180 + 200 * sample_draw(stream, 1) + overhead_ms);
    record(trial, Metric::first_event, first - milliseconds(1));
    record(trial, Metric::ttft, first);
    record(trial, Metric::ttft_from_due, first + milliseconds(stream * 20));
    auto now = first;
    for (std::uint64_t token = 1; token < tokens; ++token) {
      const auto late = from_ms(overhead_ms * std::pow(sample_draw(stream * tokens + token, 2), 6));
      const auto gap = from_ms(12 + 16 * sample_draw(stream * tokens + token, 3)) + late;
      record(trial, Metric::chunk_gap, gap);
      record(trial, Metric::token_delivery, late + microseconds(40));
      now += gap;
    }
    record(trial, Metric::tpot, (now - first) / (tokens - 1));
    record_call(trial, now, stream);
  }
  return trial;
}

TrialResult step_trial(const char* runner, bool in_place, unsigned repetition) {
  constexpr std::uint64_t calls = 200;
  auto trial = bare_trial({runner, "", 20, 20, 1, repetition, in_place ? "inline" : "offload"},
                          calls, from_ms(in_place ? 1'300 : 620));
  for (std::uint64_t call = 0; call < calls; ++call) {
    record(trial, Metric::processing, from_ms(5 + 0.2 * sample_draw(call, 1)));
    record(trial, Metric::loop_lag,
           from_ms(in_place ? 95 * std::pow(sample_draw(call, 2), 3)
                            : 0.05 + 0.4 * sample_draw(call, 2)));
    record_call(trial, from_ms(60 + (in_place ? 70 : 5) * sample_draw(call, 3)), call);
  }
  return trial;
}

TrialResult limited_trial(const char* variant, std::size_t cap, std::uint64_t refused,
                          std::uint64_t banned, unsigned repetition) {
  constexpr std::uint64_t calls = 100;
  auto trial = bare_trial({"asio_coroutines", "", cap, cap, 1, repetition, variant}, calls,
                          from_ms(cap == unlimited ? 4'000 : 2'000));
  const std::uint64_t failed = banned / 2;
  trial.attempts = calls + refused + banned - failed;
  trial.ledger.calls[index(Outcome::ok)] = calls - failed;
  trial.ledger.calls[index(Outcome::http_status)] = failed;
  trial.attempt_outcomes[index(Outcome::ok)] = calls - failed;
  trial.attempt_outcomes[index(Outcome::rate_limited)] = refused;
  trial.attempt_outcomes[index(Outcome::http_status)] = banned;
  trial.server->rate_limited = refused;
  trial.server->banned = banned;
  for (std::uint64_t call = 0; call < calls; ++call)
    record_call(trial, from_ms(100 + 50 * sample_draw(call, 4)), call);
  return trial;
}

TrialResult abort_trial(bool fail_fast, unsigned repetition) {
  constexpr std::uint64_t sessions = 40, failing = 8;
  auto trial = bare_trial(
      {"asio_coroutines", "", 20, 20, 1, repetition, fail_fast ? "fail_fast" : "collect"},
      3 * sessions, from_ms(400));
  const std::uint64_t cancelled = fail_fast ? 2 * failing : 0;
  trial.sessions_ok = sessions - failing;
  trial.sessions_failed = failing;
  for (auto* outcomes : {&trial.ledger.calls, &trial.attempt_outcomes}) {
    (*outcomes)[index(Outcome::http_status)] = failing;
    (*outcomes)[index(Outcome::cancelled)] = cancelled;
    (*outcomes)[index(Outcome::ok)] -= failing + cancelled;
  }
  trial.server->aborted = cancelled;
  for (std::uint64_t i = 0; i < cancelled; ++i)
    record(trial, Metric::abort_delay, from_ms(0.1 + 0.4 * sample_draw(i, 5)));
  for (std::uint64_t call = 0; call < 3 * sessions; ++call)
    record_call(trial, from_ms(50 + 20 * sample_draw(call, 6)), call);
  return trial;
}

TrialResult pool_trial(bool by_pool, unsigned repetition) {
  constexpr std::uint64_t calls = 100;
  auto trial = bare_trial({"asio_coroutines", "", by_pool ? unlimited : 10,
                           by_pool ? 10 : unlimited, 1, repetition, by_pool ? "pool" : "semaphore"},
                          calls, from_ms(540));
  for (std::uint64_t call = 0; call < calls; ++call) {
    const auto queued = from_ms(5 * static_cast<double>(call));
    record(trial, Metric::cap_wait, by_pool ? Nanos{} : queued);
    record(trial, Metric::connection_wait, (by_pool ? queued : Nanos{}) + microseconds(70));
    record_call(trial, queued + milliseconds(50), call);
  }
  return trial;
}

/// A hundred calls a second; all that are due from 4 s on wait until 5 s, and the backlog goes at
/// 250 a second.
TrialResult frozen_trial(const char* runner, double overhead_ms, unsigned repetition) {
  constexpr std::uint64_t calls = 1000, cap = 5;
  auto trial = bare_trial({runner, "", cap, cap, 1, repetition}, calls, from_ms(10'000));
  trial.ideal_makespan.reset();
  for (std::uint64_t call = 0; call < calls; ++call) {
    const double due = 10.0 * static_cast<double>(call);
    const double served = 5'000 + 4 * (static_cast<double>(call) - 400 - cap);
    const bool in_flight = call >= 400 && call < 400 + cap;
    const double service = in_flight ? 5'000 - due : 20 + overhead_ms * sample_draw(call, 1);
    const double response =
        call < 400 || in_flight ? service : service + std::max(0.0, served - due);
    record(trial, Metric::response_time, from_ms(response));
    record(trial, Metric::service_time, from_ms(service));
  }
  return trial;
}

}  // namespace

ResultSet sample_stream_results() {
  auto results = sample_header("llm-stream", "Answers that arrive token by token.");
  constexpr struct {
    const char *runner, *transport;
    double overhead_ms;
  } kinds[] = {{"asio_coroutines", "", 2},
               {"curl_multi", "", 3},
               {"thread_pool", "beast", 5},
               {"thread_pool", "cpp-httplib", 9},
               {"thread_pool", "curl-easy", 7}};
  for (const auto& kind : kinds)
    add_repetitions(results, [&](unsigned repetition) {
      return stream_trial(kind.runner, kind.transport, kind.overhead_ms, repetition);
    });
  return results;
}

ResultSet sample_step_results() {
  auto results =
      sample_header("blocking-in-loop", "A step after each response, in place or offloaded.");
  for (const auto* runner : {"asio_coroutines", "curl_multi"})
    for (const bool in_place : {true, false})
      add_repetitions(
          results, [&](unsigned repetition) { return step_trial(runner, in_place, repetition); });
  return results;
}

ResultSet sample_limit_results() {
  auto results =
      sample_header("rate-limited", "An API that refuses, and bans whoever does not listen.");
  add_repetitions(results, [](unsigned rep) { return limited_trial("capped", 5, 3, 0, rep); });
  add_repetitions(results,
                  [](unsigned rep) { return limited_trial("eager", unlimited, 120, 24, rep); });
  return results;
}

ResultSet sample_abort_results() {
  auto results = sample_header("fail-fast", "One of three fails: are the others given up?");
  for (const bool fail_fast : {true, false})
    add_repetitions(
        results, [fail_fast](unsigned repetition) { return abort_trial(fail_fast, repetition); });
  return results;
}

std::vector<ResultSet> all_samples() {
  return {sample_results(),        sample_open_results(), sample_session_results(),
          sample_stream_results(), sample_step_results(), sample_limit_results(),
          sample_abort_results(),  sample_pool_results(), sample_omission_results(),
          sample_course_results()};
}

ResultSet sample_omission_results() {
  auto results = sample_header("coordinated-omission", "A server that stops for a second.");
  results.shape = LoadShape::constant;
  add_repetitions(results, [](unsigned rep) { return frozen_trial("asio_coroutines", 1, rep); });
  add_repetitions(results, [](unsigned rep) { return frozen_trial("thread_pool", 3, rep); });
  return results;
}

ResultSet sample_pool_results() {
  auto results =
      sample_header("pool-or-semaphore", "Ten at a time: ten connections, or a cap of ten.");
  for (const bool by_pool : {true, false})
    add_repetitions(results,
                    [by_pool](unsigned repetition) { return pool_trial(by_pool, repetition); });
  return results;
}

}  // namespace atonce
