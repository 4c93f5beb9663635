#include "core/sse_parser.h"

#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace atonce {
namespace {

struct Seen {
  std::string type, data;
  bool operator==(const Seen&) const = default;
};

void PrintTo(const Seen& seen, std::ostream* out) {
  *out << seen.type << ": " << seen.data.substr(0, 80);
}

std::vector<Seen> take_all(SseParser& parser) {
  std::vector<Seen> seen;
  while (const auto event = parser.next())
    seen.push_back({std::string(event->type), std::string(event->data)});
  return seen;
}

/// Each piece in memory of its own that is gone afterwards, as the buffer of a read is.
std::vector<Seen> parse(const std::vector<std::string>& pieces) {
  SseParser parser;
  std::vector<Seen> all;
  for (std::string piece : pieces) {
    parser.feed(piece);
    for (auto& event : take_all(parser)) all.push_back(std::move(event));
    piece.assign(piece.size(), '#');
  }
  return all;
}

std::vector<std::string> byte_by_byte(const std::string& text) {
  std::vector<std::string> pieces;
  for (const char c : text) pieces.emplace_back(1, c);
  return pieces;
}

TEST(SseParser, gives_the_events_of_a_plain_stream) {
  EXPECT_EQ(parse({"data: one\n\ndata: two\n\n"}), (std::vector<Seen>{{"", "one"}, {"", "two"}}));
}

TEST(SseParser, takes_every_kind_of_line_end) {
  const std::vector<Seen> expected{{"greeting", "hello"}, {"", "again"}};
  for (const std::string end : {"\n", "\r", "\r\n"}) {
    const std::string text =
        "event: greeting" + end + "data: hello" + end + end + "data: again" + end + end;
    EXPECT_EQ(parse({text}), expected);
    EXPECT_EQ(parse(byte_by_byte(text)), expected);
  }
}

TEST(SseParser, a_line_end_cut_in_two_is_one_line_end) {
  EXPECT_EQ(parse({"data: a\r", "\ndata: b\r", "\n\r", "\n"}), (std::vector<Seen>{{"", "a\nb"}}));
}

TEST(SseParser, passes_over_comments_and_fields_it_does_not_know) {
  EXPECT_EQ(parse({": keep-alive\n\n:\nid: 7\nretry: 10\nnonsense\ndata: x\n\n"}),
            (std::vector<Seen>{{"", "x"}}));
}

TEST(SseParser, joins_data_lines_and_strips_one_space_only) {
  EXPECT_EQ(parse({"data:a\ndata:  b\ndata\ndata: c\n\n"}),
            (std::vector<Seen>{{"", "a\n b\n\nc"}}));
}

TEST(SseParser, an_event_without_data_is_none_and_its_type_is_forgotten) {
  EXPECT_EQ(parse({"event: lost\n\ndata: x\n\n"}), (std::vector<Seen>{{"", "x"}}));
}

TEST(SseParser, an_event_without_its_blank_line_is_dropped) {
  EXPECT_EQ(parse({"data: whole\n\ndata: cut\n"}), (std::vector<Seen>{{"", "whole"}}));
}

TEST(SseParser, skips_a_byte_order_mark_at_the_start_only) {
  EXPECT_EQ(parse({"\xEF\xBB\xBF"
                   "data: x\n\n\xEF\xBB\xBF"
                   "data: y\n\n"}),
            (std::vector<Seen>{{"", "x"}}));
  EXPECT_EQ(parse(byte_by_byte("\xEF\xBB\xBF"
                               "data: x\n\n")),
            (std::vector<Seen>{{"", "x"}}));
}

TEST(SseParser, text_beyond_ascii_survives_a_cut_within_a_character) {
  const std::string text = "data: gr\xC3\xBC\xC3\x9F \xF0\x9F\x99\x82\n\n";
  const std::vector<Seen> expected{{"", "gr\xC3\xBC\xC3\x9F \xF0\x9F\x99\x82"}};
  for (std::size_t cut = 0; cut <= text.size(); ++cut)
    EXPECT_EQ(parse({text.substr(0, cut), text.substr(cut)}), expected);
}

TEST(SseParser, a_long_line_in_many_pieces_is_one_event) {
  const std::string data(300'000, 'x');
  const std::string text = "data: " + data + "\n\ndata: after\n\n";
  std::vector<std::string> pieces;
  for (std::size_t at = 0; at < text.size(); at += 1000) pieces.push_back(text.substr(at, 1000));
  EXPECT_EQ(parse(pieces), (std::vector<Seen>{{"", data}, {"", "after"}}));
}

TEST(SseParser, an_event_without_end_is_refused_before_it_fills_the_memory) {
  SseParser parser;
  const std::string piece(1 << 20, 'x');
  std::size_t fed = 0;
  for (; !parser.overflowed() && fed < 64; ++fed) {
    parser.feed(piece);
    EXPECT_FALSE(parser.next());
  }
  EXPECT_LE(fed, SseParser::longest_event / piece.size() + 1);
  parser.reset();
  parser.feed("data: fine\n\n");
  EXPECT_EQ(take_all(parser), (std::vector<Seen>{{"", "fine"}}));
}

/// The same rules written down once more, the slow way: whole text, line by line.
std::vector<Seen> reference(std::string text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);
  std::vector<Seen> events;
  Seen event;
  bool has_data = false;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find_first_of("\r\n", at);
    if (end == text.npos) break;
    const std::string line = text.substr(at, end - at);
    at = end + (text.compare(end, 2, "\r\n") == 0 ? 2 : 1);
    const auto colon = line.find(':');
    const std::string field = line.substr(0, colon);
    std::string value = colon == line.npos ? "" : line.substr(colon + 1);
    if (value.starts_with(' ')) value.erase(0, 1);
    if (line.empty()) {
      if (has_data) events.push_back(event);
      event = {};
      has_data = false;
    } else if (field == "data") {
      event.data += (has_data ? "\n" : "") + value;
      has_data = true;
    } else if (field == "event") {
      event.type = value;
    }
  }
  return events;
}

TEST(SseParser, agrees_with_the_rules_on_random_text_cut_anywhere) {
  std::mt19937 random(20240501);
  const std::vector<std::string> bits{
      "data",        "event", ":", ": ", " ",  "\n",       "\r",
      "\r\n",        "\n\n",  "x", "{}", "id", "\xC3\xBC", "data: [DONE]\n\n",
      "\xEF\xBB\xBF"};
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (auto left = random() % 40; left > 0; --left) text += bits[random() % bits.size()];
    std::vector<std::string> pieces;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = 1 + random() % 9;
      pieces.push_back(text.substr(at, size));
      at += size;
    }
    ASSERT_EQ(parse(pieces), reference(text)) << testing::PrintToString(text);
  }
}

}  // namespace
}  // namespace atonce
