#include "runners/blocking/blocking_client.h"

#include <future>

#include "tests/runners/conformance.h"
#include "tests/support/silent_listener.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

class BlockingClientTest : public testing::TestWithParam<std::string_view> {
 protected:
  std::unique_ptr<BlockingClient> client_for(const std::string& url, bool keep_alive = true) {
    return make_blocking_client(GetParam(), resolve(parse_target(url)), keep_alive);
  }

  Sample exchange(BlockingClient& client, const Request& request, AttemptId id = {}) {
    Attempt attempt;
    attempt.id = id;
    attempt.request = &request;
    attempt.give_up_at = now() + 20s;
    ResponseReader reader;
    reader.begin(attempt);
    client.exchange(attempt, reader);
    Sample sample = reader.sample();
    sample.token_arrivals = {};  // they live in the reader
    return sample;
  }

  /// Starts an exchange, aborts it after `delay` and returns how long it took from then on.
  Nanos time_to_abort(BlockingClient& client, const Request& request, Nanos delay) {
    client.arm();
    auto running = std::async(std::launch::async, [&] { return exchange(client, request); });
    std::this_thread::sleep_for(delay);
    const Instant aborted = now();
    client.abort();
    const Sample sample = running.get();
    EXPECT_EQ(sample.outcome, Outcome::cancelled);
    return sample.at.done - aborted;
  }

  ScriptedServer server;
};

TEST_P(BlockingClientTest, puts_the_whole_request_on_the_wire) {
  Request request = get("/ok?a=b+c%20d'");
  request.method = "PUT";
  request.headers = {{"X-Colour", "blue, green"}};
  request.body = "twelve bytes";
  const AttemptId id{.session = 7, .call = 2, .attempt = 1};
  const auto client = client_for(server.url() + "/base");
  const Sample sample = exchange(*client, request, id);

  EXPECT_EQ(sample.status, 404);
  const ScriptedRequest seen = server.witness().requests.at(0);
  EXPECT_THAT(seen.head, testing::StartsWith("PUT /base/ok?a=b+c%20d' HTTP/1.1\r\n"));
  EXPECT_EQ(seen.id, to_hex(id));
  for (const std::string& line :
       {"Host: 127.0.0.1:" + std::to_string(server.port()), std::string("X-Colour: blue, green"),
        std::string("Content-Length: 12"), std::string("Content-Type: application/octet-stream"),
        std::string("User-Agent: atonce")})
    EXPECT_THAT(seen.head, testing::HasSubstr("\r\n" + line + "\r\n"));
}

TEST_P(BlockingClientTest, forgets_one_request_when_it_sends_the_next) {
  Request with_body = get("/ok");
  with_body.method = "POST";
  with_body.body = "body";
  const Request without = get("/chunks");
  const auto client = client_for(server.url());
  for (int i = 0; i < 4; ++i)
    EXPECT_EQ(exchange(*client, i % 2 == 0 ? with_body : without).outcome, Outcome::ok);

  const auto seen = server.witness().requests;
  EXPECT_THAT(seen[0].head, testing::HasSubstr("Content-Length: 4"));
  EXPECT_THAT(seen[1].head, testing::StartsWith("GET /chunks"));
  EXPECT_THAT(seen[1].head, testing::Not(testing::HasSubstr("Content-")));
  EXPECT_EQ(seen[0].head, seen[2].head);
  EXPECT_EQ(seen[1].head, seen[3].head);
}

TEST_P(BlockingClientTest, a_head_request_ends_with_the_head) {
  Request request = get("/ok");
  request.method = "HEAD";
  const auto client = client_for(server.url(), false);
  const Sample sample = exchange(*client, request);
  EXPECT_EQ(sample.outcome, Outcome::ok);
  EXPECT_EQ(sample.body_bytes, 0u);
}

TEST_P(BlockingClientTest, an_abort_ends_the_wait_for_a_response) {
  const auto client = client_for(server.url());
  const Request request = get("/silent");
  std::vector<Nanos> times;
  for (int i = 0; i < 20; ++i) times.push_back(time_to_abort(*client, request, 5ms));
  std::ranges::sort(times);
  EXPECT_LT(times[times.size() / 2], 10ms);
  EXPECT_LT(times.back(), 500ms);
}

TEST_P(BlockingClientTest, an_abort_ends_a_connection_attempt) {
  const SilentListener listener;
  const auto client = client_for(listener.url());
  EXPECT_LT(time_to_abort(*client, get("/ok"), 50ms), 500ms);
}

TEST_P(BlockingClientTest, an_abort_at_any_moment_leaves_a_client_that_works) {
  const auto client = client_for(server.url());
  const Request request = get("/ok");
  for (int i = 0; i < (sanitized ? 100 : 500); ++i) {
    client->arm();
    auto running = std::async(std::launch::async, [&] { return exchange(*client, request); });
    std::this_thread::sleep_for(i * 1us);
    client->abort();
    EXPECT_THAT(running.get().outcome, testing::AnyOf(Outcome::ok, Outcome::cancelled));
    client->arm();
    EXPECT_EQ(exchange(*client, request).outcome, Outcome::ok);
  }
}

TEST_P(BlockingClientTest, an_abort_before_the_exchange_counts) {
  const auto client = client_for(server.url());
  const Request request = get("/silent");
  client->arm();
  client->abort();
  EXPECT_EQ(exchange(*client, request).outcome, Outcome::cancelled);
}

std::string test_name(std::string_view transport) {
  std::string text{transport};
  std::ranges::replace(text, '-', '_');
  return text;
}

INSTANTIATE_TEST_SUITE_P(transports, BlockingClientTest, testing::ValuesIn(blocking_transports()),
                         [](const auto& each) { return test_name(each.param); });

TEST(BlockingTransports, an_unknown_name_is_refused_with_the_known_ones) {
  try {
    make_blocking_client("carrier-pigeon", resolve(parse_target("http://127.0.0.1:9")), true);
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("cpp-httplib, curl-easy, beast"));
  }
}

}  // namespace
}  // namespace atonce
