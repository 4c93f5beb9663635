#pragma once
/// Durations, counts and sizes as people write and read them.

#include <cstdint>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace atonce {

/// "250ms", "1.5 s", "20us", "10m", "0" (a number without a unit only when it is 0).
/// Throws std::invalid_argument with a sentence that shows what is expected.
Nanos parse_duration(std::string_view text);
/// Seconds as a double, same text form; keeps fractions of a nanosecond.
double parse_seconds(std::string_view text);

/// Three significant digits and the unit that fits: "52.3 ms", "8.10 s", "950 ns", "-1.20 us".
std::string format_duration(Nanos value);
/// Three significant digits with a thousands suffix: "91.2k", "1.05M", "12.0".
std::string format_count(double value);
/// "18.4 KiB", "2.00 MiB", "512 B".
std::string format_bytes(double value);
/// A cap or another limit: "20", or "unlimited".
std::string format_limit(std::size_t value);
/// A whole number >= 1, or "unlimited". Throws std::invalid_argument.
std::size_t parse_limit(std::string_view text);

}  // namespace atonce
