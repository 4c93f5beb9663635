#include "core/attempt_id.h"

#include <gtest/gtest.h>

#include "core/random.h"

namespace atonce {
namespace {

TEST(AttemptId, text_form_is_sixteen_lower_case_hex_digits) {
  EXPECT_EQ(to_hex(AttemptId{0xdeadbeef, 0x0102, 0x00ff}), "deadbeef010200ff");
  EXPECT_EQ(to_hex(AttemptId{}), "0000000000000000");
}

TEST(AttemptId, text_form_and_packed_form_give_the_id_back) {
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const auto id = AttemptId::unpack(mix(i));
    EXPECT_EQ(attempt_id_from_hex(to_hex(id)), id);
    EXPECT_EQ(id.packed(), mix(i));
  }
}

TEST(AttemptId, order_of_ids_is_order_of_their_packed_form) {
  EXPECT_LT((AttemptId{1, 9, 9}), (AttemptId{2, 0, 0}));
  EXPECT_LT((AttemptId{1, 1, 9}), (AttemptId{1, 2, 0}));
  EXPECT_LT((AttemptId{1, 1, 1}), (AttemptId{1, 1, 2}));
}

TEST(AttemptId, anything_but_sixteen_hex_digits_is_no_id) {
  for (const char* text : {"", "0", "00000000000000001", "000000000000000", "000000000000000g",
                           " 00000000000000a", "-00000000000000a", "0x0000000000000a"})
    EXPECT_FALSE(attempt_id_from_hex(text)) << text;
}

}  // namespace
}  // namespace atonce
