#pragma once
/// The documents of a search.

#include <filesystem>
#include <string>
#include <vector>

#include "bench/tune/answer.h"
#include "reports/chart.h"
#include "reports/document.h"

namespace atonce::tune {

/// One runner and what came of it.
struct Tuned {
  std::string runner{};
  std::string transport{};  ///< empty where the runner has only one
  Tuning tuning{};

  /// "thread_pool/curl-easy".
  std::string title() const { return transport.empty() ? runner : runner + "/" + transport; }
};

struct Report {
  std::string scenario{}, scenario_text{}, target{}, created{};
  std::string command{};  ///< that makes this report again
  std::string played{};   ///< what `atonce run` needs to play the same: scenario, target, ...
  double time_scale = 1;  ///< of the scenario: a rate of sessions is in real time
  Facts environment{};
  std::vector<Tuned> tuned{};             ///< one, or those that are compared
  std::vector<std::string> not_played{};  ///< runners that an interruption left out
  std::vector<std::string> left_out{};    ///< why runners cannot be tuned in this way
};

/// Writes the documents of these names below `dir`, which it makes; all when `names` is empty.
void write_documents(const Report& report, const std::filesystem::path& dir,
                     const std::vector<std::string>& names);
/// Throws std::invalid_argument, with the names there are.
void check_document_names(const std::vector<std::string>& names);

std::string tune_json(const Report& report);
std::string tune_markdown(const Report& report);
std::string tune_html(const Report& report);
std::string terminal_text(const Report& report, bool colour, int width);

/// Figures at the levels around the answer; all levels that were probed; the answers of several
/// runners side by side.
Table around_table(const Tuning& tuning, const Answer& answer);
Table level_table(const Tuning& tuning, const Answer& answer);
Table comparison_table(const Report& report);
/// Which runners were left out, and why; empty when none was.
std::string left_out_text(const Report& report);
/// What was found, as name and value.
Facts answer_facts(const Tuning& tuning, const Answer& answer);
/// The lines that set the level, for this runner and for other clients.
std::vector<std::pair<std::string, std::string>> snippets(const Report& report, const Tuned& tuned);
/// Throughput and tail over levels, and the probes in order.
std::vector<Chart> tune_charts(const Tuned& tuned, const Answer& answer, std::size_t number);

}  // namespace atonce::tune
