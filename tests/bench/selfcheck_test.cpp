/// Real short runs are judged as they are, and after one thing in them was made wrong.

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <stop_token>
#include <utility>

#include "bench/selfcheck/judge.h"
#include "bench/selfcheck/observe.h"
#include "core/config.h"
#include "mock_server/server.h"

namespace atonce::selfcheck {
namespace {

using namespace std::chrono_literals;

Spec spec_of(const std::string& runner, const std::string& law, const std::string& load) {
  Spec spec;
  spec.key.runner = runner;
  spec.key.cap = spec.key.connections = 8;
  spec.law = law;
  spec.load = load;
  spec.calls = 120;
  spec.seed = 7;
  spec.alpha = 1e-6;
  return spec;
}

Observation play(Spec spec, std::stop_token stop = {}) {
  const mock::Server server(
      mock::parse_server_config(ConfigNode::parse(std::string(server_text()), "test.yaml")));
  spec.url = server.url();
  return observe(spec, std::move(stop));
}

Row judged(const Observation& seen) {
  Row row;
  judge(seen, row);
  return row;
}

std::string reasons_of(const Row& row) {
  std::string text;
  for (const Reason& reason : row.reasons)
    text += std::string(name(reason.cause)) + ": " + reason.text + "\n";
  return text;
}

TEST(Selfcheck, a_right_run_passes_under_any_waiting_model) {
  for (const char* runner : {"sync_serial", "thread_pool", "asio_coroutines", "curl_multi"}) {
    const Row row = judged(play(spec_of(runner, "lognormal", "mid")));
    EXPECT_TRUE(row.passed()) << runner << ":\n" << reasons_of(row);
    ASSERT_EQ(row.service.size(), 3u) << "120 calls are enough for p99, not for p99.9";
    EXPECT_GT(row.room.p50, 0ns);
    EXPECT_LE(row.clock_low, 0ns);
    EXPECT_GE(row.clock_high, 0ns);
  }
}

TEST(Selfcheck, a_run_that_was_stopped_has_lost_nothing) {
  std::stop_source stop;
  stop.request_stop();
  const Row row = judged(play(spec_of("asio_coroutines", "fixed", "low"), stop.get_token()));
  EXPECT_EQ(reasons_of(row), "trial: it was stopped before its end\n");
}

/// Played once for all tests below: what they break is a copy.
const Observation& right() {
  static const Observation seen = play(spec_of("asio_coroutines", "uniform", "mid"));
  return seen;
}

struct Wrong {
  std::string name;
  std::function<void(Observation&)> make;
  Cause cause;
  std::string says;
};

void PrintTo(const Wrong& wrong, std::ostream* out) {
  *out << wrong.name;
}

void each_sample(Observation& seen, const std::function<void(Sample&)>& change) {
  for (Sample& sample : seen.samples) change(sample);
}

/// As if the whole process had another clock.
void shift_client(Observation& seen, Nanos by) {
  seen.start += by;
  seen.ended += by;
  for (Sample& sample : seen.samples)
    for (const auto stamp : {&Stamps::due, &Stamps::ready, &Stamps::unblocked, &Stamps::admitted,
                             &Stamps::connected, &Stamps::sent, &Stamps::first_byte, &Stamps::done})
      sample.at.*stamp += by;
  for (Instant& look : seen.looks) look += by;
  for (CallRecord& call : seen.calls)
    for (const auto stamp : {&CallRecord::due, &CallRecord::ready, &CallRecord::done})
      call.*stamp += by;
}

/// As if only the transport had it.
void shift_transport(Observation& seen, Nanos by) {
  each_sample(seen, [by](Sample& sample) {
    for (const auto stamp : {&Stamps::connected, &Stamps::sent, &Stamps::first_byte, &Stamps::done})
      sample.at.*stamp += by;
  });
}

Histogram histogram(const Observation& seen, const std::function<Nanos(const Sample&)>& value) {
  Histogram all;
  for (const Sample& sample : seen.samples) all.record(value(sample));
  return all;
}

std::vector<Wrong> wrong_stamps() {
  return {
      {"sent_is_the_intended_time",
       [](auto& seen) { each_sample(seen, [](Sample& s) { s.at.sent = s.at.due; }); }, Cause::order,
       "'sent' is before 'connected'"},
      {"sent_is_late",
       [](auto& seen) { each_sample(seen, [](Sample& s) { s.at.sent = s.at.first_byte; }); },
       Cause::causality, "'sent' is after the request's arrival"},
      {"done_is_late", [](auto& seen) { each_sample(seen, [](Sample& s) { s.at.done += 5ms; }); },
       Cause::completion, "'done' is later"},
      {"done_is_early", [](auto& seen) { each_sample(seen, [](Sample& s) { s.at.done -= 5ms; }); },
       Cause::order, "'done' is before 'first_byte'"},
      {"the_whole_answer_is_early",
       [](auto& seen) {
         each_sample(seen, [](Sample& s) {
           s.at.first_byte -= 5ms;
           s.at.done -= 5ms;
         });
       },
       Cause::causality, "'first_byte' is before the answer was written"},
      {"one_done_is_late", [](auto& seen) { seen.samples[17].at.done += 1s; }, Cause::completion,
       "(1 of 120"},
      {"due_is_when_it_was_sent",
       [](auto& seen) { each_sample(seen, [](Sample& s) { s.at.due = s.at.sent; }); },
       Cause::schedule, "'due' is not what the schedule says"},
  };
}

std::vector<Wrong> wrong_clocks() {
  return {
      {"client_5_ms_ahead", [](auto& seen) { shift_client(seen, 5ms); }, Cause::clock,
       "ahead of the server's"},
      {"client_5_ms_behind", [](auto& seen) { shift_client(seen, -5ms); }, Cause::clock,
       "behind the server's"},
      {"transport_ahead", [](auto& seen) { shift_transport(seen, 5ms); }, Cause::clock,
       "ahead of the server's"},
      {"transport_behind", [](auto& seen) { shift_transport(seen, -5ms); }, Cause::clock,
       "behind the server's"},
  };
}

std::vector<Wrong> wrong_counts() {
  return {
      {"a_sample_is_dropped",
       [](auto& seen) {
         seen.samples.pop_back();
         seen.looks.pop_back();
       },
       Cause::conservation, "1 attempts that the server had were not recorded"},
      {"a_sample_is_doubled",
       [](auto& seen) {
         seen.samples.push_back(seen.samples.back());
         seen.looks.push_back(seen.looks.back());
       },
       Cause::conservation, "1 attempts were recorded more than once"},
      {"a_sample_is_made_up", [](auto& seen) { seen.samples[3].id.attempt = 9; },
       Cause::conservation, "1 attempts were recorded that the server never had"},
      {"a_call_is_lost", [](auto& seen) { seen.calls.pop_back(); }, Cause::conservation,
       "119 calls were recorded"},
      {"the_ledger_is_short", [](auto& seen) { --seen.ledger.calls[index(Outcome::ok)]; },
       Cause::conservation, "119 calls ended"},
      {"the_server_counted_more", [](auto& seen) { ++seen.server.summary.attempts; },
       Cause::conservation, "the server had 121 attempts"},
  };
}

std::vector<Wrong> wrong_figures() {
  return {
      {"calls_count_from_the_send",
       [](auto& seen) {
         for (CallRecord& call : seen.calls) call.ready += 30us;
       },
       Cause::response, "does not count from the intended time"},
      {"response_time_is_reported_from_the_send",
       [](auto& seen) {
         seen.reported.response_time =
             histogram(seen, [](const Sample& s) { return s.at.done - s.at.sent; });
       },
       Cause::reported, "of the response time is reported as"},
      {"a_histogram_is_off_by_a_hundredth",
       [](auto& seen) {
         seen.reported.service_time =
             histogram(seen, [](const Sample& s) { return (s.at.done - s.at.sent) * 101 / 100; });
       },
       Cause::reported, "of the service time is reported as"},
      {"a_histogram_lacks_a_value", [](auto& seen) { seen.reported.send_lag = {}; },
       Cause::reported, "send lag of 0 attempts"},
      {"the_server_answers_early",
       [](auto& seen) {
         auto& truth = seen.server.attempts.begin()->second;
         truth.first_write = truth.arrived;
       },
       Cause::server, "before the delay was over"},
      {"delays_of_another_law",
       [](auto& seen) {
         seen.law = Uniform{0.001, 0.009};
       },
       Cause::server, "not the one that the law gives"},
      {"quantiles_of_another_law",
       [](auto& seen) {
         seen.law = Uniform{0.008, 0.012};
       },
       Cause::law, "the law allows"},
  };
}

class WrongRun : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongRun, fails_with_its_cause) {
  Observation seen = right();
  ASSERT_TRUE(judged(seen).passed()) << reasons_of(judged(seen));
  GetParam().make(seen);
  const Row row = judged(seen);
  EXPECT_FALSE(row.passed());
  const auto named = std::ranges::find_if(row.reasons, [](const Reason& reason) {
    return reason.cause == GetParam().cause &&
           reason.text.find(GetParam().says) != std::string::npos;
  });
  EXPECT_NE(named, row.reasons.end()) << reasons_of(row);
}

const auto name_of = [](const auto& tested) { return tested.param.name; };
INSTANTIATE_TEST_SUITE_P(Stamps, WrongRun, ::testing::ValuesIn(wrong_stamps()), name_of);
INSTANTIATE_TEST_SUITE_P(Clocks, WrongRun, ::testing::ValuesIn(wrong_clocks()), name_of);
INSTANTIATE_TEST_SUITE_P(Counts, WrongRun, ::testing::ValuesIn(wrong_counts()), name_of);
INSTANTIATE_TEST_SUITE_P(Figures, WrongRun, ::testing::ValuesIn(wrong_figures()), name_of);

}  // namespace
}  // namespace atonce::selfcheck
