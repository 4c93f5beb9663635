#pragma once
/// The colours of every report, each for light and dark paper.

#include <span>
#include <string>
#include <string_view>

namespace atonce {

struct Colour {
  std::string_view name;  ///< "ink", "grid", "hue0", ...
  std::string_view light, dark;
};

/// All colours. No two share a light value, so a stylesheet can tell them apart by it.
std::span<const Colour> palette();

/// Contenders get hues by their number, round and round.
inline constexpr std::size_t hue_count = 8;
std::string hue(std::size_t number);
/// For the ideal and the floor, which are not contenders.
inline constexpr std::string_view neutral = "neutral";

/// CSS rules that turn a picture drawn in light colours into its dark form. Each selector begins
/// with `scope`.
std::string dark_rules(std::string_view scope);

/// CSS custom properties --NAME with the light or the dark values.
std::string css_variables(bool dark);

}  // namespace atonce
