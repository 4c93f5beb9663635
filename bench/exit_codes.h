#pragma once
/// What the exit code of `atonce` says. README.md has the table, by command.

namespace atonce {

inline constexpr int exit_ok = 0;
inline constexpr int exit_failed = 1;        ///< a trial crashed or is INVALID; the machine cannot
inline constexpr int exit_usage = 2;         ///< wrong arguments or a wrong file; nothing was run
inline constexpr int exit_suspect = 3;       ///< a trial is SUSPECT, under --strict
inline constexpr int exit_inconclusive = 3;  ///< the gate could not decide
inline constexpr int exit_incompatible = 4;  ///< a stored baseline is not comparable
inline constexpr int exit_run_failed = 5;    ///< the gate has nothing to judge by: an arm is broken
inline constexpr int exit_interrupted = 130;  ///< stopped by a signal; the report has what was done

}  // namespace atonce
