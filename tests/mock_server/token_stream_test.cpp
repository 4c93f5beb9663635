/// What a stream writes when, on a clock of the test's own.

#include "mock_server/token_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/mock_server/sse.h"
#include "tests/support/allocations.h"

namespace atonce::mock {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

constexpr Instant start = from_ns(1'000'000'000);
constexpr Nanos ttft = 300us;
constexpr Nanos gap = 500us;

StreamScript script_of(std::size_t tokens, LlmApi api = LlmApi::openai, bool is_crlf = false) {
  StreamScript script;
  script.answer = make_answer({.model = "\"m\""}, 1, AttemptId{.session = 7}, tokens, false, 0);
  script.events = render_events(api, script.answer, is_crlf);
  for (std::size_t i = 0; i < tokens; ++i) {
    script.plan.due.push_back(ttft + static_cast<std::int64_t>(i) * gap);
  }
  return script;
}

struct Written {
  Instant at;
  std::string bytes;
  std::size_t tokens = 0;
};

/// Plays the stream to its end, every write as late as `lateness(number of the write)` says.
template <typename Lateness>
std::vector<Written> play(TokenStream& stream, Lateness lateness) {
  std::vector<Written> writes;
  for (std::int64_t i = 0; !stream.is_over() && stream.due() != never; ++i) {
    const Instant at = std::max(stream.due(), writes.empty() ? start : writes.back().at);
    const auto write = stream.next(at + lateness(i));
    writes.push_back({at + lateness(i), std::string(write.bytes), write.tokens});
  }
  return writes;
}

std::vector<Written> play(TokenStream& stream) {
  return play(stream, [](std::int64_t) { return 0ns; });
}

std::string all(const std::vector<Written>& writes) {
  std::string bytes;
  for (const Written& write : writes) bytes += write.bytes;
  return bytes;
}

TEST(TokenStream, writes_every_token_at_its_deadline_however_late_single_writes_are) {
  constexpr std::int64_t count = 10'000;
  TokenStream stream(script_of(count), start);
  const auto late = [](std::int64_t i) { return i % 3 * 150us; };
  const auto writes = play(stream, late);
  ASSERT_EQ(writes.size(), static_cast<std::size_t>(count));
  for (std::int64_t i = 0; i < count; ++i) {
    const Written& write = writes[static_cast<std::size_t>(i)];
    ASSERT_EQ(write.at, start + ttft + i * gap + late(i));
    ASSERT_EQ(write.tokens, 1u);
  }
  EXPECT_EQ(stream.planned(), ttft + (count - 1) * gap);
}

TEST(TokenStream, what_is_due_at_once_goes_out_in_one_write) {
  TokenStream stream(script_of(20), start);
  const auto write = stream.next(start + ttft + 9 * gap);
  EXPECT_EQ(write.tokens, 10u);
  EXPECT_EQ(stream.due(), start + ttft + 10 * gap);
  EXPECT_EQ(stream.next(start + 1s).tokens, 10u);
  EXPECT_TRUE(stream.is_over());
}

TEST(TokenStream, far_behind_its_plan_it_does_not_put_everything_into_one_write) {
  TokenStream stream(script_of(50'000), start);
  std::size_t tokens = 0, writes = 0;
  while (!stream.is_over()) {
    const auto write = stream.next(start + 1h);
    ASSERT_LT(write.bytes.size(), 100'000u);
    tokens += write.tokens;
    ++writes;
  }
  EXPECT_EQ(tokens, 50'000u);
  EXPECT_GT(writes, 50u);
}

TEST(TokenStream, allocates_nothing_per_token_once_it_has_seen_a_few) {
  TokenStream stream(script_of(1000), start);
  for (int i = 0; i < 10; ++i) stream.next(stream.due());
  const std::size_t before = allocations();
  for (int i = 0; i < 900; ++i) stream.next(stream.due());
  EXPECT_EQ(allocations(), before);
}

TEST(TokenStream, the_bytes_do_not_depend_on_how_they_are_grouped) {
  for (const LlmApi api : {LlmApi::openai, LlmApi::anthropic}) {
    TokenStream on_time(script_of(30, api), start), late(script_of(30, api), start);
    const auto expected = dechunk(all(play(on_time)));
    const auto grouped = dechunk(all(play(late, [](std::int64_t i) { return i * 700us; })));
    EXPECT_TRUE(expected.is_complete);
    EXPECT_EQ(grouped.payload, expected.payload);
    EXPECT_GT(parse_sse(expected.payload).size(), 30u);
  }
}

TEST(TokenStream, the_head_and_the_role_go_out_with_the_first_token_or_at_once) {
  auto script = script_of(3);
  script.head = "HEAD";
  TokenStream with_first(script, start);
  EXPECT_EQ(with_first.due(), start + ttft);
  EXPECT_THAT(std::string(with_first.next(with_first.due()).bytes),
              testing::AllOf(testing::StartsWith("HEAD"), HasSubstr("\"role\"")));
  script.role_chunk = RoleChunk::at_once;
  TokenStream at_once(script, start);
  EXPECT_EQ(at_once.due(), start);
  const auto write = at_once.next(start);
  EXPECT_EQ(write.tokens, 0u);
  EXPECT_THAT(std::string(write.bytes),
              testing::AllOf(testing::StartsWith("HEAD"), HasSubstr("\"role\"")));
  EXPECT_EQ(at_once.due(), start + ttft);
}

TEST(TokenStream, without_chunks_the_payload_is_the_same) {
  auto script = script_of(5);
  TokenStream chunked(script, start);
  script.is_chunked = false;
  TokenStream plain(script, start);
  EXPECT_EQ(dechunk(all(play(chunked))).payload, all(play(plain)));
}

TEST(TokenStream, comments_fill_silence_and_change_nothing_else) {
  auto script = script_of(5);
  TokenStream silent(script, start);
  script.comment_period = 100us;
  TokenStream talkative(script, start);
  const auto writes = play(talkative);
  EXPECT_EQ(writes.front().at, start + 100us);
  EXPECT_EQ(writes.size(), 5u + 2 + 4 * 4);  // 200 us before the first token, 400 us in each gap
  const auto payload = dechunk(all(writes)).payload;
  EXPECT_THAT(payload, HasSubstr(": keep-alive\n\n"));
  EXPECT_EQ(text_of(parse_sse(payload)), text_of(parse_sse(dechunk(all(play(silent))).payload)));
}

TEST(TokenStream, lines_can_end_in_cr_lf) {
  TokenStream stream(script_of(5, LlmApi::anthropic, true), start);
  const auto payload = dechunk(all(play(stream))).payload;
  for (auto at = payload.find('\n'); at != payload.npos; at = payload.find('\n', at + 1)) {
    ASSERT_EQ(payload[at - 1], '\r');
  }
  TokenStream plain(script_of(5, LlmApi::anthropic), start);
  EXPECT_EQ(text_of(parse_sse(payload)), text_of(parse_sse(dechunk(all(play(plain))).payload)));
}

TEST(TokenStream, writes_can_be_cut_into_pieces_without_a_change_in_time) {
  auto script = script_of(5);
  TokenStream whole(script, start);
  script.bytes_per_write = 7;
  TokenStream pieces(script, start);
  std::size_t tokens = 0;
  const auto writes = play(pieces);
  for (const Written& write : writes) {
    EXPECT_LE(write.bytes.size(), 7u);
    tokens += write.tokens;
    EXPECT_EQ((write.at - start - ttft) % gap, 0ns);
  }
  EXPECT_EQ(tokens, 5u);
  EXPECT_EQ(all(writes), all(play(whole)));
}

TEST(TokenStream, the_word_of_each_token_is_its_own_event) {
  const auto script = script_of(40);
  TokenStream stream(script, start);
  std::string words;
  script.answer.texts.front().append_words(words, 40);
  EXPECT_EQ(text_of(parse_sse(dechunk(all(play(stream))).payload)), words);
}

}  // namespace
}  // namespace atonce::mock
