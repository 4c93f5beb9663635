/// Trials that are really played, each with one thing wrong, and the one reason that its verdict
/// names.

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <set>
#include <thread>

#include "bench/machine.h"
#include "bench/trial.h"
#include "bench/trial_result.h"
#include "core/dispatcher.h"
#include "mock_server/server.h"
#include "runners/runner.h"
#include "tests/support/processes.h"
#include "tests/support/socket.h"

namespace atonce {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;
using Codes = std::set<std::string>;
using namespace std::chrono_literals;

Codes codes_of(const TrialResult& result) {
  Codes codes;
  for (const VerdictReason& reason : result.verdict.reasons) codes.insert(reason.code);
  return codes;
}

/// Sanitized, client and server are too slow for a run in peace.
#ifdef ATONCE_SANITIZED
auto only(const std::string& code) {
  return Contains(code);
}
#else
auto only(const std::string& code) {
  return ElementsAre(code);
}
#endif

/// A scenario with its mock server, in this process.
class Stage {
 public:
  explicit Stage(const std::string& rest)
      : scenario_(parse_scenario("name: test\nsummary: A test.\n" + rest, "test.yaml")),
        server_(scenario_.server) {
    spec_.scenario = scenario_;
    spec_.url = server_.url();
    spec_.key = {.runner = "asio_coroutines", .transport = {}, .cap = scenario_.caps.front()};
    spec_.key.connections = spec_.key.cap;
  }

  TrialSpec& spec() { return spec_; }

  TrialResult play(
      std::stop_token stop = {}, const std::function<void()>& meanwhile = [] {}) {
    return atonce::play(spec_, std::move(stop), [&](const Progress&) {
      meanwhile();
      return std::jthread();
    });
  }

  /// A busy machine adds reasons of its own, of which a run in peace is free: the reasons of the
  /// first run that fits, else of the last of five.
  Codes codes_in_peace(
      const testing::Matcher<Codes>& fits, const std::function<void()>& meanwhile = [] {}) {
    Codes codes = codes_of(play({}, meanwhile));
    for (int i = 0; i < 4 && !fits.Matches(codes); ++i) codes = codes_of(play({}, meanwhile));
    return codes;
  }

  /// A connection that is none of the runner's.
  Socket stranger() const {
    return begin_connect(static_cast<std::uint16_t>(parse_target(spec_.url).port));
  }

 private:
  Scenario scenario_;
  mock::Server server_;
  TrialSpec spec_;
};

constexpr const char* small_batch = R"(
load: {shape: batch, sessions: 10}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [5]}
server: {routes: [{path: /llm, latency: 50ms}]}
)";

TEST(VerdictOfATrial, is_valid_when_nothing_is_wrong) {
  EXPECT_THAT(Stage(small_batch).codes_in_peace(IsEmpty()), IsEmpty());
}

TEST(VerdictOfATrial, names_a_rate_above_what_the_cap_lets_through) {
  // 150 slots of 300 ms carry 500 sessions a second.
  Stage stage(R"(
load: {shape: constant, rate: 520/s, duration: 1.2s}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [150]}
server: {routes: [{path: /llm, latency: 300ms}]}
)");
  EXPECT_THAT(stage.codes_in_peace(only("rate_not_achieved")), only("rate_not_achieved"));
}

TEST(VerdictOfATrial, names_a_percentile_of_too_few_calls) {
  Stage stage(R"(
load: {shape: poisson, rate: 100/s, sessions: 50}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [unlimited]}
server: {routes: [{path: /llm, latency: 100ms}]}
)");
  EXPECT_THAT(stage.codes_in_peace(only("too_few_samples")), only("too_few_samples"));
}

TEST(VerdictOfATrial, names_a_server_whose_queue_grows) {
  Stage stage(R"(
load: {shape: constant, rate: 500/s, duration: 1s}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [unlimited]}
server: {routes: [{path: /llm, latency: 50ms, capacity: {workers: 3, service: 10ms}}]}
)");
  EXPECT_THAT(stage.codes_in_peace(only("not_settled")), only("not_settled"));
}

TEST(VerdictOfATrial, expects_no_settled_response_times_of_a_rate_that_changes) {
  Stage stage(R"(
load: {shape: constant, rate: [{rate: 300/s, for: 0.6s}, {rate: 600/s, for: 0.6s}]}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [unlimited]}
server: {routes: [{path: /llm, latency: 50ms, capacity: {workers: 3, service: 8ms}}]}
)");
  const TrialResult result = stage.play();
  EXPECT_FALSE(result.arrivals.steady);
  EXPECT_THAT(codes_of(result), Not(Contains("not_settled")));
}

TEST(VerdictOfATrial, expects_no_settled_response_times_of_a_server_told_to_change) {
  Stage stage(R"(
load: {shape: closed, duration: 0.8s}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [4]}
server:
  routes:
    - path: /llm
      capacity: {workers: 4, service: 5ms, changes: [{at: 400ms, workers: 1}]}
)");
  const TrialResult result = stage.play();
  EXPECT_FALSE(result.arrivals.steady);
  EXPECT_THAT(codes_of(result), Not(Contains("not_settled")));
  EXPECT_GT(result.metric(Metric::response_time).ok.quantile(0.9),
            2 * result.metric(Metric::response_time).ok.quantile(0.2));
}

TEST(VerdictOfATrial, names_a_core_that_is_shared) {
  Stage stage(small_batch);
  stage.spec().shares_cores = true;
  EXPECT_THAT(stage.codes_in_peace(only("shared_cores")), only("shared_cores"));
}

