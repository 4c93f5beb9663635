#pragma once
/// Numbers on a command line. What is none throws std::invalid_argument, which names the option.

#include <cstdint>
#include <string>

namespace atonce {

std::uint64_t whole_number(const std::string& text, const char* option);

/// A factor from 0.000001 to 1000000.
double scale_factor(const std::string& text, const char* option);

}  // namespace atonce
