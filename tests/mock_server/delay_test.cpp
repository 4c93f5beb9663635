/// Delays over the wire: the same for the same attempt, and kept to.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <random>

#include "core/random.h"
#include "tests/mock_server/served.h"

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;

constexpr const char* quick = "routes: [{path: /a, latency: {uniform: [100us, 3ms]}}]";

std::map<std::uint64_t, Nanos> planned_delays(const Served& served,
                                              const std::vector<std::uint32_t>& sessions) {
  RawClient client(served.port());
  for (const std::uint32_t session : sessions) {
    EXPECT_EQ(client.get("/a", AttemptId{.session = session}).status, 200);
  }
  std::map<std::uint64_t, Nanos> delays;
  for (const AttemptTruth& truth : served.truth()) delays[truth.id.packed()] = truth.planned;
  return delays;
}

TEST(Delay, is_the_same_for_the_same_attempt_in_any_order) {
  const Served served(quick);
  std::vector<std::uint32_t> sessions(50);
  std::iota(sessions.begin(), sessions.end(), 0u);
  const auto in_order = planned_delays(served, sessions);
  served.reset();
  std::shuffle(sessions.begin(), sessions.end(), std::mt19937_64(1));
  EXPECT_EQ(planned_delays(served, sessions), in_order);
  EXPECT_EQ(in_order.size(), sessions.size());
}

TEST(Delay, is_the_quantile_of_the_law_at_the_hash_of_seed_and_id) {
  const Served served(quick);
  served.reset("?seed=42&time_scale=0.5");
  for (const auto& [id, planned] : planned_delays(served, {1, 2, 3})) {
    const Law law = Uniform{0.5 * 100e-6, 0.5 * 3e-3};
    EXPECT_EQ(planned, draw(law, uniform01(42, id, Stream::latency)));
  }
}

TEST(Delay, differs_under_another_seed) {
  const Served served(quick);
  const auto first = planned_delays(served, {1, 2, 3});
  served.reset("?seed=2");
  EXPECT_NE(planned_delays(served, {1, 2, 3}), first);
}

TEST(Delay, of_requests_without_an_id_goes_by_their_number_since_the_reset) {
  const Served served(quick);
  const auto planned = [&served] {
    RawClient client(served.port());
    for (int i = 0; i < 5; ++i) client.get("/a");
    std::vector<Nanos> delays;
    for (const AttemptTruth& truth : served.truth()) delays.push_back(truth.planned);
    return delays;
  };
  const auto first = planned();
  served.reset();
  EXPECT_EQ(planned(), first);
  EXPECT_NE(first.front(), first.back());
}

TEST(Delay, is_never_cut_short_and_mostly_kept_to) {
  const Served served("routes: [{path: /a, latency: {uniform: [20us, 5ms]}}]");
  planned_delays(served, std::vector<std::uint32_t>(200, 0));
  std::vector<Nanos> lateness;
  for (const AttemptTruth& truth : served.truth()) {
    ASSERT_GE(truth.first_write, truth.arrived + truth.planned);
    ASSERT_GE(truth.last_write, truth.first_write);
    lateness.push_back(truth.first_write - truth.arrived - truth.planned);
  }
  std::ranges::nth_element(lateness, lateness.begin() + 100);
  EXPECT_LT(lateness[100], 20ms);
}

TEST(Delay, lies_within_what_the_client_sees) {
  const Served served("routes: [{path: /a, latency: 10ms}]");
  RawClient client(served.port());
  const Instant sent = now();
  const auto response = client.get("/a");
  const AttemptTruth truth = served.truth().at(0);
  EXPECT_LE(sent, truth.arrived);
  EXPECT_LE(truth.first_write, response.seen);
  EXPECT_GE(response.seen - sent, 10ms);
}

TEST(Delay, of_one_attempt_does_not_hold_up_another) {
  const Served served("routes: [{path: /slow, latency: 5s}, {path: /fast}]");
  RawClient slow(served.port()), fast(served.port());
  slow.send_get("/slow");
  const Instant start = now();
  EXPECT_EQ(fast.get("/fast").status, 200);
  EXPECT_LT(now() - start, 4s);
}

TEST(Delay, of_many_attempts_at_once_is_kept_for_each) {
#ifdef ATONCE_SANITIZED
  constexpr std::uint32_t count = 100;
#else
  constexpr std::uint32_t count = 1000;
#endif
  const Served served("threads: 2\nroutes: [{path: /a, latency: {uniform: [50ms, 100ms]}}]");
  std::vector<RawClient> clients;
  for (std::uint32_t i = 0; i < count; ++i) clients.emplace_back(served.port());
  for (std::uint32_t i = 0; i < count; ++i) clients[i].send_get("/a", AttemptId{.session = i});
  for (RawClient& client : clients) ASSERT_EQ(client.receive().status, 200);
  const auto truth = served.truth();
  EXPECT_EQ(truth.size(), count);
  for (const AttemptTruth& attempt : truth) {
    EXPECT_GE(attempt.first_write, attempt.arrived + attempt.planned);
  }
  EXPECT_LE(served.summary().peak_in_flight, count);
}

}  // namespace
}  // namespace atonce::mock
