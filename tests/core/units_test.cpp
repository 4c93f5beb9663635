#include "core/units.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <stdexcept>

#include "core/policy.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

TEST(Units, durations_are_read_in_every_unit) {
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("1.5 s"), 1500ms);
  EXPECT_EQ(parse_duration(" 20us "), 20us);
  EXPECT_EQ(parse_duration("7ns"), 7ns);
  EXPECT_EQ(parse_duration("10m"), 10min);
  EXPECT_EQ(parse_duration("10min"), 10min);
  EXPECT_EQ(parse_duration("2h"), 2h);
  EXPECT_EQ(parse_duration("0"), 0ns);
  EXPECT_EQ(parse_duration("-3ms"), -3ms);
}

TEST(Units, a_duration_without_a_unit_or_with_a_wrong_one_is_refused_with_an_example) {
  for (const char* wrong : {"5", "", "ms", "5 parsec", "5mss", "1,5s", "nan", "inf s", "0x5s"}) {
    try {
      parse_duration(wrong);
      ADD_FAILURE() << "accepted '" << wrong << "'";
    } catch (const std::invalid_argument& error) {
      EXPECT_THAT(error.what(), testing::HasSubstr("250ms"));
    }
  }
}

TEST(Units, a_duration_beyond_the_clock_is_refused) {
  EXPECT_THROW(parse_duration("3000000h"), std::invalid_argument);
}

TEST(Units, seconds_keep_fractions_of_a_nanosecond) {
  EXPECT_DOUBLE_EQ(parse_seconds("0.25ns"), 0.25e-9);
}

TEST(Units, durations_show_three_digits) {
  EXPECT_EQ(format_duration(52'300us), "52.3 ms");
  EXPECT_EQ(format_duration(8100ms), "8.10 s");
  EXPECT_EQ(format_duration(950ns), "950 ns");
  EXPECT_EQ(format_duration(-1200ns), "-1.20 us");
  EXPECT_EQ(format_duration(0ns), "0 ns");
  EXPECT_EQ(format_duration(999'600ns), "1.00 ms");
  EXPECT_EQ(format_duration(1234s), "1234 s");
}

TEST(Units, a_formatted_duration_reads_back_within_its_three_digits) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 10'000; ++i) {
    const Nanos value{static_cast<std::int64_t>(random() >> (random() % 60 + 4))};
    const double back = parse_seconds(format_duration(value)) * 1e9;
    EXPECT_NEAR(back, static_cast<double>(value.count()),
                0.00501 * static_cast<double>(value.count()) + 0.5);
  }
}

TEST(Units, counts_and_sizes_take_the_suffix_that_fits) {
  EXPECT_EQ(format_count(91'200), "91.2k");
  EXPECT_EQ(format_count(1'050'000), "1.05M");
  EXPECT_EQ(format_count(12), "12.0");
  EXPECT_EQ(format_count(999.9), "1.00k");
  EXPECT_EQ(format_bytes(18'842), "18.4 KiB");
  EXPECT_EQ(format_bytes(2 << 20), "2.00 MiB");
  EXPECT_EQ(format_bytes(512), "512 B");
}

TEST(Units, limits_are_whole_numbers_from_one_or_unlimited) {
  EXPECT_EQ(parse_limit("20"), 20u);
  EXPECT_EQ(parse_limit("unlimited"), unlimited);
  EXPECT_EQ(format_limit(parse_limit("unlimited")), "unlimited");
  EXPECT_EQ(format_limit(20), "20");
  for (const char* wrong : {"0", "-1", "1.5", "", "many", "99999999999999999999"}) {
    EXPECT_THROW(parse_limit(wrong), std::invalid_argument) << wrong;
  }
}

}  // namespace
}  // namespace atonce