TEST(VerdictOfATrial, names_a_loop_that_is_held_up_before_it_sends) {
  Stage stage(R"(
load: {shape: poisson, rate: 400/s, duration: 1.4s}
session: [{stage: ask, calls: [{request: GET /llm, then: {block: 1ms}}]}]
limits: {caps: [unlimited]}
server: {routes: [{path: /llm, latency: 20ms}]}
)");
  EXPECT_THAT(stage.codes_in_peace(only("send_lag_high")), only("send_lag_high"));
}

/// Cores that others kept busy since `before`, on average.
double cores_of_others(const CpuTime& before, const Usage& own_before) {
  const CpuTime after = cpu_time();
  const Usage own = usage_so_far({}) - own_before;
  const auto jiffies = static_cast<double>(sysconf(_SC_CLK_TCK));
  const double own_seconds = std::chrono::duration<double>(own.cpu_user + own.cpu_system).count();
  const double busy_seconds = (after.busy - before.busy) / jiffies;
  const double cores = static_cast<double>(std::thread::hardware_concurrency());
  return cores * (busy_seconds - own_seconds) / ((after.total - before.total) / jiffies);
}

TEST(VerdictOfATrial, names_a_client_that_computes_all_the_time) {
  Stage stage(R"(
load: {shape: batch, sessions: 40}
session: [{stage: ask, calls: [{request: GET /llm, then: {cpu: 40ms, run: offload}}]}]
limits: {caps: [unlimited]}
server: {routes: [{path: /llm, latency: 60ms}]}
)");
  const CpuTime before = cpu_time();
  const Usage own = usage_so_far({});
  const Codes codes = stage.codes_in_peace(only("client_cpu_saturated"));
  if (cores_of_others(before, own) > 0.5) GTEST_SKIP() << "others use the cores that it would";
  EXPECT_THAT(codes, only("client_cpu_saturated"));
}

TEST(VerdictOfATrial, names_a_connection_that_stays) {
  Stage stage(small_batch);
  Socket stranger;
  const auto codes =
      stage.codes_in_peace(only("connections_left_open"), [&] { stranger = stage.stranger(); });
  EXPECT_THAT(codes, only("connections_left_open"));
}

TEST(VerdictOfATrial, names_an_attempt_that_the_client_knows_nothing_of) {
  Stage stage(small_batch);
  const auto codes = stage.codes_in_peace(only("server_count_mismatch"), [&] {
    const Socket stranger = stage.stranger();
    const std::string request = "GET /llm HTTP/1.1\r\nHost: x\r\n" + std::string(id_header) + ": " +
                                to_hex({.session = 77}) + "\r\n\r\n";
    std::this_thread::sleep_for(20ms);
    ASSERT_GT(write(stranger.fd(), request.data(), request.size()), 0);
    std::this_thread::sleep_for(20ms);
  });
  EXPECT_THAT(codes, only("server_count_mismatch"));
}

TEST(VerdictOfATrial, names_an_interruption) {
  Stage stage(small_batch);
  std::stop_source source;
  source.request_stop();
  EXPECT_THAT(codes_of(stage.play(source.get_token())), ElementsAre("interrupted"));
}

/// For a child: has all but a few of its files open, and says whether just that is named.
[[noreturn]] void play_with_few_files() {
  constexpr rlim_t most = 200;
  constexpr std::size_t left = 19;  // one less than a tenth, for the server and the connections
  const rlimit limit{.rlim_cur = most, .rlim_max = most};
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) _exit(2);
  Stage stage(small_batch);
  while (open_files() < most - left)
    if (dup(STDERR_FILENO) < 0) _exit(3);
  const Codes codes = stage.codes_in_peace(only("head_room_exhausted"));
  _exit(testing::Matches(only("head_room_exhausted"))(codes) ? 0 : 1);
}

TEST(VerdictOfATrial, names_files_that_run_out) {
  if (!can_fork_with_threads) GTEST_SKIP() << "the child makes threads";
  const pid_t child = fork();
  if (child == 0) play_with_few_files();
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

/// What a runner does that gives every slot back half as late again as its attempt ended, on a
/// clock of its own.
void keep_slots_too_long(Dispatcher& work) {
  constexpr Nanos took = 10ms, kept = 15ms;
  while (!work.finished()) {
    const Instant at = work.next_wake();
    const auto attempt = work.try_next(at);
    Sample sample = attempt.value().begin_sample();
    sample.outcome = Outcome::ok;
    sample.at.connected = sample.at.sent = at;
    sample.at.done = at + took;
    work.complete(sample);
    EXPECT_FALSE(work.try_next(at + kept)) << "the next is due after 20 ms";
  }
}

TEST(VerdictOfATrial, names_slots_that_are_held_longer_than_the_samples_say) {
  const Instant start{1s};
  const Schedule schedule = make_schedule(
      {.shape = LoadShape::constant, .sessions = 500, .rate = 50},
      {.stages = {{.name = "ask", .calls = {0}, .after = {}}}}, std::vector<Request>(1), 1);
  Recorder recorder;
  Dispatcher work(schedule, {.cap = 1}, recorder, start);
  keep_slots_too_long(work);
  const Played played{
      .ledger = work.ledger(), .usage = {}, .start = start, .head_room = {}, .cpu = {}};
  TrialResult result =
      result_of({.runner = "slow_to_let_go", .transport = {}}, schedule, true, played, recorder);
  result.verdict = judge(result);
  EXPECT_THAT(codes_of(result), ElementsAre("littles_law"));
}

}  // namespace
}  // namespace atonce
