#pragma once
/// Pieces of a Markdown page. Each takes plain text, escapes it, and ends with an empty line.

#include <string>
#include <string_view>

#include "reports/document.h"

namespace atonce {

std::string markdown_table(const Table& table);
std::string markdown_meanings(const Table& table);
std::string markdown_facts(const Facts& facts);
/// A fence longer than any run of backticks inside, so that the text cannot end it.
std::string markdown_fenced(std::string_view text);

}  // namespace atonce
