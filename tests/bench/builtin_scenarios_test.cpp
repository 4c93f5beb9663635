#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "bench/scenario.h"
#include "bench/trial.h"
#include "core/random.h"
#include "mock_server/faults.h"
#include "mock_server/server.h"
#include "runners/runner.h"
#include "tests/support/processes.h"

namespace atonce {
namespace {

#ifdef ATONCE_SANITIZED
constexpr double slower = 3;
#else
constexpr double slower = 1;
#endif

/// A built-in scenario with the mock server it asks for, in this process.
class Stage {
 public:
  explicit Stage(const std::string& name, double time_scale)
      : scenario_(load_scenario(name)), server_(scenario_.server) {
    scenario_.time_scale = time_scale * slower;
  }

  Scenario& scenario() { return scenario_; }

  TrialResult play(const std::string& runner, std::size_t cap, const std::string& variant = "",
                   std::size_t connections = 0) {
    TrialSpec spec;
    spec.key.runner = runner;
    spec.key.cap = cap;
    spec.key.connections = connections == 0 ? cap : connections;
    spec.key.threads = 0;
    spec.key.variant = variant;
    spec.scenario = scenario_;
    spec.url = server_.url();
    return atonce::play(spec, {}, [](const Progress&) { return std::jthread(); });
  }

