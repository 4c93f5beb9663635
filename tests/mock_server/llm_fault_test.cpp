/// What goes wrong inside a stream: on a clock of the test's own, and over the wire.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "mock_server/token_stream.h"
#include "tests/mock_server/served.h"
#include "tests/mock_server/sse.h"

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr Instant start = from_ns(1'000'000'000);

/// Ten tokens, 1 ms apart, the first at 1 ms.
TokenStream stream_with(StreamFault fault) {
  StreamScript script;
  script.answer = make_answer({.model = "\"m\""}, 1, AttemptId{.session = 7}, 10, false, 0);
  script.events = render_events(LlmApi::openai, script.answer, false);
  for (int i = 1; i <= 10; ++i) script.plan.due.push_back(i * 1ms);
  script.fault = fault;
  return TokenStream(std::move(script), start);
}

struct Played {
  std::string bytes;
  std::size_t tokens = 0;
  Instant last = start;
};

Played play(TokenStream& stream, Nanos lateness = 0ns) {
  Played played;
  while (!stream.is_over() && stream.due() != never) {
    played.last = std::max(played.last, stream.due() + lateness);
    const auto write = stream.next(played.last);
    played.bytes += write.bytes;
    played.tokens += write.tokens;
  }
  return played;
}

TEST(StreamFault, strikes_in_place_of_its_token) {
  for (const FaultKind kind :
       {FaultKind::reset, FaultKind::close, FaultKind::end_early, FaultKind::malformed_chunk,
        FaultKind::error_event, FaultKind::stall}) {
    auto stream = stream_with({.kind = kind, .at = 4});
    const auto played = play(stream);
    EXPECT_EQ(played.tokens, 4u) << name(kind);
    EXPECT_EQ(played.last, start + 5ms) << name(kind);
    EXPECT_EQ(stream.planned(), 5ms) << name(kind);
    EXPECT_EQ(stream.struck(), kind);
    EXPECT_THAT(played.bytes, Not(HasSubstr("[DONE]"))) << name(kind);
  }
}

TEST(StreamFault, beyond_the_last_token_strikes_in_place_of_the_end) {
  auto stream = stream_with({.kind = FaultKind::end_early, .at = 10});
  const auto played = play(stream);
  EXPECT_EQ(played.tokens, 10u);
  EXPECT_EQ(stream.planned(), 10ms);
  EXPECT_THAT(played.bytes, Not(HasSubstr("\"stop\"")));
}

TEST(StreamFault, end_early_ends_the_http_body_in_good_order) {
  auto stream = stream_with({.kind = FaultKind::end_early, .at = 4});
  EXPECT_TRUE(dechunk(play(stream).bytes).is_complete);
  EXPECT_EQ(stream.end(), TokenStream::End::complete);
}

TEST(StreamFault, reset_and_close_leave_the_http_body_unfinished) {
  auto reset = stream_with({.kind = FaultKind::reset, .at = 4});
  EXPECT_FALSE(dechunk(play(reset).bytes).is_complete);
  EXPECT_EQ(reset.end(), TokenStream::End::reset);
  auto close = stream_with({.kind = FaultKind::close, .at = 4});
  EXPECT_FALSE(dechunk(play(close).bytes).is_complete);
  EXPECT_EQ(close.end(), TokenStream::End::close);
}

TEST(StreamFault, malformed_chunk_is_no_chunk) {
  auto stream = stream_with({.kind = FaultKind::malformed_chunk, .at = 4});
  EXPECT_THROW(dechunk(play(stream).bytes), std::runtime_error);
  EXPECT_EQ(stream.end(), TokenStream::End::close);
}

TEST(StreamFault, truncated_json_breaks_one_event_only) {
  auto stream = stream_with({.kind = FaultKind::truncated_json, .at = 4});
  const auto played = play(stream);
  EXPECT_EQ(played.tokens, 10u);
  EXPECT_EQ(stream.planned(), 10ms);
  const auto events = parse_sse(dechunk(played.bytes).payload);
  ASSERT_EQ(events.size(), 1u + 10 + 2);
  for (std::size_t i = 0; i + 1 < events.size(); ++i) {
    EXPECT_EQ(nlohmann::json::accept(events[i].data), i != 5) << events[i].data;
  }
}

TEST(StreamFault, error_event_is_the_last_event) {
  auto stream = stream_with({.kind = FaultKind::error_event, .at = 4});
  const auto body = dechunk(play(stream).bytes);
  EXPECT_TRUE(body.is_complete);
  EXPECT_TRUE(parse_sse(body.payload).back().json().contains("error"));
}

TEST(StreamFault, a_stall_is_silence) {
  auto stream = stream_with({.kind = FaultKind::stall, .at = 4});
  play(stream);
  EXPECT_TRUE(stream.is_stalled());
  EXPECT_EQ(stream.due(), never);
  EXPECT_FALSE(stream.is_over());
}

TEST(StreamFault, a_drip_takes_as_long_as_planned_however_late_it_begins) {
  const StreamFault drip{.kind = FaultKind::drip, .at = 4, .pause = 20us};
  auto whole = stream_with({.kind = FaultKind::truncated_json, .at = 4});
  auto stream = stream_with(drip), late = stream_with(drip);
  const auto played = play(stream);
  EXPECT_EQ(played.tokens, 10u);
  EXPECT_TRUE(dechunk(played.bytes).is_complete);
  EXPECT_EQ(start + stream.planned(), played.last);
  const auto slow_bytes = played.bytes.size() - played.bytes.find("data:");
  EXPECT_GT(stream.planned(), 5ms + static_cast<std::int64_t>(slow_bytes / 3) * 20us);
  EXPECT_EQ(play(late, 2ms).tokens, 10u);
  EXPECT_EQ(late.planned(), stream.planned());
}

TEST(StreamFault, its_place_is_a_share_of_the_tokens) {
  const auto place = [](FaultKind kind, double after, std::size_t tokens) {
    return within_stream({.kind = kind, .after = after}, tokens, 1).at;
  };
  EXPECT_EQ(place(FaultKind::reset, 0, 10), 0u);
  EXPECT_EQ(place(FaultKind::reset, 0.5, 10), 5u);
  EXPECT_EQ(place(FaultKind::reset, 1, 10), 10u);
  EXPECT_EQ(place(FaultKind::truncated_json, 1, 10), 9u);
  EXPECT_EQ(within_stream({.kind = FaultKind::drip, .after = 0, .pause = 10ms}, 1, 0.5).pause, 5ms);
}

constexpr const char* request = R"({"model":"m","messages":[],"stream":true})";

std::string faulty(const std::string& faults) {
  return "limits: {idle_time: 300ms}\nroutes:\n"
         "  - {path: /a, llm: {api: openai, gap: 1ms, tokens: 10}, faults: [" +
         faults + "]}\n";
}

/// One attempt that is struck, and what the account says of it.
AttemptTruth struck(const std::string& fault, std::string_view body = request) {
  const Served served(faulty("{share: 1, fault: " + fault + "}"));
  RawClient client(served.port());
  client.send_post("/a", body);
  const bool settled =
      served.wait_until([](const auto& s) { return s.completed + s.faulted == 1; });
  EXPECT_TRUE(settled) << fault;
  return served.truth().at(0);
}

TEST(StreamFaultAccount, says_what_struck_and_how_the_connection_ended) {
  EXPECT_EQ(struck("reset, after: 50%").connection_end, ConnectionEnd::reset);
  EXPECT_EQ(struck("close, after: 50%").connection_end, ConnectionEnd::closed);
  EXPECT_EQ(struck("malformed_chunk").connection_end, ConnectionEnd::closed);
  EXPECT_EQ(struck("stall, after: 50%").connection_end, ConnectionEnd::closed);
  for (const char* kind : {"end_early", "truncated_json", "error_event", "drip, pause: 1us"}) {
    const AttemptTruth truth = struck(kind);
    EXPECT_EQ(truth.connection_end, ConnectionEnd::kept) << kind;
    EXPECT_EQ(truth.status, 200) << kind;
    EXPECT_THAT(kind, testing::StartsWith(std::string(name(truth.fault))));
  }
}

TEST(StreamFaultAccount, has_the_tokens_that_went_out_and_the_time_planned_up_to_the_fault) {
  const AttemptTruth truth = struck("reset, after: 40%");
  EXPECT_EQ(truth.fault, FaultKind::reset);
  EXPECT_EQ(truth.token_writes.size(), 4u);
  EXPECT_EQ(truth.planned, 4ms);
}

TEST(StreamFaultAccount, an_answer_in_one_piece_is_struck_by_what_does_not_need_a_stream) {
  constexpr const char* plain = R"({"model":"m","messages":[]})";
  EXPECT_EQ(struck("reset, after: 50%", plain).connection_end, ConnectionEnd::reset);
  EXPECT_EQ(struck("reset, after: 50%", plain).planned, 5ms);
  EXPECT_EQ(struck("error_event", plain).fault, FaultKind::none);
}

TEST(StreamFaultAccount, a_stall_keeps_its_worker) {
  const Served served(
      "limits: {idle_time: 200ms}\nroutes: [{path: /a, capacity: {workers: 1}, llm: {api: openai, "
      "gap: 1ms, tokens: 10}, faults: [{fault: stall, share: 1, after: 50%, first: 1}]}]");
  RawClient first(served.port()), second(served.port());
  first.send_post("/a", request, AttemptId{.session = 1});
  ASSERT_TRUE(served.wait_until([](const auto& summary) { return summary.in_flight == 1; }));
  second.send_post("/a", request, AttemptId{.session = 1, .attempt = 1});
  EXPECT_EQ(second.receive().status, 200);
  const auto log = served.truth();
  ASSERT_EQ(log.size(), 2u);
  EXPECT_GE(log[1].arrived + log[1].queued, log[0].closed);
}

TEST(StreamFaultAccount, a_fault_before_the_stream_answers_in_the_vendors_shape) {
  const Served served(faulty("{fault: status, share: 1, status: 429, retry_after: 2s}"));
  RawClient client(served.port());
  client.send_post("/a", request);
  const auto response = client.receive();
  EXPECT_EQ(response.status, 429);
  EXPECT_THAT(response.head, HasSubstr("Retry-After: 2\r\nretry-after-ms: 2000\r\n"));
  EXPECT_EQ(nlohmann::json::parse(response.body)["error"]["code"], "rate_limit_exceeded");
}

TEST(StreamFaultAccount, a_fault_of_first_attempts_lets_later_ones_pass) {
  const Served served(faulty("{fault: status, share: 1, status: 503, first: 2}"));
  RawClient client(served.port());
  for (std::uint16_t attempt = 0; attempt < 3; ++attempt) {
    client.send_post("/a", request, AttemptId{.session = 5, .attempt = attempt});
    EXPECT_EQ(client.receive().status, attempt < 2 ? 503 : 200);
    client.send("POST /a HTTP/1.1\r\nX-Stainless-Retry-Count: " + std::to_string(attempt) +
                "\r\nContent-Length: 41\r\n\r\n" + request);
    EXPECT_EQ(client.receive().status, attempt < 2 ? 503 : 200);
  }
}

}  // namespace
}  // namespace atonce::mock
