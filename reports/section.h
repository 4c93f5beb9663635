#pragma once
/// The small tables beside the summary: one per aspect of which the results tell something.

#include <optional>
#include <string>
#include <vector>

#include "reports/table.h"

namespace atonce {

struct Section {
  std::string title;
  std::string text;  ///< what the table shows, in a sentence or two
  Table table;
};

/// Sessions, aborts, streaming, retries and limits, the event loop, where calls wait: those that
/// apply. They have the telling rows.
std::vector<Section> aspect_sections(const Comparison& comparison);

/// Runners down, HTTP libraries across, so that a model is not mistaken for the library it is
/// played on. Nothing unless some runner was played on several.
std::optional<Section> model_section(const Comparison& comparison);

}  // namespace atonce
