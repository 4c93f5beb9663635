/// What people and machines get of a self-check, and what is planned for it.

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "bench/selfcheck/selfcheck.h"
#include "bench/selfcheck/table.h"
#include "core/law_band.h"
#include "runners/runner.h"

namespace atonce::selfcheck {
namespace {

using namespace std::chrono_literals;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

Row good_row() {
  Row row;
  row.runner = "thread_pool";
  row.transport = "cpp-httplib";
  row.law = "exponential";
  row.load = "low";
  row.calls = 2000;
  for (const double p : quantiles)
    row.service.push_back({.p = p,
                           .client = 4062us,
                           .truth = 4000us,
                           .planned = 3999us,
                           .law = 3900us,
                           .band_low = 3800us,
                           .band_high = 4100us,
                           .response = 4100us,
                           .response_truth = 4010us});
  row.send_lag = {.p50 = 20us, .p99 = 110us};
  row.overhead = {.p50 = 57us, .p99 = 18ms};
  row.room = {.p50 = 80us, .p99 = 300us};
  row.clock_low = -5us;
  row.clock_high = 6us;
  return row;
}

Row bad_row() {
  Row row = good_row();
  row.load = "mid";
  row.service.resize(2);
  row.reasons = {{Cause::causality,
                  "'sent' is after the request's arrival (3 of 4000, by up to 4.20 ms) and a "
                  "reason that needs more than one line"}};
  return row;
}

Proof proof_of(std::vector<Row> rows, std::size_t planned) {
  return {.created = "2026-01-31T12:00:00Z",
          .planned = planned,
          .environment = {{"CPU", "some"}},
          .rows = std::move(rows)};
}

TEST(SelfcheckTable, shows_errors_lag_overhead_and_the_verdict_of_each_row) {
  const std::string text = table(proof_of({good_row()}, 1), Ink(false));
  EXPECT_THAT(text,
              AllOf(HasSubstr("thread_pool, cpp-httplib\n"), HasSubstr("   62   62   62   62"),
                    HasSubstr(" +4.2 +4.2 +4.2 +4.2"), HasSubstr("   110   57  18m PASS\n"),
                    HasSubstr("80.0 us (p50) and 300 us (p99)"), HasSubstr("PASS: 1 of 1 rows")));
}

TEST(SelfcheckTable, names_the_cause_of_a_failure_and_leaves_out_what_too_few_calls_give) {
  const std::string text = table(proof_of({good_row(), bad_row()}, 3), Ink(false));
  EXPECT_THAT(text, AllOf(HasSubstr("    -    -"), HasSubstr("FAIL\n  causality: 'sent' is after"),
                          HasSubstr("Interrupted: 2 of 3 rows were played."),
                          HasSubstr("FAIL: 1 of 2 rows"), Not(HasSubstr("\x1b"))));
}

TEST(SelfcheckTable, keeps_its_columns_apart_when_the_machine_stood_still) {
  Row row = good_row();
  row.service[2].client = row.service[3].client = 2500ms;
  EXPECT_THAT(table(proof_of({row}, 1), Ink(false)),
              HasSubstr("   62   62 2.5s 2.5s +4.2 +4.2 >999 >999"));
}

TEST(SelfcheckTable, fits_into_80_columns) {
  std::istringstream lines(table(proof_of({good_row(), bad_row()}, 3), Ink(false)));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 79u) << line;
}

TEST(SelfcheckRow, comes_back_from_json_as_it_was) {
  for (const Row& row : {good_row(), bad_row()}) EXPECT_EQ(row_from_json(to_json(row)), row);
}

TEST(SelfcheckJson, says_whether_all_rows_passed) {
  const auto good = nlohmann::json::parse(to_json(proof_of({good_row()}, 1)));
  EXPECT_EQ(good.at("schema"), proof_schema);
  EXPECT_EQ(good.at("passed"), true);
  EXPECT_EQ(good.at("rows").at(0).at("service_time").at(3).at("client_ns"), 4'062'000);
  const auto bad = nlohmann::json::parse(to_json(proof_of({bad_row()}, 2)));
  EXPECT_EQ(bad.at("passed"), false);
  EXPECT_EQ(bad.at("interrupted"), true);
  EXPECT_EQ(bad.at("rows").at(0).at("reasons").at(0).at("cause"), "causality");
}

TEST(SelfcheckPlan, has_a_row_for_every_runner_that_sends_law_and_load) {
  const auto specs = plan({});
  std::size_t runners = 0;
  for (const RunnerEntry* entry : all_runners()) runners += entry->model != Model::none;
  EXPECT_EQ(specs.size(), runners * known_laws().size() * known_loads().size());
  double alpha = 0;
  std::set<std::uint64_t> seeds;
  for (const Spec& spec : specs) {
    alpha += spec.alpha * quantiles.size();
    seeds.insert(spec.seed);
    EXPECT_GE(spec.calls, 1000u) << "p99.9 needs them";
  }
  EXPECT_NEAR(alpha, whole_alpha, 1e-12);
  EXPECT_EQ(seeds.size(), known_laws().size() * known_loads().size());
}

TEST(SelfcheckPlan, bands_say_where_a_quantile_is_under_every_law) {
  const Spec spec = plan({}).front();
  for (const KnownLaw& known : known_laws())
    for (const double p : quantiles) {
      const auto rank = static_cast<std::uint64_t>(p * static_cast<double>(spec.calls));
      const LawBand band = order_statistic_band(known.law, rank, spec.calls, spec.alpha);
      EXPECT_LT(band.high, 4 * quantile(known.law, p)) << known.name << ", " << p;
    }
}

TEST(SelfcheckPlan, a_spec_comes_back_from_json_as_it_was) {
  Spec spec = plan({.runners = {"thread_pool"}, .transports = {"curl-easy"}, .laws = {}, .seed = 3})
                  .front();
  spec.url = "http://127.0.0.1:1";
  spec.core = 1;
  EXPECT_EQ(to_json(spec_from_json(to_json(spec))), to_json(spec));
  EXPECT_EQ(label(spec_from_json(to_json(spec))), "thread_pool/curl-easy, fixed, low");
}

}  // namespace
}  // namespace atonce::selfcheck
