#include "tests/reports/sample_parts.h"

#include <algorithm>

#include "core/random.h"
#include "tests/reports/sample_results.h"

namespace atonce {

using std::chrono::microseconds;

double sample_draw(std::uint64_t id, std::uint64_t stream) {
  return uniform01(11, id * 64 + stream, Stream::service);
}

Nanos from_ms(double value) {
  return Nanos{static_cast<std::int64_t>(value * 1e6)};
}

void record(TrialResult& trial, Metric metric, Nanos value) {
  trial.metrics[index(metric)].ok.record(value);
}

ResultSet sample_header(const char* scenario, const char* summary) {
  auto results = empty_results();
  results.scenario = scenario;
  results.summary = summary;
  results.scenario_text = std::string("name: ") + scenario + '\n';
  return results;
}

TrialResult bare_trial(TrialKey key, std::uint64_t calls, Nanos makespan) {
  TrialResult trial;
  trial.key = std::move(key);
  trial.ledger.scheduled = trial.attempts = trial.sessions_ok = calls;
  trial.ledger.calls[index(Outcome::ok)] = trial.attempt_outcomes[index(Outcome::ok)] = calls;
  trial.makespan = trial.usage.wall = makespan;
  trial.ideal_makespan = makespan * 19 / 20;
  trial.usage.memory_peak = 300 << 10;
  trial.usage.cpu_user = microseconds(60) * calls;
  trial.peak_in_flight = std::min<std::size_t>(trial.key.cap, 20);
  trial.in_flight = {{Nanos{}, 1}, {makespan / 2, 20}, {makespan, 0}};
  trial.server = ServerWitness{.attempts = calls, .peak_in_flight = trial.peak_in_flight};
  return trial;
}

void record_call(TrialResult& trial, Nanos response, std::uint64_t id) {
  record(trial, Metric::response_time, response);
  record(trial, Metric::service_time, response);
  record(trial, Metric::client_overhead,
         microseconds(80 + static_cast<int>(90 * sample_draw(id, 9))));
  record(trial, Metric::send_lag, microseconds(20 + static_cast<int>(40 * sample_draw(id, 8))));
}

}  // namespace atonce
