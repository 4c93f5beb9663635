#pragma once
/// Values on a command line. What is none throws std::invalid_argument, which names the option.

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/clock.h"

namespace atonce {

/// Of --threads.
inline constexpr std::size_t most_threads = 10'000;

std::uint64_t whole_number(const std::string& text, const char* option);

/// A factor from 0.000001 to 1000000.
double scale_factor(const std::string& text, const char* option);

Nanos duration(const std::string& text, const char* option);

/// Checks for the parser: what is wrong with the value, or nothing. An empty URL is a variable that
/// was not set; an option where a value should be, a value that was forgotten.
std::string not_empty(const std::string& text);
std::string not_an_option(const std::string& text);

/// Makes the folder, and refuses one into which nothing can be written.
void make_folder(const std::filesystem::path& folder, const char* option);

}  // namespace atonce
