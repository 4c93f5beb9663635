#pragma once
/// The identity of one HTTP request on the wire.

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace atonce {

/// Request header that carries the id, as 16 lower-case hexadecimal digits.
inline constexpr std::string_view id_header = "X-Atonce-Id";

/// Which attempt, of which call, of which session. Both ends derive everything random about an
/// attempt from this number, so it is the same under every runner and in any order.
struct AttemptId {
  std::uint32_t session = 0;
  std::uint16_t call = 0;     ///< index of the call within its session
  std::uint16_t attempt = 0;  ///< 0 for the first try

  auto operator<=>(const AttemptId&) const = default;

  constexpr std::uint64_t packed() const {
    return std::uint64_t{session} << 32 | std::uint64_t{call} << 16 | attempt;
  }
  static constexpr AttemptId unpack(std::uint64_t packed) {
    return {static_cast<std::uint32_t>(packed >> 32), static_cast<std::uint16_t>(packed >> 16),
            static_cast<std::uint16_t>(packed)};
  }
};

/// The id as it stands in the header.
std::string to_hex(AttemptId id);
/// Writes the 16 digits to `out` without a terminator.
void to_hex(AttemptId id, char* out);
/// Nothing unless `text` is exactly 16 hexadecimal digits.
std::optional<AttemptId> attempt_id_from_hex(std::string_view text);

}  // namespace atonce
