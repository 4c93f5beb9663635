#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/runners/conformance.h"
#include "tests/support/processes.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<Contender> process_pools() {
  std::vector<Contender> pools = contenders();
  std::erase_if(pools, [](const Contender& each) { return each.entry->model != Model::processes; });
  return pools;
}

std::vector<Contender> one_process_pool() {
  std::vector<Contender> pools = process_pools();
  if (pools.size() > 1) pools.resize(1);
  return pools;
}

template <class Condition>
bool wait_until(Condition reached) {
  for (int i = 0; i < 1000 && !reached(); ++i) std::this_thread::sleep_for(10ms);
  return reached();
}

class ProcessPoolTest : public ConformanceTest {
 protected:
  void wait_for_in_flight(std::size_t count) {
    EXPECT_TRUE(server.wait_until([&](const Witness& seen) { return seen.in_flight == count; }));
  }
  void wait_for_requests(std::size_t count) {
    EXPECT_TRUE(
        server.wait_until([&](const Witness& seen) { return seen.requests.size() >= count; }));
  }
};

TEST_P(ProcessPoolTest, a_worker_killed_in_mid_call_costs_that_attempt_and_is_replaced) {
  std::vector<pid_t> before, after;
  const auto played = play({.url = server.url(),
                            .schedule = batch("/delay?300", 12),
                            .policy = {.cap = 4},
                            .meanwhile = [&](std::stop_source&) {
                              wait_for_in_flight(4);
                              before = children_of(getpid());
                              kill(before.at(1), SIGKILL);
                              wait_for_requests(12);
                              after = children_of(getpid());
                            }});
  EXPECT_EQ(played->calls(Outcome::worker_lost), 1u);
  EXPECT_EQ(played->calls(Outcome::ok), 11u);
  EXPECT_EQ(played->recorder.attempt_count(), 12u);
  EXPECT_THAT(before, SizeIs(4));
  EXPECT_THAT(after, SizeIs(4));
  EXPECT_NE(before, after);
}

TEST_P(ProcessPoolTest, a_lost_call_is_tried_again) {
  const auto played = play({.url = server.url(),
                            .schedule = batch("/delay?300", 4),
                            .policy = {.cap = 4, .retry = {.max_attempts = 2, .base = 1ms}},
                            .meanwhile = [&](std::stop_source&) {
                              wait_for_in_flight(4);
                              for (const pid_t worker : children_of(getpid()))
                                kill(worker, SIGKILL);
                            }});
  EXPECT_EQ(played->attempts(Outcome::worker_lost), 4u);
  EXPECT_EQ(played->calls(Outcome::ok), 4u);
}

TEST_P(ProcessPoolTest, workers_that_die_at_any_moment_lose_no_call) {
  const std::size_t calls = 300;
  const auto played = play({.url = server.url(),
                            .schedule = batch("/delay?5", calls),
                            .policy = {.cap = 4},
                            .meanwhile = [&](std::stop_source&) {
                              for (std::size_t seen = 20; seen < calls - 40; seen += 20) {
                                wait_for_requests(seen);
                                for (const pid_t worker : children_of(getpid()))
                                  kill(worker, SIGKILL);
                              }
                            }});
  EXPECT_EQ(played->calls(Outcome::ok) + played->calls(Outcome::worker_lost), calls);
  EXPECT_GE(played->calls(Outcome::ok), calls / 2);
}

TEST_P(ProcessPoolTest, a_worker_that_died_while_idle_costs_nothing) {
  const SessionPlan plan{.stages = {{.name = "only", .calls = {0}, .after = {}}}};
  const auto played =
      play({.url = server.url(),
            .schedule = make_schedule({.shape = LoadShape::constant, .sessions = 2, .rate = 1},
                                      plan, {get("/ok")}, 1),
            .policy = {.cap = 2},
            .meanwhile = [&](std::stop_source&) {
              wait_for_requests(1);
              std::this_thread::sleep_for(100ms);
              for (const pid_t worker : children_of(getpid())) kill(worker, SIGKILL);
            }});
  EXPECT_EQ(played->calls(Outcome::ok), 2u);
}

TEST_P(ProcessPoolTest, workers_leave_ctrl_c_to_their_parent) {
  const auto played = play({.url = server.url(),
                            .schedule = batch("/delay?200", 4),
                            .policy = {.cap = 4},
                            .meanwhile = [&](std::stop_source&) {
                              wait_for_in_flight(4);
                              for (const pid_t worker : children_of(getpid())) kill(worker, SIGINT);
                            }});
  EXPECT_EQ(played->calls(Outcome::ok), 4u);
}

