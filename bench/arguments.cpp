#include "bench/arguments.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <stdexcept>
#include <system_error>

#include "core/units.h"

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

Nanos duration(const std::string& text, const char* option) try {
  return parse_duration(text);
} catch (const std::invalid_argument& error) {
  throw std::invalid_argument(fmt::format("{}: {}", option, error.what()));
}

std::string not_empty(const std::string& text) {
  return text.empty() ? "it is empty" : "";
}

std::string not_an_option(const std::string& text) {
  return text.starts_with("--") ? fmt::format("its value is missing: {} is an option", text) : "";
}

void make_folder(const std::filesystem::path& folder, const char* option) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error && ::access(folder.c_str(), W_OK | X_OK) != 0)
    error = std::error_code(errno, std::generic_category());
  if (error)
    throw std::invalid_argument(
        fmt::format("{}: {} cannot be written: {}", option, folder.string(), error.message()));
}

}  // namespace atonce
