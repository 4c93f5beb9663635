#include "reports/result_json.h"

#include <gmock/gmock.h>

#include <fstream>

#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

std::string error_of(const std::string& text) {
  try {
    result_from_json(text);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

TEST(ResultJson, reading_back_gives_the_same_text) {
  auto all = all_samples();
  all.push_back(empty_results());
  for (const auto& results : all) {
    const auto text = to_json(results);
    EXPECT_EQ(to_json(result_from_json(text)), text);
  }
}

TEST(ResultJson, reading_back_gives_every_field) {
  auto results = sample_results();
  auto& trial = results.trials[5];
  trial.key = {"runner", "transport", unlimited, 17, 3, 2};
  trial.raw_overflowed = true;
  trial.reused_connections = 93;
  trial.sessions_failed = 4;
  trial.ideal_makespan.reset();
  trial.server.reset();
  trial.series.slices[3].limit = 17;
  trial.usage = {Nanos{1}, Nanos{2}, Nanos{3}, 4, 5, 6, 7, 8};
  trial.metrics[index(Metric::send_lag)].failed.record(Nanos{-5});
  trial.metrics[index(Metric::send_lag)].failed.record(std::chrono::hours(3));
  results.seed = ~std::uint64_t{0};
  results.time_scale = 0.1 + 0.2;
  const auto back = result_from_json(to_json(results));
  const auto& read = back.trials[5];
  EXPECT_EQ(read.key.cap, unlimited);
  EXPECT_EQ(read.key.connections, 17u);
  EXPECT_EQ(read.key.threads, 3u);
  EXPECT_EQ(read.key.repetition, 2u);
  EXPECT_TRUE(read.raw_overflowed);
  EXPECT_EQ(read.reused_connections, 93u);
  EXPECT_EQ(read.sessions_failed, 4u);
  EXPECT_FALSE(read.ideal_makespan);
  EXPECT_FALSE(read.server);
  EXPECT_EQ(read.series.slices[2].limit, 0u);
  EXPECT_EQ(read.series.slices[3].limit, 17u);
  EXPECT_EQ(read.usage.wall, Nanos{3});
  EXPECT_EQ(read.usage.cores, 4u);
  EXPECT_EQ(read.usage.memory_peak, 8u);
  EXPECT_EQ(back.seed, results.seed);
  EXPECT_EQ(back.time_scale, results.time_scale);
  EXPECT_EQ(back.environment, results.environment);
  EXPECT_EQ(back.scenario_text, results.scenario_text);
}

TEST(ResultJson, histograms_come_back_equal) {
  const auto results = sample_results();
  const auto back = result_from_json(to_json(results));
  ASSERT_EQ(back.trials.size(), results.trials.size());
  for (std::size_t i = 0; i < results.trials.size(); ++i)
    for (std::size_t m = 0; m < metric_count; ++m) {
      EXPECT_EQ(back.trials[i].metrics[m].ok, results.trials[i].metrics[m].ok);
      EXPECT_EQ(back.trials[i].metrics[m].failed, results.trials[i].metrics[m].failed);
    }
}

TEST(ResultJson, hostile_text_comes_back_unless_it_is_not_utf8) {
  auto results = hostile_results();
  results.environment.clear();
  const auto back = result_from_json(to_json(results));
  EXPECT_EQ(back.scenario, results.scenario);
  EXPECT_EQ(back.scenario_text, results.scenario_text);
  EXPECT_EQ(back.trials.front().key.runner, results.trials.front().key.runner);
  results.scenario = "bad \xFF byte";
  EXPECT_EQ(result_from_json(to_json(results)).scenario, "bad \xEF\xBF\xBD byte");
}

TEST(ResultJson, an_error_names_the_key_and_what_was_expected) {
  const auto good = to_json(sample_results());
  EXPECT_THAT(error_of(replaced(good, "\"seed\": 7", "\"seed\": \"x\"")),
              StartsWith("seed: expected a whole number"));
  EXPECT_THAT(error_of(replaced(good, "\"seed\": 7,", "")), HasSubstr("\"seed\" is missing"));
  EXPECT_THAT(error_of(replaced(good, "\"attempts\":100", "\"attempts\":-1")),
              StartsWith("trials[0].attempts: expected a whole number from 0"));
  EXPECT_THAT(error_of(replaced(good, "\"shape\": \"batch\"", "\"shape\": \"round\"")),
              StartsWith("shape: expected batch"));
  EXPECT_THAT(error_of(replaced(good, "\"cap\":1,", "\"cap\":\"many\",")),
              StartsWith("trials[0].cap: expected a whole number or \"unlimited\""));
  EXPECT_THAT(error_of(replaced(good, "{\"ok\":100}", "{\"fine\":100}")),
              HasSubstr("expected the name of an outcome"));
}

TEST(ResultJson, damaged_histograms_are_noticed) {
  const auto good = to_json(sample_results());
  const auto ok = std::string("\"ok\":{\"count\":100");
  EXPECT_THAT(error_of(replaced(good, ok, "\"ok\":{\"count\":101")),
              HasSubstr("count: expected the sum of all counts"));
  const auto at = good.find("\"buckets\":[");
  auto odd = good;
  odd.insert(at + std::string("\"buckets\":[").size(), "1,");
  EXPECT_THAT(error_of(odd), HasSubstr("buckets: expected pairs"));
  auto far = good;
  far.insert(at + std::string("\"buckets\":[").size(), "4000000,1,");
  EXPECT_THAT(error_of(far), HasSubstr("expected indices of buckets that exist"));
}

TEST(ResultJson, every_cut_of_a_file_gives_an_error) {
  const auto good = to_json(sample_open_results());
  for (std::size_t length = 0; length + 3 < good.size(); length += 1 + good.size() / 97)
    EXPECT_THAT(error_of(good.substr(0, length)), StartsWith("damaged, not valid JSON at byte"));
}

TEST(ResultJson, another_schema_is_refused_in_words) {
  const auto good = to_json(empty_results());
  EXPECT_THAT(error_of(replaced(good, "atonce.result/1", "atonce.result/2")),
              HasSubstr("another version of atonce"));
  EXPECT_THAT(error_of(replaced(good, "atonce.result/1", "other")), StartsWith("schema: expected"));
  EXPECT_THAT(error_of("[1]"), StartsWith("top level: expected an object"));
}

TEST(ResultJson, a_reading_error_names_the_file) {
  const auto file = std::filesystem::path(testing::TempDir()) / "no_such_result.json";
  try {
    read_result(file);
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no_such_result.json: cannot be read"));
  }
}

TEST(ResultJson, a_diff_shows_one_line_per_trial) {
  const auto results = sample_open_results();
  const auto text = to_json(results);
  EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(text, '\n')), results.trials.size() + 18);
}

}  // namespace
}  // namespace atonce
