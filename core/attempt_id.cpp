#include "core/attempt_id.h"

#include <charconv>

namespace atonce {

void to_hex(AttemptId id, char* out) {
  constexpr char digits[] = "0123456789abcdef";
  const std::uint64_t packed = id.packed();
  for (int shift = 60; shift >= 0; shift -= 4) *out++ = digits[packed >> shift & 0xf];
}

std::string to_hex(AttemptId id) {
  std::string text(16, '0');
  to_hex(id, text.data());
  return text;
}

std::optional<AttemptId> attempt_id_from_hex(std::string_view text) {
  std::uint64_t packed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), packed, 16);
  if (text.size() != 16 || error != std::errc{} || end != text.data() + text.size()) return {};
  return AttemptId::unpack(packed);
}

}  // namespace atonce
