/// Routes that speak the API of an LLM vendor, over the wire.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <random>

#include "mock_server/token_plan.h"
#include "tests/mock_server/served.h"
#include "tests/mock_server/sse.h"

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using testing::HasSubstr;

constexpr const char* quick = R"(
threads: 2
routes:
  - path: /chat
    llm:
      api: openai
      ttft: {uniform: [100us, 2ms]}
      gap: {exponential: 100us}
      tokens: {uniform: [5, 25]}
  - path: /messages
    llm: {api: anthropic, ttft: 1ms, gap: 100us, tokens: 10}
)";

constexpr std::string_view whole = R"({"model":"m","messages":[],"max_tokens":100})";
constexpr std::string_view streamed =
    R"({"model":"m","messages":[],"max_tokens":100,"stream":true})";

RawResponse post(const Served& served, std::string_view path, std::string_view body,
                 std::optional<AttemptId> id = {}) {
  RawClient client(served.port());
  client.send_post(path, body, id);
  return client.receive();
}

/// The plan of the route /chat.
TokenPlan plan_of(AttemptId id, std::uint64_t seed = 1, double scale = 1) {
  const auto llm = parse_server_config(ConfigNode::parse(quick, "a.yaml")).routes.at(0).llm;
  return TokenLaws(*llm, scale).plan(seed, id, most_tokens, 1);
}

TEST(LlmRoute, an_attempts_answer_is_the_same_in_any_order_on_any_thread) {
  const Served served(quick);
  std::vector<std::uint32_t> sessions(40);
  std::iota(sessions.begin(), sessions.end(), 0u);
  const auto answers = [&] {
    std::map<std::uint32_t, std::string> bodies;
    std::vector<RawClient> clients;
    for (const auto session : sessions) {
      clients.emplace_back(served.port())
          .send_post("/chat", streamed, AttemptId{.session = session});
    }
    for (std::size_t i = 0; i < clients.size(); ++i)
      bodies[sessions[i]] = clients[i].receive().body;
    return bodies;
  };
  const auto first = answers();
  std::shuffle(sessions.begin(), sessions.end(), std::mt19937_64(1));
  EXPECT_EQ(answers(), first);
  EXPECT_NE(text_of(parse_sse(first.at(0))), text_of(parse_sse(first.at(1))));
}

TEST(LlmRoute, no_token_is_written_before_it_is_due_and_the_plan_is_that_of_the_laws) {
  const Served served(quick);
  served.reset("?seed=7&time_scale=2");
  for (std::uint32_t i = 0; i < 30; ++i) post(served, "/chat", streamed, AttemptId{.session = i});
  const auto log = served.truth();
  ASSERT_EQ(log.size(), 30u);
  for (const AttemptTruth& truth : log) {
    const TokenPlan plan = plan_of(truth.id, 7, 2);
    EXPECT_EQ(truth.planned, plan.total());
    ASSERT_EQ(truth.token_writes.size(), plan.due.size());
    for (std::size_t i = 0; i < plan.due.size(); ++i) {
      ASSERT_GE(truth.token_writes[i], truth.arrived + plan.due[i]);
    }
    EXPECT_GE(truth.first_write, truth.arrived + plan.due.front());
    EXPECT_EQ(truth.last_write, truth.token_writes.back());
  }
}

TEST(LlmRoute, time_scale_changes_times_but_not_the_answer) {
  const AttemptId id{.session = 3};
  const auto plain = plan_of(id), scaled = plan_of(id, 1, 3);
  ASSERT_EQ(scaled.due.size(), plain.due.size());
  EXPECT_NEAR(static_cast<double>(scaled.total().count()),
              3 * static_cast<double>(plain.total().count()), 100);
}

TEST(LlmRoute, an_answer_in_one_piece_takes_as_long_and_says_the_same) {
  const Served served(quick);
  const AttemptId id{.session = 9};
  const auto pieces = post(served, "/chat", streamed, id);
  const auto one = post(served, "/chat", whole, id);
  const auto message = json::parse(one.body)["choices"][0]["message"];
  EXPECT_EQ(message["content"], text_of(parse_sse(pieces.body)));
  const auto log = served.truth();
  ASSERT_EQ(log.size(), 2u);
  EXPECT_EQ(log[0].planned, log[1].planned);
  for (const AttemptTruth& truth : log) {
    EXPECT_GE(truth.last_write, truth.arrived + truth.planned);
    const bool is_stream = !truth.token_writes.empty();
    if (!is_stream) {
      EXPECT_GE(truth.first_write, truth.arrived + truth.planned);
    }
  }
}

TEST(LlmRoute, the_requests_limit_cuts_the_answer) {
  const Served served(quick);
  const auto response =
      post(served, "/chat", R"({"model":"m","messages":[],"max_completion_tokens":3})");
  const auto answer = json::parse(response.body);
  EXPECT_EQ(answer["usage"]["completion_tokens"], 3);
  EXPECT_EQ(answer["choices"][0]["finish_reason"], "length");
}

TEST(LlmRoute, answers_carry_the_vendors_headers) {
  const Served served(quick);
  const auto chat = post(served, "/chat", streamed, AttemptId{.session = 1});
  EXPECT_THAT(chat.head, HasSubstr("Content-Type: text/event-stream"));
  EXPECT_THAT(chat.head, HasSubstr("x-request-id: req_0000000100000000\r\n"));
  EXPECT_THAT(chat.head, HasSubstr("openai-processing-ms: "));
  EXPECT_THAT(post(served, "/messages", whole).head, HasSubstr("request-id: req_"));
}

