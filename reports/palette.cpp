#include "reports/palette.h"

#include <fmt/format.h>

#include <array>
#include <iterator>

namespace atonce {
namespace {

/// The hues are those of Okabe and Ito ("Color universal design", 2008), which people with any kind
/// of colour vision can tell apart; lighter or darker where the paper asks for contrast.
constexpr std::array<Colour, 14> colours{{
    {"paper", "#ffffff", "#15181e"},
    {"panel", "#f6f8fa", "#1d2129"},
    {"ink", "#1c2128", "#e6e9ee"},
    {"soft", "#57606a", "#a3acb9"},
    {"grid", "#dfe3e8", "#323842"},
    {"neutral", "#7d8590", "#8b95a3"},
    {"hue0", "#0072b2", "#4aa8e8"},
    {"hue1", "#d55e00", "#ff8a3d"},
    {"hue2", "#009e73", "#2ecf9f"},
    {"hue3", "#b5559a", "#e79bd0"},
    {"hue4", "#c98a00", "#f5bd3b"},
    {"hue5", "#3a9bdc", "#9bd4ff"},
    {"hue6", "#8a6d3b", "#cdb38b"},
    {"hue7", "#6a3d9a", "#b99cf0"},
}};

}  // namespace

std::span<const Colour> palette() {
  return colours;
}

std::string hue(std::size_t number) {
  return fmt::format("hue{}", number % hue_count);
}

std::string dark_rules(std::string_view scope) {
  std::string rules;
  for (const auto& colour : colours)
    fmt::format_to(std::back_inserter(rules),
                   "{0} [fill=\"{1}\"]{{fill:{2}}}{0} [stroke=\"{1}\"]{{stroke:{2}}}", scope,
                   colour.light, colour.dark);
  return rules;
}

std::string css_variables(bool dark) {
  std::string rules;
  for (const auto& colour : colours)
    fmt::format_to(std::back_inserter(rules), "--{}:{};", colour.name,
                   dark ? colour.dark : colour.light);
  return rules;
}

}  // namespace atonce
