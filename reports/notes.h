#pragma once
/// What a reader must know before believing the figures.

#include <string>
#include <vector>

#include "reports/comparison.h"

namespace atonce {

/// One finding, told once, with all the configurations that it concerns.
struct Note {
  VerdictLevel level = VerdictLevel::suspect;
  std::string code;                   ///< "client_cpu_saturated", "crashed", "errors", ...
  std::string message;                ///< of the first configuration, with its figures
  std::vector<std::string> subjects;  ///< "thread_pool at cap 20", in the order of the rows
  std::size_t configurations = 0;     ///< in the whole comparison

  /// "thread_pool at cap 20", "3 of 24 configurations" when there are too many to name.
  std::string who() const;
};

/// Reasons of all verdicts, crashes, interruptions, failed calls and raw samples left out; the
/// worst first. Printable.
std::vector<Note> notes_of(const Comparison& comparison);

}  // namespace atonce