TEST_P(ProcessPoolTest, leaves_no_process_no_zombie_and_no_descriptor) {
  const auto before = open_channels(getpid());
  play({.url = server.url(), .schedule = batch("/ok", 40), .policy = {.cap = 8}});
  EXPECT_THAT(children_of(getpid()), IsEmpty());
  EXPECT_TRUE(server.wait_until_quiet());
  EXPECT_TRUE(wait_until([&] { return open_channels(getpid()) == before; }));
}

TEST_P(ProcessPoolTest, a_worker_holds_nothing_that_belongs_to_its_parent_or_to_another) {
  std::multiset<std::string> all;
  const auto played = play({.url = server.url(),
                            .schedule = batch("/delay?300", 4),
                            .policy = {.cap = 4},
                            .meanwhile = [&](std::stop_source&) {
                              wait_for_in_flight(4);
                              std::vector<pid_t> processes = children_of(getpid());
                              processes.push_back(getpid());
                              for (const pid_t process : processes)
                                all.merge(open_channels(process));
                            }});
  EXPECT_EQ(played->calls(Outcome::ok), 4u);
  for (const std::string& channel : all)
    EXPECT_TRUE(channel.starts_with("pipe:") || all.count(channel) == 1) << channel;
  EXPECT_GE(all.size(), 4u * 3u) << "two sockets to the pool and a connection";
}

TEST_P(ProcessPoolTest, a_request_larger_than_a_socket_buffer_reaches_every_worker_once) {
  Schedule schedule = batch("/ok", 12);
  schedule.requests.front().method = "POST";
  schedule.requests.front().headers = {{"X-Colour", "blue"}, {"X-Size", "large"}};
  schedule.requests.front().body = std::string(3'000'000, 'x');
  const auto played = play({.url = server.url(), .schedule = schedule, .policy = {.cap = 3}});
  EXPECT_EQ(played->calls(Outcome::ok), 12u);
  for (const ScriptedRequest& request : server.witness().requests)
    EXPECT_THAT(request.head, testing::AllOf(testing::HasSubstr("Content-Length: 3000000"),
                                             testing::HasSubstr("X-Colour: blue"),
                                             testing::HasSubstr("X-Size: large")));
}

/// Plays in a child that is killed.
TEST_P(ProcessPoolTest, workers_go_when_their_parent_is_killed) {
  const pid_t parent = fork();
  if (parent == 0) {
    play({.url = server.url(), .schedule = batch("/silent", 3), .policy = {.cap = 3}});
    _exit(0);
  }
  wait_for_in_flight(3);
  const std::vector<pid_t> workers = children_of(parent);
  EXPECT_THAT(workers, SizeIs(3));
  kill(parent, SIGKILL);
  waitpid(parent, nullptr, 0);
  EXPECT_TRUE(wait_until([&] { return std::ranges::none_of(workers, is_alive); }));
  EXPECT_TRUE(server.wait_until_quiet());
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(ProcessPoolTest);
INSTANTIATE_TEST_SUITE_P(runners, ProcessPoolTest, testing::ValuesIn(process_pools()),
                         [](const auto& contender) { return name(contender.param); });

/// The limits are the pool's, whatever the transport.
class HungWorkerTest : public ProcessPoolTest {};

TEST_P(HungWorkerTest, is_given_up_and_killed) {
  const auto played = play({.url = server.url(),
                            .schedule = batch("/silent", 2),
                            .policy = {.cap = 2, .attempt_timeout = 300ms},
                            .meanwhile = [&](std::stop_source&) {
                              wait_for_in_flight(2);
                              kill(children_of(getpid()).at(0), SIGSTOP);
                            }});
  EXPECT_EQ(played->calls(Outcome::worker_lost), 1u);
  EXPECT_EQ(played->calls(Outcome::read_timeout), 1u);
  EXPECT_LT(played->took(), 20s);
}

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(HungWorkerTest);
INSTANTIATE_TEST_SUITE_P(runners, HungWorkerTest, testing::ValuesIn(one_process_pool()),
                         [](const auto& contender) { return name(contender.param); });

}  // namespace
}  // namespace atonce