 private:
  Scenario scenario_;
  mock::Server server_;
};

std::vector<const RunnerEntry*> senders() {
  std::vector<const RunnerEntry*> all;
  for (const RunnerEntry* entry : all_runners())
    if (entry->model != Model::none && (entry->model != Model::processes || can_fork_with_threads))
      all.push_back(entry);
  return all;
}

std::string runner_name(const testing::TestParamInfo<const RunnerEntry*>& info) {
  return std::string(info.param->name);
}

class EveryRunner : public testing::TestWithParam<const RunnerEntry*> {
 protected:
  std::string runner{GetParam()->name};
};
INSTANTIATE_TEST_SUITE_P(runners, EveryRunner, testing::ValuesIn(senders()), runner_name);

/// What the seed alone says about a call of `flaky-llm`.
struct Fate {
  bool ok = false;
  std::uint64_t attempts = 0;
};
Fate fate_of(std::uint32_t session, const Scenario& scenario) {
  Fate fate;
  const auto& faults = scenario.server.routes.front().faults;
  while (!fate.ok && fate.attempts < scenario.retry.max_attempts) {
    const AttemptId id{.session = session, .attempt = static_cast<std::uint16_t>(fate.attempts++)};
    fate.ok = !mock::draw_fault(faults, seed_of(scenario, 0), id);
  }
  return fate;
}

TEST_P(EveryRunner, meets_the_failures_that_the_seed_holds_for_it) {
  Stage stage("flaky-llm", 0.01);
  // Scaled down, the scenario's own would strike where a busy machine is slow.
  stage.scenario().timeout = std::chrono::minutes(30);
  std::uint64_t ok = 0, attempts = 0;
  for (std::uint32_t session = 0; session < stage.scenario().load.sessions; ++session) {
    const Fate fate = fate_of(session, stage.scenario());
    ok += fate.ok;
    attempts += fate.attempts;
  }
  const TrialResult result = stage.play(runner, 5);
  EXPECT_EQ(calls_ok(result), ok);
  EXPECT_EQ(result.ledger.calls[index(Outcome::reset)], result.ledger.scheduled - ok);
  EXPECT_EQ(result.attempts, attempts);
  EXPECT_NE(result.verdict.level(), VerdictLevel::invalid);
}

/// The same three tries, for so many calls that chance has no say: each fails with 0.3^3.
TEST(FlakyLlm, fails_as_often_as_its_law_says) {
  const Scenario scenario = load_scenario("flaky-llm");
  constexpr std::uint32_t calls = 200'000;
  double ok = 0, attempts = 0;
  for (std::uint32_t session = 0; session < calls; ++session) {
    const Fate fate = fate_of(session, scenario);
    ok += fate.ok;
    attempts += static_cast<double>(fate.attempts);
  }
  EXPECT_NEAR(ok / calls, 1 - 0.027, 5 * std::sqrt(0.027 * 0.973 / calls));
  EXPECT_NEAR(attempts / calls, 1 + 0.3 + 0.09, 0.01);
}

TEST_P(EveryRunner, really_aborts_the_siblings_of_a_failed_task) {
  if (GetParam()->model == Model::serial) GTEST_SKIP() << "it has no siblings in flight";
  Stage stage("fail-fast", 0.2);
  stage.scenario().load.sessions = 5;
  const TrialResult collected = stage.play(runner, unlimited, "collect");
  EXPECT_EQ(calls_ok(collected), 10u);
  const TrialResult failed = stage.play(runner, unlimited, "fail_fast");
  EXPECT_EQ(failed.ledger.calls[index(Outcome::cancelled)], 10u);
  ASSERT_TRUE(failed.server);
  EXPECT_EQ(failed.server->aborted, 10u);
  EXPECT_EQ(failed.server->open_connections, 0u);
  const Histogram& delay = failed.metric(Metric::abort_delay).ok;
  EXPECT_EQ(delay.count(), 10u);
  EXPECT_LT(delay.quantile(0.5), std::chrono::milliseconds(250))
      << "the tasks would have gone on for 500 ms";
}

TEST_P(EveryRunner, breaks_no_rate_limit_under_a_cap_that_fits) {
  Stage stage("rate-limited", 0.25);
  stage.scenario().load.sessions = 40;
  const TrialResult fits = stage.play(runner, 3);
  EXPECT_EQ(calls_ok(fits), 40u);
  EXPECT_EQ(fits.server->rate_limited, 0u);
  if (GetParam()->model == Model::serial) return;
  const TrialResult rushed = stage.play(runner, unlimited);
  EXPECT_GT(rushed.server->rate_limited, 0u);
  EXPECT_LT(calls_ok(rushed), 40u);
  EXPECT_FALSE(rushed.ideal_makespan) << "what would be refused in an ideal world is not known";
}

TEST_P(EveryRunner, keeps_what_came_of_streams_that_break) {
  Stage stage("broken-streams", 0.05);
  stage.scenario().load.sessions = 70;
  const TrialResult result = stage.play(runner, 50);
  for (const Outcome outcome : {Outcome::ok, Outcome::reset, Outcome::truncated, Outcome::malformed,
                                Outcome::stream_error, Outcome::read_timeout})
    EXPECT_GT(result.ledger.calls[index(outcome)], 0u) << name(outcome);
  EXPECT_GT(result.metric(Metric::ttft).failed.count(), 0u);
  EXPECT_GT(result.metric(Metric::token_delivery).ok.count(), 0u);
  EXPECT_NE(result.verdict.level(), VerdictLevel::invalid);
}

TEST_P(EveryRunner, waits_where_the_lower_limit_is) {
  if (GetParam()->model == Model::serial) GTEST_SKIP() << "it has one slot and one connection";
  Stage stage("pool-vs-semaphore", 0.05);
  stage.scenario().load.sessions = 40;
  const auto p99 = [](const TrialResult& result, Metric metric) {
    return result.metric(metric).ok.quantile(0.99);
  };
  const TrialResult low_cap = stage.play(runner, 5, "", 20);
  EXPECT_GT(p99(low_cap, Metric::cap_wait), 2 * p99(low_cap, Metric::connection_wait));
  const TrialResult few_connections = stage.play(runner, 20, "", 5);
  const Nanos call = few_connections.metric(Metric::service_time).ok.quantile(0.5);
  EXPECT_GT(p99(few_connections, Metric::connection_wait), call)
      << "four calls share a connection: the last waits for three others";
}

/// Sessions of one stage after the other come close to their critical path and far below the sum.
TEST(AgentPipeline, takes_its_critical_path) {
  Stage stage("agent-pipeline", 0.1);
  const TrialResult result = stage.play("asio_coroutines", 3);
  const auto median = [&](Metric metric) { return result.metric(metric).ok.quantile(0.5); };
  EXPECT_GE(median(Metric::session_time), median(Metric::session_critical_path) * 99 / 100);
  EXPECT_LT(median(Metric::session_time), median(Metric::session_sum));
  EXPECT_LT(median(Metric::session_longest), median(Metric::session_critical_path));
  ASSERT_EQ(result.lanes.example.size(), 6u);
  EXPECT_GE(result.lanes.example[3].ready, result.lanes.example[2].done)
      << "the writers start when the researchers are done";
}

/// The freeze is in the response time of the many that wait, in the service time of the few in
/// flight, and in nobody's client overhead.
TEST(CoordinatedOmission, shows_in_response_time_alone) {
  Stage stage("coordinated-omission", 0.2);
  const TrialResult result = stage.play("asio_coroutines", 5);
  const auto at = [&](Metric metric, double p) { return result.metric(metric).ok.quantile(p); };
  EXPECT_EQ(calls_ok(result), 1000u);
  EXPECT_GT(at(Metric::response_time, 0.9), 3 * at(Metric::service_time, 0.9));
  const Nanos frozen = std::chrono::milliseconds(static_cast<int>(1000 * 0.2 * slower));
  EXPECT_GE(at(Metric::server_lateness, 1), frozen / 2);
  EXPECT_LT(at(Metric::client_overhead, 0.9), frozen / 2);
  EXPECT_FALSE(result.ideal_makespan) << "whom a freeze meets in an ideal world is not known";
  EXPECT_NE(result.verdict.level(), VerdictLevel::invalid);
}

/// Every scenario of the list can be played as it stands, only faster.
class Builtin : public testing::TestWithParam<BuiltinScenario> {};

TEST_P(Builtin, plays) {
  Stage stage(std::string(GetParam().name), 0.02);
  if (stage.scenario().load.shape == LoadShape::closed) stage.scenario().load.sessions = 200;
  const std::size_t cap = stage.scenario().caps.front();
  const auto& variants = stage.scenario().variants;
  for (std::size_t i = 0; i < std::max<std::size_t>(variants.size(), 1); ++i) {
    const std::string variant = variants.empty() ? "" : variants[i].name;
    const TrialResult result =
        stage.play("asio_coroutines", std::min<std::size_t>(cap, 1000), variant);
    EXPECT_TRUE(result.ledger.conserved());
    EXPECT_GT(result.attempts, 0u);
    EXPECT_NE(result.verdict.level(), VerdictLevel::invalid);
  }
}

INSTANTIATE_TEST_SUITE_P(scenarios, Builtin,
                         testing::ValuesIn(builtin_scenarios().begin(), builtin_scenarios().end()),
                         [](const auto& builtin) {
                           std::string name{builtin.param.name};
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace atonce
