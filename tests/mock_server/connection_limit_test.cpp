#include <gtest/gtest.h>

#include <thread>

#include "tests/mock_server/served.h"

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;

TEST(ConnectionLimit, resets_what_is_beyond_it) {
  const Served served("limits: {connections: 2}\nroutes: [{path: /a}]");
  {
    RawClient first(served.port()), second(served.port());
    EXPECT_EQ(first.get("/a").status, 200);
    EXPECT_EQ(second.get("/a").status, 200);
    EXPECT_TRUE(RawClient(served.port()).sees_reset());
    first.close();
    for (int i = 0; i < 1000; ++i) {
      if (RawClient(served.port()).get("/a").status == 200) break;
      std::this_thread::sleep_for(5ms);
    }
  }
  for (int i = 0; i < 1000 && served.page("/_atonce/summary").empty(); ++i) {
    std::this_thread::sleep_for(5ms);
  }
  const auto summary = served.summary();
  EXPECT_GE(summary.refused_connections, 1u);
  EXPECT_EQ(summary.distinct_connections, 3u);
}

TEST(ConnectionLimit, lets_wait_what_is_beyond_it) {
  const Served served("limits: {connections: 1, connections_beyond: wait}\nroutes: [{path: /a}]");
  RawClient first(served.port());
  EXPECT_EQ(first.get("/a").status, 200);
  RawClient second(served.port());
  second.send_get("/a");
  std::this_thread::sleep_for(20ms);
  const Instant freed = now();
  first.close();
  EXPECT_EQ(second.receive().status, 200);
  second.close();
  const auto truth = served.truth();
  ASSERT_EQ(truth.size(), 2u);
  EXPECT_GE(truth[1].arrived, freed);
  EXPECT_EQ(served.summary().refused_connections, 0u);
}

}  // namespace
}  // namespace atonce::mock
