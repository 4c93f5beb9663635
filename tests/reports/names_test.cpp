#include "reports/names.h"

#include <gtest/gtest.h>

namespace atonce {
namespace {

TEST(ShapeName, is_the_word_in_scenarios_and_leads_back_to_the_shape) {
  EXPECT_EQ(shape_name(LoadShape::batch), "batch");
  EXPECT_EQ(shape_name(LoadShape::poisson), "poisson");
  EXPECT_EQ(shape_name(LoadShape::gamma), "gamma");
  EXPECT_EQ(shape_name(LoadShape::jitter), "jitter");
  EXPECT_EQ(shape_name(LoadShape::trace), "trace");
  for (const std::string_view name :
       {"batch", "closed", "constant", "poisson", "gamma", "jitter", "trace"}) {
    const auto shape = shape_from_name(name);
    ASSERT_TRUE(shape) << name;
    EXPECT_EQ(shape_name(*shape), name);
  }
}

}  // namespace
}  // namespace atonce
