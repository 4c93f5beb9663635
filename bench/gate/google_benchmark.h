#pragma once
/// Google Benchmark's files as a record.

#include <filesystem>

#include "bench/gate/record.h"

namespace atonce::gate {

/// The n-th repetitions of a benchmark in both files are its n-th pair. Benchmarks are left out
/// that only one file has, that failed or took no time, or whose repetitions are too few for any
/// verdict. CPU time where a benchmark was timed by it, else real time. Throws UnreadableFile, or
/// std::invalid_argument when no benchmark is left.
Record read_benchmarks(const std::filesystem::path& baseline,
                       const std::filesystem::path& candidate, const Rules& rules);

}  // namespace atonce::gate
