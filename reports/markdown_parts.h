#pragma once
/// Pieces of a Markdown page. Each takes plain text, escapes it, and ends with an empty line.

#include <string>
#include <string_view>

#include "reports/document.h"

namespace atonce {

std::string markdown_table(const Table& table);
std::string markdown_meanings(const Table& table);
std::string markdown_facts(const Facts& facts);
/// Every note with its level, its reason and whom it concerns.
std::string markdown_notes(const std::vector<Note>& notes);
/// The verdict in one line, without an empty line behind it.
std::string markdown_verdict(const Document& document);
/// A fence longer than any run of backticks inside, so that the text cannot end it.
std::string markdown_fenced(std::string_view text);

}  // namespace atonce
