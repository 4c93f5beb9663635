/// What is said of a search.

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "bench/tune/answer.h"
#include "bench/tune/report.h"
#include "tests/bench/tune_run.h"

namespace atonce::testing {
namespace {

using namespace tune;
using namespace tune::sim;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(TuneAnswer, names_what_breaks) {
  const auto cause = [](const Truth& truth) { return answer_of(tuned(truth, 2)).cause; };
  EXPECT_THAT(cause(closed_queue(8, 0.010, 0, "p99<=100ms")), HasSubstr("server queue"));
  EXPECT_THAT(cause(refusals(310, 0.050, 0.005, "errors<=1%")),
              HasSubstr("rate limiter: calls are refused (429)"));
  EXPECT_THAT(cause(contention(0.02, 0.004, 0.010, "p99<=150ms")), HasSubstr("contention"));
}

/// Beyond some calls at once all fail; or, refused, come late.
class Wall : public VirtualServer {
 public:
  explicit Wall(bool refuses) : refuses_(refuses) {}
  void begin(double) override {}
  Reply call(double now, std::size_t in_flight, Dice& dice) override {
    const double at = now + 0.018 + 0.004 * dice.uniform();
    if (in_flight <= 20) return {.at = at};
    if (refuses_) return {.at = at + 0.2, .refused = true};
    return {.at = at, .ok = false};
  }

