#pragma once
/// Everything that a report says, in order, before it takes the form of a terminal, Markdown or
/// HTML page. All text in it is printable and not yet escaped.

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reports/chart.h"
#include "reports/notes.h"
#include "reports/section.h"
#include "reports/table.h"

namespace atonce {

using Facts = std::vector<std::pair<std::string, std::string>>;

struct Document {
  std::string title;                             ///< the scenario's name
  std::string summary;                           ///< what the scenario shows
  std::string headline;                          ///< the conclusion in one sentence
  std::string verdict;                           ///< in one line: "VALID: 24 configurations"
  std::map<VerdictLevel, std::size_t> verdicts;  ///< how many configurations got which
  std::vector<std::string> colours;              ///< of the contenders, names in the palette
  Table table;
  Table matrix;                   ///< empty where it says nothing
  std::vector<Section> sections;  ///< of its aspects, and by model and library
  std::string accounts_line;      ///< whether every call is accounted for
  Table accounts;                 ///< the same by configuration
  std::vector<Note> notes;
  std::vector<Chart> charts;
  Facts run;          ///< load, seed, target, ...
  Facts environment;  ///< of the machine
  std::string scenario_text;
  std::string command;  ///< that would run this again
};

/// With `charts` false the charts are left out: a terminal has no use for them.
Document make_document(const ResultSet& results, bool charts = true);

}  // namespace atonce
