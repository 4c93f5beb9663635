#pragma once
/// The result file: the only thing that passes between running and reporting.
/// docs/result_format.md describes it field by field.

#include <filesystem>
#include <string>
#include <string_view>

#include "core/result.h"

namespace atonce {

inline constexpr std::string_view result_schema = "atonce.result/1";

/// The text of a result file: one line per top-level key and one per trial. The same bytes for the
/// same value; result_from_json() gives back every field exactly (text that is not UTF-8 excepted:
/// each wrong byte becomes U+FFFD).
std::string to_json(const ResultSet& results);

/// Throws std::runtime_error with one sentence that names the key and what was expected there.
ResultSet result_from_json(std::string_view text);

/// Reads a result file; the error names the file as well.
ResultSet read_result(const std::filesystem::path& file);

}  // namespace atonce