 private:
  bool refuses_;
};

Tuning against_wall(bool refuses) {
  VirtualTarget target({.slos = {parse_slo("p99<=100ms")}}, std::make_unique<Wall>(refuses), 1);
  return tuned({.slos = {parse_slo("p99<=100ms")}}, target);
}

TEST(TuneAnswer, a_wall_is_named_in_whole_percent_and_refusals_even_when_they_are_late) {
  EXPECT_THAT(answer_of(against_wall(false)).cause,
              ::testing::ContainsRegex("error cliff: [0-9]+(\\.[0-9])? % of the calls fail"));
  EXPECT_THAT(answer_of(against_wall(true)).cause, HasSubstr("late once they are tried again"));
}

TEST(TuneAnswer, has_level_interval_and_figures_around_it) {
  const Tuning tuning = tuned(closed_queue(8, 0.010, 0.040, "p99<=100ms"), 5);
  const Answer answer = answer_of(tuning);
  ASSERT_TRUE(answer.level) << story(tuning);
  EXPECT_THAT(answer.headline, AllOf(HasSubstr("set cap " + std::to_string(*answer.level)),
                                     HasSubstr("95 % confidence")));
  EXPECT_THAT(answer.model, HasSubstr("workers, busy for"));
  ASSERT_TRUE(answer.workers);
  EXPECT_LE(answer.workers->fewest, 8u) << answer.model;
  EXPECT_GE(answer.workers->most, 8u) << answer.model;
  ASSERT_GE(answer.around.size(), 3u);
  for (std::size_t i = 1; i < answer.around.size(); ++i)
    EXPECT_LE(answer.around[i - 1].throughput, 1.05 * answer.around[i].throughput);
  EXPECT_EQ(std::ranges::count(answer.around, static_cast<double>(*answer.level), &LevelRow::level),
            1);
  for (const LevelRow& row : answer.rows) {
    EXPECT_LE(row.share_bounds[0].low, row.shares[0]);
    EXPECT_GE(row.share_bounds[0].high, row.shares[0]);
  }
}

TEST(TuneAnswer, levels_around_are_whole_and_different) {
  const Answer answer = answer_of(tuned(closed_queue(1, 0.010, 0, "p99<=100ms"), 5));
  ASSERT_TRUE(answer.level);
  ASSERT_GE(answer.around.size(), 2u);
  for (const LevelRow& row : answer.around) {
    EXPECT_EQ(row.level, std::round(row.level));
    EXPECT_EQ(std::ranges::count(answer.around, row.level, &LevelRow::level), 1);
  }
}

TEST(TuneAnswer, every_flag_has_a_name_and_a_sentence) {
  Tuning tuning{.rules = {.slos = {parse_slo("p99<=50ms")}}};
  for (std::size_t i = 0; i < flag_count; ++i) tuning.flags.insert(static_cast<Flag>(i));
  const Answer answer = answer_of(tuning);
  ASSERT_EQ(answer.remarks.size(), flag_count);
  for (const std::string& remark : answer.remarks) EXPECT_GT(remark.size(), 30u) << remark;
}

TEST(TuneAnswer, names_what_is_open) {
  Tuning tuning{
      .rules = {.slos = {parse_slo("p99<=50ms")}, .goal = Goal::knee},
      .boundary = {.low = 46, .beyond = 51},
      .knee = LevelInterval{.low = 30, .beyond = {}},
      .flags = {Flag::undecided_band},
      .end = End::interrupted,
  };
  const auto remark = [&] { return answer_of(tuning).remarks.front(); };
  EXPECT_THAT(remark(),
              AllOf(HasSubstr("where the knee is (30 or more)"), ::testing::Not(HasSubstr("46"))));
  tuning.boundary.low = 20;
  EXPECT_THAT(remark(), AllOf(HasSubstr("between 20 and 51"), HasSubstr("where the knee is")));
  tuning.rules.goal = Goal::slo;
  EXPECT_THAT(remark(), AllOf(HasSubstr("between 20 and 51"), ::testing::Not(HasSubstr("knee"))));
}

TEST(TuneAnswer, gives_a_line_to_paste_for_every_runner) {
  Report report{.played = "my.yaml --url http://127.0.0.1:8080"};
  Tuned one{.tuning = tuned(closed_queue(8, 0.010, 0, "p99<=100ms"), 5)};
  for (const auto& [runner, library] : {std::pair{"asio_coroutines", "Boost.Asio"},
                                        {"curl_multi", "libcurl"},
                                        {"tbb_parallel", "oneTBB"},
                                        {"process_pool", "C++20"},
                                        {"thread_pool", "C++20"}}) {
    one.runner = runner;
    EXPECT_THAT(snippets(report, one), Contains(::testing::Key(std::string(library))));
  }
  one.transport = "beast";
  EXPECT_THAT(snippets(report, one).front().second,
              ::testing::StartsWith("atonce run my.yaml --url http://127.0.0.1:8080 --runner "
                                    "thread_pool --transport beast --cap "));
}

TEST(TuneAnswer, gives_a_line_to_paste_for_whatever_was_varied) {
  Report report{.played = "my.yaml --cap 8"};
  Tuned one{.runner = "curl_multi",
            .tuning = {.rules = {.vary = Vary::rate}, .boundary = {.low = 44, .beyond = {}}}};
  const auto lines = [&](Vary vary) {
    one.tuning.rules.vary = vary;
    return snippets(report, one);
  };
  using ::testing::Pair;
  EXPECT_THAT(lines(Vary::rate),
              ElementsAre(Pair("scenario", "load: {shape: poisson, rate: 44/s, duration: 60s}"),
                          Pair("atonce, with that load",
                               "atonce run my.yaml --cap 8 --runner curl_multi")));
  report.time_scale = 0.1;
  EXPECT_THAT(lines(Vary::rate).front().second, HasSubstr("rate: 4.4/s, duration: 600s"));
  const std::string run = "atonce run my.yaml --cap 8 --runner curl_multi ";
  EXPECT_THAT(lines(Vary::connections), Contains(Pair("atonce", run + "--connections 44")));
  EXPECT_THAT(lines(Vary::connections), Contains(Pair("scenario", "limits: {connections: 44}")));
  EXPECT_THAT(lines(Vary::threads), ElementsAre(Pair("atonce", run + "--threads 44")));
}

TEST(TuneAnswer, compares_runners_by_the_interval_that_was_sought) {
  Tuned one{.tuning = {.rules = {.slos = {parse_slo("p95<=50ms")}},
                       .boundary = {.low = 44, .beyond = 47},
                       .knee = LevelInterval{.low = 20, .beyond = 26}}};
  Report report{.tuned = {one, one}};
  const auto has = [&](const char* header, const char* cell) {
    const Table table = comparison_table(report);
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      if (table.columns[i].header == header) return table.rows[1].cells[i].text == cell;
    return false;
  };
  EXPECT_TRUE(has("interval", "44 to 46"));
  EXPECT_TRUE(has("p95", "-"));
  for (Tuned& tuned : report.tuned) tuned.tuning.rules.goal = Goal::knee;
  EXPECT_TRUE(has("knee", "20 to 25"));
}

TEST(TuneAnswer, says_which_runners_were_left_out_and_why) {
  Report report{.left_out = {"null has no cap"}};
  EXPECT_EQ(left_out_text(report), "Left out: null has no cap.");
  report.not_played = {"curl_multi"};
  EXPECT_THAT(left_out_text(report), HasSubstr("no cap. Interrupted before these were played"));
}

}  // namespace
}  // namespace atonce::testing
