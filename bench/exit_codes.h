#pragma once
/// What the exit code of `atonce` says. README.md has the table.

namespace atonce {

inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;         ///< a trial crashed or its numbers are INVALID
inline constexpr int exit_usage = 2;          ///< wrong arguments or a wrong file; nothing was run
inline constexpr int exit_interrupted = 130;  ///< stopped by a signal; the report has what was done

}  // namespace atonce
