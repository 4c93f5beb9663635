#pragma once
/// What the mock server's models have to say.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace atonce::mock {

/// Words that need no escaping in JSON, some of them with letters beyond ASCII: a pure function of
/// the number that seeds them.
class LlmText {
 public:
  explicit LlmText(std::uint64_t seed) : seed_(seed) {}

  /// The word at that place, with the space before it but for the first.
  std::string_view word(std::size_t index) const;
  void append_words(std::string& out, std::size_t count) const;

 private:
  std::uint64_t seed_;
};

}  // namespace atonce::mock
