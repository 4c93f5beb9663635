#include "bench/preflight.h"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "bench/listener.h"
#include "bench/machine.h"
#include "bench/probe.h"
#include "mock_server/server.h"
#include "tests/support/silent_listener.h"
#include "tests/support/socket.h"

namespace atonce {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

const Finding* find(const std::vector<Finding>& findings, const std::string& subject) {
  const auto found = std::ranges::find(findings, subject, &Finding::subject);
  return found == findings.end() ? nullptr : &*found;
}

std::string url_of(std::uint16_t port) {
  return "http://127.0.0.1:" + std::to_string(port);
}

TEST(Probe, opens_as_many_connections_as_it_is_asked_to_and_closes_them) {
  // The kernel alone takes these connections, so that every file opened is the probe's.
  const Socket listener = listen_on_loopback(200);
  const std::size_t before = open_files();
  const ProbeResult result = probe_connections(parse_target(url_of(local_port(listener))), 200, 2s);
  EXPECT_EQ(result.established, 200u) << result.trouble;
  EXPECT_EQ(result.trouble, "");
  EXPECT_EQ(open_files(), before);
}

TEST(Probe, counts_only_what_the_server_lets_in) {
  mock::ServerConfig config;
  config.limits.connections = 10;
  const mock::Server server(config);
  const ProbeResult result = probe_connections(parse_target(server.url()), 50, 2s);
  EXPECT_GE(result.established, 1u);
  EXPECT_LE(result.established, 10u);
  EXPECT_THAT(result.trouble, HasSubstr("reset"));
}

TEST(Probe, says_that_nobody_listens) {
  const std::uint16_t port = [] { return local_port(listen_on_loopback(1)); }();
  const ProbeResult result = probe_connections(parse_target(url_of(port)), 5, 2s);
  EXPECT_EQ(result.established, 0u);
  EXPECT_THAT(result.trouble, HasSubstr("refused"));
}

TEST(Probe, waits_for_a_limited_time) {
  const SilentListener silent;
  const ProbeResult result = probe_connections(parse_target(silent.url()), 3, 100ms);
  EXPECT_LT(result.established, 3u);
  EXPECT_THAT(result.trouble, HasSubstr("timed out"));
}

TEST(Listener, may_run_where_its_process_may) {
  const Socket listener = listen_on_loopback(1);
  const auto cores = usable_cores();
  EXPECT_EQ(cores_of_listener(local_port(listener)), cores);
  const Target target = parse_target(url_of(local_port(listener)));
  EXPECT_TRUE(may_share_cores(target, cores));
  EXPECT_FALSE(may_share_cores(target, std::array{100'000}));
}

/// A child that listens, bound to one core. Its port.
class PinnedListener {
 public:
  explicit PinnedListener(int core) {
    std::array<int, 2> pipe{};
    if (::pipe(pipe.data()) != 0) throw std::runtime_error("no pipe");
    id_ = fork();
    if (id_ == 0) {
      pin_to_core(core);
      const Socket listener = listen_on_loopback(1);
      const std::uint16_t port = local_port(listener);
      if (write(pipe[1], &port, sizeof port) == sizeof port) pause();
      _exit(0);
    }
    EXPECT_EQ(read(pipe[0], &port_, sizeof port_), static_cast<ssize_t>(sizeof port_));
    close(pipe[0]);
    close(pipe[1]);
  }
  ~PinnedListener() {
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  PinnedListener(const PinnedListener&) = delete;
  PinnedListener& operator=(const PinnedListener&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  pid_t id_ = -1;
  std::uint16_t port_ = 0;
};

TEST(Listener, bound_to_one_core_shares_that_core_only) {
#ifdef __SANITIZE_THREAD__
  GTEST_SKIP() << "ThreadSanitizer starts a thread in the child that may run anywhere";
#endif
  const auto cores = usable_cores();
  const PinnedListener listener(cores.front());
  const Target target = parse_target(url_of(listener.port()));
  EXPECT_EQ(cores_of_listener(listener.port()), std::vector{cores.front()});
  EXPECT_TRUE(may_share_cores(target, std::array{cores.front()}));
  EXPECT_FALSE(may_share_cores(target, std::array{cores.front() + 1}));
}

TEST(Listener, is_not_whoever_has_a_connection_on_the_port) {
  Socket listener = listen_on_loopback(1);
  const std::uint16_t port = local_port(listener);
  const Socket client = begin_connect(port);
  const Socket accepted{accept(listener.fd(), nullptr, nullptr)};
  listener.close();
  EXPECT_EQ(local_port(accepted), port);
  EXPECT_THAT(cores_of_listener(port), IsEmpty());
}

TEST(Listener, that_cannot_be_found_shares_nothing) {
  const std::uint16_t port = [] { return local_port(listen_on_loopback(1)); }();
  EXPECT_THAT(cores_of_listener(port), IsEmpty());
  EXPECT_FALSE(may_share_cores(parse_target("http://192.0.2.1:80"), usable_cores()));
}

ExperimentRequest request_for(const std::string& scenario) {
  ExperimentRequest request;
  request.scenario = load_scenario(scenario);
  return request;
}

TEST(Preflight, asks_for_as_many_connections_as_the_widest_trial) {
  ExperimentRequest request = request_for("hundred-calls");
  EXPECT_EQ(intended_load(request, plan_trials(request)).in_flight, 100u);
  request.scenario.caps = {10, 20};
  EXPECT_EQ(intended_load(request, plan_trials(request)).in_flight, 20u);
  request.scenario.connections = 7;
  EXPECT_EQ(intended_load(request, plan_trials(request)).in_flight, 7u);
  request.runners = {"sync_serial"};
  EXPECT_EQ(intended_load(request, plan_trials(request)).in_flight, 1u);
  request.runners = {"null"};
  EXPECT_EQ(intended_load(request, plan_trials(request)).in_flight, 0u);
}

TEST(Preflight, finds_nothing_where_there_is_nothing_to_send) {
  EXPECT_THAT(preflight({.in_flight = 0}, "http://127.0.0.1:1"), IsEmpty());
}

TEST(Preflight, says_how_many_connections_could_be_had) {
  const mock::Server server({});
  const auto good = preflight({.in_flight = 20}, server.url());
  ASSERT_TRUE(find(good, "connections"));
  EXPECT_EQ(find(good, "connections")->health, Health::ok);
  EXPECT_EQ(find(good, "connections")->value, "20 of 20 at once");
  const auto bad = preflight({.in_flight = 20}, "http://127.0.0.1:1");
  EXPECT_EQ(find(bad, "connections")->health, Health::warning);
  EXPECT_THAT(find(bad, "connections")->value, HasSubstr("0 of 20"));
}

TEST(Preflight, fails_where_there_are_fewer_ports_than_connections_and_warns_where_they_must_rest) {
  const auto impossible = preflight({.in_flight = 70'000}, "http://127.0.0.1:1");
  ASSERT_EQ(impossible.size(), 1u) << "no connection is tried";
  EXPECT_EQ(impossible.front().health, Health::failure);
  const auto tight =
      preflight({.in_flight = 1, .rate = 5000, .keep_alive = false}, "http://127.0.0.1:1");
  EXPECT_EQ(find(tight, "ports")->health, Health::warning);
}

TEST(Preflight, without_keep_alive_every_call_needs_a_port) {
  ExperimentRequest request = request_for("saturation");
  const IntendedLoad load = intended_load(request, plan_trials(request));
  EXPECT_NEAR(load.rate * 60, 100'000, 1) << "all may be made within the time for which one rests";
}

}  // namespace
}  // namespace atonce
