/// Clients that misbehave, and those that HTTP allows to be odd.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <random>

#include "tests/mock_server/served.h"

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr const char* strict = R"(
limits: {header_bytes: 1024, body_bytes: 1000, receive_time: 100ms, idle_time: 300ms}
routes:
  - {path: /a, method: GET, body: hello}
  - {path: /echo, method: POST, body: thanks}
  - {path: /slow, latency: 60s}
  - {path: /held, latency: 500ms}
  - {path: /big, body_bytes: 20000000}
)";

/// The server is as it should be for everybody else.
void expect_healthy(const Served& served) {
  EXPECT_EQ(RawClient(served.port()).get("/a").body, "hello");
}

RawResponse answer_to(const Served& served, const std::string& bytes) {
  RawClient client(served.port());
  client.send(bytes);
  return client.receive();
}

TEST(Robustness, input_that_is_not_http_gets_400_and_a_close) {
  const Served served(strict);
  for (const std::string input :
       {"junk\r\n\r\n", "GET /a\r\n\r\n", "GET /a HTTP/9.9\r\n\r\n",
        "GET /a HTTP/1.1\r\nno colon\r\n\r\n",
        "POST /echo HTTP/1.1\r\nContent-Length: many\r\n\r\n", "\x16\x03\x01\x02\r\n\r\n"}) {
    RawClient client(served.port());
    client.send(input);
    EXPECT_EQ(client.receive().status, 400) << input;
    EXPECT_TRUE(client.sees_close()) << input;
  }
  EXPECT_EQ(served.summary().rejected, 6u);
  EXPECT_EQ(served.summary().attempts, 0u);
  expect_healthy(served);
}

TEST(Robustness, a_header_beyond_the_limit_gets_431) {
  const Served served(strict);
  const auto large = "GET /a HTTP/1.1\r\nX: " + std::string(5000, 'x');
  EXPECT_EQ(answer_to(served, large + "\r\n\r\n").status, 431);
  EXPECT_EQ(answer_to(served, large).status, 431);
  expect_healthy(served);
}

TEST(Robustness, a_body_beyond_the_limit_gets_413) {
  const Served served(strict);
  EXPECT_EQ(answer_to(served, "POST /echo HTTP/1.1\r\nContent-Length: 1001\r\n\r\n").status, 413);
  EXPECT_EQ(answer_to(served, "POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" +
                                  std::string(2000, 'x') + "\r\n0\r\n\r\n")
                .status,
            413);
  expect_healthy(served);
  EXPECT_EQ(served.summary().by_status.at(413), 2u);
}

TEST(Robustness, a_request_that_is_never_finished_gets_408_and_a_close) {
  const Served served(strict);
  for (const char* part : {"GET /a HT", "POST /echo HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf"}) {
    RawClient client(served.port());
    client.send(part);
    EXPECT_EQ(client.receive().status, 408) << part;
    EXPECT_TRUE(client.sees_close()) << part;
  }
  expect_healthy(served);
}

TEST(Robustness, a_request_in_drips_has_the_same_time_as_any_other) {
  const Served served(strict);
  RawClient client(served.port());
  const Instant until = now() + 5s;
  while (now() < until && served.summary().rejected == 0) {
    client.send("G");
    std::this_thread::sleep_for(20ms);
  }
  EXPECT_EQ(served.summary().rejected, 1u);
}

TEST(Robustness, an_idle_connection_is_closed_without_a_word) {
  const Served served(strict);
  RawClient used(served.port()), unused(served.port());
  EXPECT_EQ(used.get("/a").status, 200);
  EXPECT_TRUE(used.sees_close());
  EXPECT_TRUE(unused.sees_close());
  EXPECT_EQ(served.summary().rejected, 0u);
}

TEST(Robustness, time_limits_leave_an_attempt_in_flight_alone) {
  const Served served(strict);
  EXPECT_EQ(RawClient(served.port()).get("/held").status, 200);
}

TEST(Robustness, a_client_that_does_not_read_is_cut_off) {
  const Served served(strict);
  RawClient client(served.port());
  client.send_get("/big");
  EXPECT_TRUE(served.wait_until([](const auto& summary) { return summary.aborted == 1; }));
  expect_healthy(served);
}

TEST(Robustness, a_client_that_leaves_is_noticed_during_the_delay) {
  const Served served(strict);
  RawClient polite(served.port()), rude(served.port());
  polite.send_get("/slow", AttemptId{.session = 1});
  rude.send_get("/slow", AttemptId{.session = 2});
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 2; }));
  polite.close();
  rude.reset();
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.aborted == 2; }));
  EXPECT_EQ(served.summary().in_flight, 0u);
  EXPECT_EQ(served.summary().open_connections, 0u);
  for (const AttemptTruth& truth : served.truth()) {
    EXPECT_GE(truth.closed, truth.arrived);
    EXPECT_EQ(truth.status, 0);
    EXPECT_EQ(truth.last_write, unset);
  }
}

