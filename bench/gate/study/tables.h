#pragma once
/// The tables of docs/gate.md, as Markdown.

#include <cstddef>
#include <string>

#include "bench/gate/study/recording.h"

namespace atonce::gate::study {

/// What was recorded, and how noisy it is.
std::string recording_table(const Recording& recording);
/// Verdicts by the size of a change: the operating characteristic of the gate.
std::string verdict_table(const Recording& recording, Change change, std::size_t jobs);
/// The gate's evidence against the usual one.
std::string race_table(const Recording& recording, std::size_t jobs);
/// False alarms and detections of other rules on the same slices.
std::string rival_table(const Recording& recording, std::size_t jobs);

}  // namespace atonce::gate::study
