/// Results of several clients as one, from the command line.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "reports/result_json.h"
#include "tests/bench/command.h"

namespace atonce::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string played(const Folder& folder, const std::string& name, const std::string& seed,
                   const std::string& scale = "0.01") {
  const Ended ended =
      run_atonce({"run", "hundred-calls", "--runner", "curl_multi", "--cap", "20", "--seed", seed,
                  "--time-scale", scale, "--quiet", "--format", "json", "--out", folder / name});
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  return folder / name;
}

TEST(MergeCommand, adds_up_what_was_played_and_writes_the_reports) {
  const Folder folder;
  const std::string a = played(folder, "a", "1"), b = played(folder, "b", "2");
  const Ended ended =
      run_atonce({"merge", a, b + "/result.json", "--format", "md", "--out", folder / "both"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("curl_multi"));
  EXPECT_TRUE(std::filesystem::exists(folder / "both/report.md"));

  const ResultSet both = read_result(folder / "both/result.json");
  ASSERT_EQ(both.trials.size(), 1u);
  EXPECT_EQ(both.trials[0].ledger.scheduled, 200u);
  EXPECT_TRUE(both.trials[0].ledger.conserved());
  EXPECT_EQ(both.trials[0].metric(Metric::response_time).ok.count(), 200u);
  EXPECT_EQ(both.trials[0].server->attempts, 200u);
}

TEST(MergeCommand, refuses_what_does_not_belong_together) {
  const Folder folder;
  const std::string a = played(folder, "a", "1"), b = played(folder, "b", "1", "0.02");
  Ended ended = run_atonce({"merge", a, b, "--out", folder / "both"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_THAT(ended.err, AllOf(HasSubstr("cannot be merged"), HasSubstr("time scales differ")));
  ended = run_atonce({"merge", a, a, "--out", folder / "both"});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_THAT(ended.err, HasSubstr("are the same result"));
  EXPECT_EQ(run_atonce({"merge", a, "--out", folder / "both"}).exit_code, 2);
  EXPECT_EQ(run_atonce({"merge", a, folder / "none", "--out", folder / "both"}).exit_code, 2);
  EXPECT_FALSE(std::filesystem::exists(folder / "both"));
}

}  // namespace
}  // namespace atonce::testing
