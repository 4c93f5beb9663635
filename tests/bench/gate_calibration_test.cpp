/// What a calibration says of made-up pairs.

#include <gmock/gmock.h>

#include "bench/gate/calibration.h"
#include "core/units.h"
#include "tests/bench/gate_law.h"

namespace atonce::gate::testing {
namespace {

using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;

/// Two cells, the second of which is much noisier; a second per pair.
Record calibration_record(std::size_t pairs) {
  Record record;
  const World world{.effects = {0, 0}, .noise = 0.02};
  record.cells = cells_of(world);
  Rules rules;
  rules.control_every = 0;
  Measurement quiet(world, {}, rules, 5);
  Measurement noisy({.effects = {0, 0}, .noise = 0.06}, {}, rules, 6);
  for (std::size_t i = 0; i < pairs; ++i) {
    Pair pair = quiet.next(false);
    const Pair other = noisy.next(false);
    for (std::size_t side = 0; side < 2; ++side)
      pair.slices[side].values[1] = other.slices[side].values[1];
    pair.ended = seconds(i + 1);
    record.pairs.push_back(pair);
  }
  return record;
}

TEST(GateCalibration, says_how_long_ten_per_cent_take_to_be_found) {
  const Record record = calibration_record(100);
  const Calibration calibration = calibration_of(record);
  ASSERT_EQ(calibration.worse.size(), 3u);
  const Found &both = calibration.worse[0], &quiet = calibration.worse[1],
              &noisy = calibration.worse[2];
  EXPECT_GE(both.failed, 199u);
  EXPECT_GE(quiet.failed, 199u);
  EXPECT_GT(both.median, seconds(7)) << "no bet wins that fast";
  EXPECT_LE(both.median, quiet.median);
  EXPECT_LT(quiet.median, seconds(60));
  EXPECT_GT(noisy.median, quiet.median);
  EXPECT_THAT(calibration_text(record, calibration, false, 200),
              AllOf(HasSubstr("all cells " + format_duration(both.median) + " (100 %)"),
                    HasSubstr("cell1 ")));
}

TEST(GateCalibration, of_a_few_pairs_claims_nothing) {
  const Calibration calibration = calibration_of(calibration_record(9));
  EXPECT_TRUE(calibration.worse.empty());
  EXPECT_EQ(calibration.jobs, 0u);
}

}  // namespace
}  // namespace atonce::gate::testing
