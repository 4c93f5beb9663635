#include <gmock/gmock.h>

#include <set>

#include "reports/charts/style.h"
#include "reports/document.h"
#include "reports/escape.h"
#include "reports/palette.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

using testing::HasSubstr;
using testing::Not;

std::set<std::string> colours_of(const ResultSet& results) {
  const auto comparison = compare(results);
  std::set<std::string> colours;
  for (std::size_t i = 0; i < comparison.contenders.size(); ++i)
    colours.insert(contender_colour(comparison, i));
  return colours;
}

TEST(Variants, are_contenders_of_their_own) {
  const auto results = sample_step_results();
  const auto comparison = compare(results);
  std::vector<std::string> labels;
  for (const auto& contender : comparison.contenders) labels.push_back(contender.label());
  EXPECT_THAT(labels, testing::ElementsAre("asio_coroutines · inline", "asio_coroutines · offload",
                                           "curl_multi · inline", "curl_multi · offload"));
  EXPECT_EQ(comparison.rows.size(), 4u);
}

TEST(Variants, of_any_name_give_a_printable_label_of_bounded_width) {
  const Contender contender{"thread_pool", "cpp-httplib", "\x1b[31m\n" + std::string(100, 'x')};
  EXPECT_LE(display_width(contender.label()), 40u);
  EXPECT_EQ(contender.label(), printable_line(contender.label()));
}

TEST(Variants, are_what_a_shortened_name_keeps) {
  EXPECT_EQ(shorten_name("thread_pool/cpp-httplib · fail_fast", 30),
            "thread_pool/cpp-h… · fail_fast");
  EXPECT_EQ(shorten_name("thread_pool · fail_fast", 30), "thread_pool · fail_fast");
  EXPECT_EQ(display_width(shorten_name("a · " + std::string(50, 'x'), 30)), 30u);
  EXPECT_EQ(shorten_name("no_variant_but_long", 10), "no_varian…");
}

TEST(Variants, of_one_runner_have_colours_of_their_own) {
  EXPECT_EQ(colours_of(sample_step_results()).size(), 4u);
}

TEST(Variants, beyond_the_hues_share_the_colour_of_their_runner) {
  auto results = sample_step_results();
  const auto trial = results.trials.front();
  for (const auto* variant : {"a", "b", "c", "d", "e"}) {
    results.trials.push_back(trial);
    results.trials.back().key.variant = variant;
  }
  ASSERT_GT(compare(results).contenders.size(), hue_count);
  EXPECT_EQ(colours_of(results).size(), 2u);
}

TEST(Variants, are_named_in_the_command) {
  EXPECT_THAT(make_document(sample_step_results(), false).command,
              HasSubstr(" --variant inline --variant offload "));
  EXPECT_THAT(make_document(sample_results(), false).command, Not(HasSubstr("--variant")));
}

}  // namespace
}  // namespace atonce