TEST(Robustness, unknown_paths_get_404_with_the_routes_there_are) {
  const Served served(strict);
  const auto response = RawClient(served.port()).get("/nowhere");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("\"GET /a\""));
}

TEST(Robustness, a_wrong_method_gets_405_with_the_right_ones) {
  const Served served(strict);
  const auto response = answer_to(served, "DELETE /a HTTP/1.1\r\n\r\n");
  EXPECT_EQ(response.status, 405);
  EXPECT_THAT(response.head, HasSubstr("\r\nAllow: GET, HEAD\r\n"));
}

TEST(Robustness, head_gets_the_head_of_get_only) {
  const Served served(strict);
  RawClient client(served.port());
  client.send("HEAD /a HTTP/1.1\r\n\r\nGET /a HTTP/1.1\r\n\r\n");
  EXPECT_THAT(client.receive(false).head, HasSubstr("Content-Length: 5"));
  EXPECT_EQ(client.receive().body, "hello");
}

TEST(Robustness, pipelined_requests_are_answered_in_order) {
  const Served served("routes: [{path: /a, body: a, latency: 20ms}, {path: /b, body: b}]");
  RawClient client(served.port());
  std::string requests;
  for (int i = 0; i < 20; ++i) requests += "GET /a HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\n\r\n";
  client.send(requests);
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.receive().body, "a");
    EXPECT_EQ(client.receive().body, "b");
  }
  EXPECT_EQ(served.summary().distinct_connections, 1u);
  EXPECT_EQ(served.summary().peak_in_flight, 1u);
}

TEST(Robustness, a_connection_stays_open_or_not_as_the_client_asks) {
  const Served served(strict);
  const auto closes_after = [&](const std::string& request) {
    RawClient client(served.port());
    client.send(request);
    EXPECT_EQ(client.receive().body, "hello");
    client.send("GET /a HTTP/1.1\r\n\r\n");
    return client.receive().status == 0;
  };
  EXPECT_FALSE(closes_after("GET /a HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(closes_after("GET /a HTTP/1.1\r\nConnection: close\r\n\r\n"));
  EXPECT_TRUE(closes_after("GET /a HTTP/1.0\r\n\r\n"));
  EXPECT_FALSE(closes_after("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
}

TEST(Robustness, bodies_are_taken_however_they_are_cut) {
  const Served served(strict);
  RawClient client(served.port());
  client.send("POST /echo HTTP/1.1\r\nContent-Length: 6\r\n\r\n123");
  std::this_thread::sleep_for(5ms);
  client.send("456POST /echo HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab");
  std::this_thread::sleep_for(5ms);
  client.send("c\r\n0\r\n\r\n");
  EXPECT_EQ(client.receive().body, "thanks");
  EXPECT_EQ(client.receive().body, "thanks");
}

TEST(Robustness, a_client_that_expects_continue_is_told_to) {
  const Served served(strict);
  RawClient client(served.port());
  client.send("POST /echo HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.receive().status, 100);
  client.send("ok");
  EXPECT_EQ(client.receive().body, "thanks");
}

TEST(Robustness, a_large_response_arrives_whole) {
  const Served served("routes: [{path: /big, body_bytes: 20000000}]");  // patient with slow readers
  EXPECT_EQ(RawClient(served.port()).get("/big").body.size(), 20'000'000u);
}

TEST(Robustness, random_bytes_hurt_nobody) {
  const Served served(strict);
  std::mt19937_64 random(1);
  const std::string valid = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc";
  for (int i = 0; i < 300; ++i) {
    std::string bytes = valid;
    for (int j = 0; j < 4; ++j) bytes[random() % bytes.size()] = static_cast<char>(random());
    RawClient(served.port()).send(bytes);
  }
  expect_healthy(served);
  EXPECT_TRUE(served.wait_until([](const auto& summary) { return summary.open_connections == 0; }));
}

TEST(Robustness, running_out_of_file_descriptors_is_survived) {
  const Served served(strict);
  RawClient before(served.port());
  EXPECT_EQ(before.get("/a").status, 200);
  rlimit usual{};
  getrlimit(RLIMIT_NOFILE, &usual);
  Socket next_free = begin_connect(served.port());
  const rlimit tight{.rlim_cur = static_cast<rlim_t>(next_free.fd()) + 1,
                     .rlim_max = usual.rlim_max};
  setrlimit(RLIMIT_NOFILE, &tight);
  std::this_thread::sleep_for(50ms);
  EXPECT_EQ(before.get("/a").status, 200);
  setrlimit(RLIMIT_NOFILE, &usual);
  expect_healthy(served);
}

}  // namespace
}  // namespace atonce::mock
