#include <gtest/gtest.h>

#include "core/recorder.h"
#include "core/response_reader.h"
#include "tests/support/allocations.h"

namespace atonce {
namespace {

void record_one(Recorder& recorder, std::int64_t number) {
  Sample sample;
  sample.outcome = number % 3 == 0 ? Outcome::read_timeout : Outcome::ok;
  sample.at = {.due = from_ns(1),
               .ready = from_ns(1),
               .unblocked = from_ns(1 + number),
               .admitted = from_ns(2 + number),
               .connected = from_ns(3 + number),
               .sent = from_ns(4 + number),
               .first_byte = from_ns(5 + 2 * number),
               .done = from_ns(6 + 1000 * number)};
  recorder.on_in_flight(1);
  recorder.on_attempt(sample);
  const Instant due = sample.at.due;
  recorder.on_call({.outcome = sample.outcome, .due = due, .ready = due, .done = sample.at.done});
  recorder.on_session({.due = due, .done = sample.at.done});
}

TEST(Allocation, the_counter_sees_an_allocation) {
  const std::size_t before = allocations();
  Histogram histogram;
  EXPECT_EQ(allocations(), before) << "an empty histogram costs nothing";
  histogram.reserve();
  EXPECT_GT(allocations(), before);
}

TEST(Allocation, recording_within_the_reserve_does_not_allocate) {
  Recorder recorder(1000);
  recorder.reserve(1000);
  const std::size_t before = allocations();
  for (std::int64_t i = 0; i < 2000; ++i) record_one(recorder, i);  // half of it beyond the limit
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(recorder.attempt_count(), 2000u);
}

void read_stream(ResponseReader& reader, std::string_view bytes, std::size_t piece) {
  reader.begin(Attempt{});
  reader.on_header("Content-Type", "text/event-stream");
  for (std::size_t at = 0; at < bytes.size(); at += piece)
    reader.on_body(bytes.substr(at, piece), from_ns(1 + static_cast<std::int64_t>(at)));
  reader.end(Outcome::ok);
}

TEST(Allocation, following_a_stream_does_not_allocate_once_the_buffers_have_grown) {
  std::string bytes;
  for (int token = 0; token < 500; ++token)
    bytes += "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"}}]}\n\n";
  bytes += "data: [DONE]\n\n";
  ResponseReader reader;
  for (const std::size_t piece : {std::size_t{1}, std::size_t{37}, bytes.size()}) {
    read_stream(reader, bytes, piece);
    const std::size_t before = allocations();
    read_stream(reader, bytes, piece);
    EXPECT_EQ(allocations(), before) << "in pieces of " << piece;
    EXPECT_EQ(reader.sample().token_arrivals.size(), 500u);
    EXPECT_EQ(reader.sample().outcome, Outcome::ok);
  }
}

TEST(Allocation, merging_histograms_does_not_allocate) {
  Histogram one, other;
  one.reserve();
  other.record(Nanos{5});
  const std::size_t before = allocations();
  one.merge(other);
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(one.count(), 1u);
}

}  // namespace
}  // namespace atonce
