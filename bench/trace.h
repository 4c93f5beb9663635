#pragma once
/// Recorded traffic: when requests arrived, and how many tokens went in and out.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace atonce {

/// Names of columns, where they are not among the well-known ones.
struct TraceColumns {
  std::optional<std::string> time{}, input_tokens{}, output_tokens{};
};

struct TraceRow {
  Nanos at{};  ///< since the first row
  std::uint32_t input_tokens = 0, output_tokens = 0;
};

struct Trace {
  std::vector<TraceRow> rows;  ///< by time; rows of one time in the order of the file
  bool has_input_tokens = false, has_output_tokens = false;
};

/// Reads CSV with a header line; docs/scenario_format.md lists the names of columns. Throws
/// std::invalid_argument with a sentence that begins with the line's number: "3: ...".
Trace parse_trace(std::string_view csv, const TraceColumns& columns);

}  // namespace atonce
