#include "core/metrics.h"

#include <gtest/gtest.h>

namespace atonce {
namespace {

constexpr Instant at(std::int64_t ns) {
  return from_ns(ns);
}

Stamps all_reached() {
  return {.due = at(1000),
          .ready = at(1100),
          .unblocked = at(1300),
          .admitted = at(1310),
          .connected = at(1700),
          .sent = at(1720),
          .first_byte = at(5000),
          .done = at(6000)};
}

TEST(Metrics, durations_follow_their_definitions) {
  const Stamps stamps = all_reached();
  EXPECT_EQ(service_time(stamps), Nanos{4280});
  EXPECT_EQ(ttfb(stamps), Nanos{3280});
  EXPECT_EQ(cap_wait(stamps), Nanos{200});
  EXPECT_EQ(connection_wait(stamps), Nanos{390});
  EXPECT_EQ(send_lag(stamps), Nanos{420 - 390});
}

TEST(Metrics, response_time_of_a_call_starts_when_its_stage_opened) {
  EXPECT_EQ(response_time({.due = at(5), .ready = at(10), .done = at(110)}), Nanos{100});
}

TEST(Metrics, session_time_starts_when_the_session_was_due) {
  EXPECT_EQ(session_time({.due = at(5), .done = at(110)}), Nanos{105});
}

TEST(Metrics, client_overhead_is_what_the_server_did_not_hold) {
  const ServerHold hold{.planned = Nanos{3000}, .arrived = at(2000), .last_write = at(5500)};
  EXPECT_EQ(client_overhead(all_reached(), hold), Nanos{4280 - 3500});
  EXPECT_EQ(server_lateness(hold), Nanos{500});
}

/// All metrics of an attempt whose stamp `missing` was not reached.
struct Missing {
  Instant Stamps::*stamp;
  bool service, first_byte, cap, connection, lag;
};

TEST(Metrics, a_stamp_that_was_not_reached_gives_nothing_rather_than_a_wrong_number) {
  const Missing cases[] = {
      {&Stamps::ready, true, true, false, true, true},
      {&Stamps::unblocked, true, true, false, true, false},
      {&Stamps::admitted, true, true, true, false, false},
      {&Stamps::connected, true, true, true, false, false},
      {&Stamps::sent, false, false, true, true, false},
      {&Stamps::first_byte, true, false, true, true, true},
      {&Stamps::done, false, true, true, true, true},
  };
  for (const Missing& expected : cases) {
    Stamps stamps = all_reached();
    stamps.*expected.stamp = unset;
    EXPECT_EQ(service_time(stamps).has_value(), expected.service);
    EXPECT_EQ(ttfb(stamps).has_value(), expected.first_byte);
    EXPECT_EQ(cap_wait(stamps).has_value(), expected.cap);
    EXPECT_EQ(connection_wait(stamps).has_value(), expected.connection);
    EXPECT_EQ(send_lag(stamps).has_value(), expected.lag);
  }
}

TEST(Metrics, a_call_or_hold_without_its_stamps_gives_nothing) {
  EXPECT_FALSE(response_time({.due = at(5), .ready = unset, .done = at(9)}));
  EXPECT_FALSE(response_time({.due = at(5), .ready = at(9), .done = unset}));
  EXPECT_FALSE(session_time({.due = unset, .done = at(9)}));
  EXPECT_FALSE(client_overhead(all_reached(), {.arrived = at(9), .last_write = unset}));
  EXPECT_FALSE(client_overhead({}, {.arrived = at(9), .last_write = at(10)}));
}

}  // namespace
}  // namespace atonce
