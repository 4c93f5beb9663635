#pragma once
/// How far a series of trials is, in one line.

#include <cstdio>
#include <string>
#include <string_view>

#include "core/clock.h"

namespace atonce {

/// On a terminal one line that is rewritten; elsewhere only what ends a trial is written.
class ProgressLine {
 public:
  ProgressLine(std::FILE* out, bool on_terminal) : out_(out), on_terminal_(on_terminal) {}

  /// Trial `number` (from 1) of `total` begins.
  void begin(std::size_t number, std::size_t total, std::string label);
  /// What it does at the moment.
  void show(std::string_view text);
  /// Leaves a line of its own: the trial and what came of it.
  void end(std::string_view text);
  /// Leaves a line that is about no trial.
  void remark(std::string_view text);
  /// Nothing is left of it on a terminal.
  void clear();

 private:
  void rewrite(const std::string& line);
  std::string head() const;
  std::string time_left() const;

  std::FILE* const out_;
  const bool on_terminal_;
  std::size_t number_ = 0, total_ = 0;
  std::string label_;
  Instant first_began_ = unset;
};

}  // namespace atonce
