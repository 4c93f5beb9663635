#pragma once
/// Parts of a request's body that differ from one row of a trace to the next.

#include <span>
#include <string_view>

#include "bench/trace.h"
#include "core/schedule.h"

namespace atonce {

/// `${input_text}`, `${input_tokens}` and `${output_tokens}`.
struct Placeholders {
  bool input = false, output = false;  ///< which of a row's numbers the body has a use for
  std::size_t texts = 0;               ///< how often it has the text
  std::string_view unknown;            ///< the first `${...}` that is none of them; within the body
};
Placeholders placeholders_in(std::string_view body);

/// Gives every arrival of `schedule`, whose sessions all follow the first plan, a plan whose
/// requests are filled in from its row. Rows that give the same requests share one. Throws
/// std::invalid_argument when the bodies would take more than a gibibyte.
void fill_in(Schedule& schedule, std::span<const TraceRow> rows);

}  // namespace atonce
