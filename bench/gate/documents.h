#pragma once
/// The files that a gate leaves.

#include <filesystem>
#include <string>
#include <vector>

#include "bench/gate/judgement.h"

namespace atonce::gate {

/// Writes the documents of these names below `dir`, which it makes; all of them when `names` is
/// empty. Throws std::invalid_argument, with the names there are.
void write_documents(const Record& record, const Judgement& judgement,
                     const std::filesystem::path& dir, const std::vector<std::string>& names);
/// Throws likewise, and writes nothing.
void check_document_names(const std::vector<std::string>& names);

std::string summary_markdown(const Record& record, const Judgement& judgement);
std::string junit_xml(const Record& record, const Judgement& judgement);
std::string gate_html(const Record& record, const Judgement& judgement);
/// Bencher's metric format: https://bencher.dev/docs/reference/bencher-metric-format/
std::string bmf_json(const Record& record, const Judgement& judgement);
/// For github-action-benchmark, tool customSmallerIsBetter.
std::string github_benchmark_json(const Record& record, const Judgement& judgement);
/// Google Benchmark's format, with the pairs as repetitions, for its compare.py.
std::string google_benchmark_json(const Record& record, Side side);

/// Lines that GitHub Actions shows beside the change: "::error title=...::...".
std::string annotations(const Record& record, const Judgement& judgement);

}  // namespace atonce::gate
