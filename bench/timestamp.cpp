#include "bench/timestamp.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <optional>
#include <stdexcept>

namespace atonce {
namespace {

// So that the difference of any two fits in 64 bits of nanoseconds.
constexpr long double longest = 4e9L;  // seconds
constexpr int first_year = 1900, last_year = 2150;

/// Takes text from its front; after something unexpected all that follows is worthless.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool failed() const { return failed_; }
  bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void expect(char c) { failed_ |= !take(c); }

  /// A number of exactly that many digits.
  int digits(std::size_t count, int low, int high) {
    int value = low - 1;
    const std::string_view text = rest_.substr(0, count);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool are_digits = error == std::errc{} && text.size() == count &&
                            end == text.data() + count && text[0] != '-';
    if (!are_digits || value < low || value > high) {
      failed_ = true;
      return low;
    }
    rest_.remove_prefix(count);
    return value;
  }

  /// Digits after a decimal point, as nanoseconds.
  Nanos fraction() {
    std::int64_t value = 0, unit = 1'000'000'000;
    const std::string_view all = rest_.substr(0, rest_.find_first_not_of("0123456789"));
    for (const char digit : all.substr(0, 9)) value += (digit - '0') * (unit /= 10);
    failed_ |= all.empty();
    rest_.remove_prefix(all.size());
    return Nanos{value};
  }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

Nanos zone(Scanner& text) {
  if (text.at_end() || text.take('Z') || text.take('z')) return {};
  const bool is_west = text.take('-');
  if (!is_west) text.expect('+');
  const std::chrono::hours hours(text.digits(2, 0, 23));
  text.expect(':');
  const Nanos offset = hours + std::chrono::minutes(text.digits(2, 0, 59));
  return is_west ? -offset : offset;
}

std::optional<Nanos> date_time(std::string_view words) {
  using namespace std::chrono;
  Scanner text(words);
  const year y(text.digits(4, first_year, last_year));
  text.expect('-');
  const month m(static_cast<unsigned>(text.digits(2, 1, 12)));
  text.expect('-');
  const day d(static_cast<unsigned>(text.digits(2, 1, 31)));
  if (!text.take('T') && !text.take('t')) text.expect(' ');
  const hours hour(text.digits(2, 0, 23));
  text.expect(':');
  const minutes minute(text.digits(2, 0, 59));
  text.expect(':');
  const seconds second(text.digits(2, 0, 60));
  const Nanos fraction = text.take('.') ? text.fraction() : Nanos{};
  const Nanos offset = zone(text);
  const year_month_day date = y / m / d;
  if (text.failed() || !text.at_end() || !date.ok()) return {};
  return sys_days(date).time_since_epoch() + hour + minute + second + fraction - offset;
}

std::optional<Nanos> number(std::string_view text) {
  long double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  if (!is_whole || !(std::abs(value) <= longest)) return {};
  return Nanos{std::llround(value * 1e9L)};
}

}  // namespace

Timestamp parse_timestamp(std::string_view text) {
  if (const auto seconds = number(text)) return {.since_zero = *seconds, .is_date_time = false};
  if (const auto date = date_time(text)) return {.since_zero = *date, .is_date_time = true};
  throw std::invalid_argument(fmt::format(
      "expected seconds such as 12.5, or a time such as 2023-11-16 18:17:03.97, got '{}'", text));
}

}  // namespace atonce
