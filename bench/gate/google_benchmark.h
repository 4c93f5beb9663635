#pragma once
/// Google Benchmark's files as a record.

#include <filesystem>

#include "bench/gate/record.h"

namespace atonce::gate {

/// The n-th repetitions of a benchmark in both files are its n-th pair; benchmarks that only one
/// file has are left out. CPU time where a benchmark was timed by it, else real time. Throws
/// UnreadableFile, or std::invalid_argument when nothing is in both.
Record read_benchmarks(const std::filesystem::path& baseline,
                       const std::filesystem::path& candidate, const Rules& rules);

}  // namespace atonce::gate
