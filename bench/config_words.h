#pragma once
/// Words of a closed set in a configuration.

#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "core/config.h"

namespace atonce {

template <class Value, std::size_t N>
Value one_of(const ConfigNode& node,
             const std::array<std::pair<std::string_view, Value>, N>& words) {
  const std::string text = node.text();
  std::string expected;
  for (const auto& [word, value] : words) {
    if (text == word) return value;
    expected += (expected.empty() ? "" : ", ") + std::string(word);
  }
  node.reject("one of " + expected);
}

}  // namespace atonce
