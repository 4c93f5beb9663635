#include <algorithm>
#include <array>

#include "tests/reports/sample_parts.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

using std::chrono::microseconds;

struct Step {
  std::uint16_t stage;
  double low_ms, high_ms;
};
/// plan, then three searches and two look-ups at once, then an answer.
constexpr std::array<Step, 7> steps{
    {{0, 40, 60}, {1, 20, 90}, {1, 20, 90}, {1, 20, 90}, {1, 10, 30}, {1, 10, 30}, {2, 70, 120}}};

struct SessionTimes {
  std::vector<CallLane> lanes;
  Nanos sum{}, longest{}, critical{};
};

SessionTimes play_session(std::uint32_t session, bool serial, Nanos overhead) {
  SessionTimes times;
  Nanos now{}, stage_begin{}, stage_end{}, longest_of_stage{};
  for (std::uint16_t call = 0; call < steps.size(); ++call) {
    const auto& step = steps[call];
    const auto delay =
        from_ms(step.low_ms + (step.high_ms - step.low_ms) * sample_draw(session, call));
    if (call > 0 && step.stage != steps[call - 1].stage) {
      stage_begin = stage_end;
      times.critical += longest_of_stage;
      longest_of_stage = Nanos{};
    }
    const auto sent = (serial ? std::max(now, stage_begin) : stage_begin) + overhead / 2;
    now = sent + delay + overhead;
    stage_end = std::max(stage_end, now);
    longest_of_stage = std::max(longest_of_stage, delay);
    times.sum += delay;
    times.longest = std::max(times.longest, delay);
    times.lanes.push_back({.call = call,
                           .stage = step.stage,
                           .attempts = 1,
                           .outcome = Outcome::ok,
                           .ready = stage_begin,
                           .done = now,
                           .sent = sent});
  }
  times.critical += longest_of_stage;
  return times;
}

Nanos median(std::vector<Nanos> values) {
  std::ranges::sort(values);
  return values[(values.size() - 1) / 2];
}

std::vector<CallLane> median_lanes(const std::vector<SessionTimes>& sessions) {
  auto lanes = sessions.front().lanes;
  for (std::size_t i = 0; i < lanes.size(); ++i) {
    std::vector<Nanos> ready, sent, done;
    for (const auto& session : sessions) {
      ready.push_back(session.lanes[i].ready);
      sent.push_back(*session.lanes[i].sent);
      done.push_back(session.lanes[i].done);
    }
    lanes[i].ready = median(ready);
    lanes[i].sent = median(sent);
    lanes[i].done = median(done);
  }
  return lanes;
}

TrialResult session_trial(const char* runner, bool serial, Nanos overhead, unsigned repetition) {
  constexpr std::uint32_t sessions = 50;
  auto trial =
      bare_trial({runner, serial ? "cpp-httplib" : "", unlimited, unlimited, 1, repetition},
                 sessions * steps.size(), from_ms(serial ? 20'000 : 320));
  trial.sessions_ok = sessions;
  std::vector<SessionTimes> all;
  for (std::uint32_t session = 0; session < sessions; ++session) {
    all.push_back(play_session(session, serial, overhead * (1 + repetition)));
    const auto& times = all.back();
    record(trial, Metric::session_time, times.lanes.back().done);
    record(trial, Metric::session_sum, times.sum);
    record(trial, Metric::session_longest, times.longest);
    record(trial, Metric::session_critical_path, times.critical);
    for (const auto& lane : times.lanes)
      record_call(trial, lane.done - lane.ready, session * steps.size() + lane.call);
  }
  trial.lanes = {.session = 17, .example = all[17].lanes, .median = median_lanes(all)};
  return trial;
}

}  // namespace

ResultSet sample_session_results() {
  auto results =
      sample_header("agent-session", "An agent's session: a plan, five look-ups, an answer.");
  results.calls = {{"plan", "POST /llm"},       {"research", "GET /search"},
                   {"research", "GET /search"}, {"research", "GET /search"},
                   {"research", "GET /kb"},     {"research", "GET /kb"},
                   {"answer", "POST /llm"}};
  add_repetitions(results, [](unsigned rep) {
    return session_trial("asio_coroutines", false, microseconds(300), rep);
  });
  add_repetitions(results, [](unsigned rep) {
    return session_trial("curl_multi", false, microseconds(500), rep);
  });
  add_repetitions(results, [](unsigned rep) {
    return session_trial("sync_serial", true, microseconds(300), rep);
  });
  return results;
}

}  // namespace atonce
