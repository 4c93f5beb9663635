#include "bench/arguments.h"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace atonce {
namespace {

template <class Number>
bool read(const std::string& text, Number& value) {
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stopped == end;
}

}  // namespace

std::uint64_t whole_number(const std::string& text, const char* option) {
  std::uint64_t value = 0;
  if (!read(text, value))
    throw std::invalid_argument(fmt::format("{}: expected a whole number, got '{}'", option, text));
  return value;
}

double scale_factor(const std::string& text, const char* option) {
  double value = 0;
  if (!read(text, value) || !(value >= 1e-6 && value <= 1e6))
    throw std::invalid_argument(
        fmt::format("{}: expected a number from 0.000001 to 1000000, got '{}'", option, text));
  return value;
}

}  // namespace atonce