TEST(LlmRoute, a_wrong_request_gets_400_in_the_vendors_shape_and_the_connection_stays) {
  const Served served(quick);
  RawClient client(served.port());
  client.send_post("/chat", "{");
  const auto openai = client.receive();
  EXPECT_EQ(openai.status, 400);
  EXPECT_EQ(json::parse(openai.body)["error"]["type"], "invalid_request_error");
  client.send_post("/messages", R"({"model":"m","messages":[]})");
  const auto anthropic = client.receive();
  EXPECT_EQ(anthropic.status, 400);
  EXPECT_EQ(json::parse(anthropic.body)["error"]["type"], "invalid_request_error");
  client.send_post("/chat", whole);
  EXPECT_EQ(client.receive().status, 200);
  client.send_get("/chat");
  EXPECT_EQ(client.receive().status, 405);
}

TEST(LlmRoute, a_body_in_chunks_is_read_like_any_other) {
  const Served served(quick);
  RawClient client(served.port());
  client.send("POST /chat HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n");
  client.send("5\r\n{\"mod\r\n1a\r\nel\":\"m\",\"messages\":[     ]\r\n");
  client.send("1\r\n}\r\n0\r\n\r\n");
  EXPECT_EQ(client.receive().status, 200);
}

TEST(LlmRoute, a_prompt_of_any_length_is_counted_whole) {
  const Served served(quick);
  RawClient client(served.port());
  for (std::size_t tokens = 1; tokens <= 65'536; tokens *= 2) {
    const std::string text(4 * tokens, 'x');
    client.send_post("/chat", R"({"model":"m","messages":[{"content":")" + text + R"("}]})");
    EXPECT_EQ(json::parse(client.receive().body)["usage"]["prompt_tokens"], tokens);
  }
}

TEST(LlmRoute, a_client_of_http_1_0_gets_its_stream_without_chunks) {
  const Served served(quick);
  RawClient client(served.port());
  client.send("POST /chat HTTP/1.0\r\nContent-Length: " + std::to_string(streamed.size()) +
              "\r\n\r\n" + std::string(streamed));
  EXPECT_THAT(client.receive().head, testing::Not(HasSubstr("chunked")));
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.completed == 1; }));
  EXPECT_EQ(served.truth().at(0).connection_end, ConnectionEnd::closed);
}

TEST(LlmRoute, an_answer_occupies_its_worker_to_the_end) {
  const Served served(
      "routes: [{path: /a, capacity: {workers: 1}, llm: {api: openai, gap: 1ms, tokens: 11}}]");
  std::vector<RawClient> clients;
  for (int i = 0; i < 5; ++i) clients.emplace_back(served.port()).send_post("/a", streamed);
  for (RawClient& client : clients) EXPECT_EQ(client.receive().status, 200);
  auto log = served.truth();
  std::ranges::sort(log, {}, &AttemptTruth::arrived);
  ASSERT_EQ(log.size(), 5u);
  for (std::size_t i = 1; i < log.size(); ++i) {
    const Instant freed = log[i - 1].arrived + log[i - 1].queued + 10ms;
    EXPECT_EQ(log[i].arrived + log[i].queued, std::max(freed, log[i].arrived));
    EXPECT_GE(log[i].token_writes.front(), log[i].arrived + log[i].queued);
  }
}

TEST(LlmRoute, a_client_that_leaves_in_the_middle_frees_its_worker) {
  const Served served(
      "routes: [{path: /a, capacity: {workers: 1}, llm: {api: openai, gap: 20ms, tokens: 5000}}]");
  RawClient streaming(served.port());
  streaming.send_post("/a", R"({"model":"m","messages":[],"stream":true})");
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 1; }));
  streaming.close();
  EXPECT_TRUE(served.wait_until([](const auto& s) { return s.in_flight == 0 && s.aborted > 0; }));
  RawClient next(served.port());
  next.send_post("/a", R"({"model":"m","messages":[],"max_tokens":1})");
  EXPECT_EQ(next.receive().status, 200);
}

TEST(LlmRoute, tokens_beyond_the_limit_of_the_log_are_left_out_with_their_attempt_kept) {
  const Served served(
      "truth_token_limit: 25\nroutes: [{path: /a, llm: {api: openai, tokens: 10}}]");
  for (int i = 0; i < 4; ++i) post(served, "/a", streamed);
  std::size_t tokens = 0;
  for (const AttemptTruth& truth : served.truth()) tokens += truth.token_writes.size();
  EXPECT_EQ(served.truth().size(), 4u);
  EXPECT_EQ(tokens, 20u);
  served.reset();
  post(served, "/a", streamed);
  EXPECT_EQ(served.truth().at(0).token_writes.size(), 10u);
}

TEST(LlmRoute, a_log_of_many_tokens_comes_through_whole) {
  const Served served("routes: [{path: /a, llm: {api: openai, tokens: 20000}}]");
  for (int i = 0; i < 3; ++i) post(served, "/a", R"({"model":"m","messages":[],"stream":true})");
  const auto log = served.truth();
  ASSERT_EQ(log.size(), 3u);
  for (const AttemptTruth& truth : log) EXPECT_EQ(truth.token_writes.size(), 20'000u);
}

}  // namespace
}  // namespace atonce::mock
