#include "core/retry_hints.h"

#include <time.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

#include "core/ascii.h"

namespace atonce {
namespace {

/// Longer than anybody would wait, and still a span that fits.
constexpr std::chrono::seconds longest_wait = std::chrono::hours(365 * 24);

std::optional<Nanos> span_of(std::string_view text, double unit_seconds) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0)) return {};
  return Nanos{std::llround(
      std::min(value * unit_seconds, static_cast<double>(longest_wait.count())) * 1e9)};
}

/// The form every server must send (RFC 9110, 5.6.7): "Sun, 06 Nov 1994 08:49:37 GMT".
std::optional<Nanos> span_until(const std::string& date,
                                std::chrono::system_clock::time_point wall_now) {
  tm parts{};
  const char* const end = strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  if (!end || *end != '\0') return {};
  using std::chrono::seconds;
  const auto wall = std::chrono::duration_cast<Nanos>(wall_now.time_since_epoch());
  const auto whole = std::chrono::floor<seconds>(wall);
  // In seconds first: nanoseconds have no room for the year 9999.
  const seconds left = std::clamp(seconds{timegm(&parts)} - whole, seconds{0}, longest_wait);
  return std::max(Nanos{left} - (wall - whole), Nanos{0});
}

}  // namespace

void read_retry_header(std::string_view name, std::string_view value, RetryHints& hints,
                       std::chrono::system_clock::time_point wall_now) {
  if (equal_ignoring_case(name, "x-should-retry")) {
    if (value == "true" || value == "false") hints.should = value == "true";
  } else if (equal_ignoring_case(name, "retry-after-ms")) {
    if (const auto span = span_of(value, 1e-3)) hints.after = span;
  } else if (equal_ignoring_case(name, "retry-after") && !hints.after) {
    hints.after = span_of(value, 1);
    if (!hints.after) hints.after = span_until(std::string(value), wall_now);
  }
}

}  // namespace atonce
