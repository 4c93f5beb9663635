#pragma once
/// What a person sees of a gate.

#include <cstdio>
#include <string>

#include "bench/gate/job.h"
#include "bench/gate/judgement.h"

namespace atonce::gate {

/// One line that is rewritten on a terminal; elsewhere a line every ten pairs.
class Display : public JobWatcher {
 public:
  Display(std::FILE* out, bool on_terminal) : out_(out), on_terminal_(on_terminal) {}
  ~Display() override;

  void prepares(std::string_view what) override;
  void pair_ended(const Record& record, const Judge& judge) override;

 private:
  void rewrite(const std::string& line);

  std::FILE* const out_;
  const bool on_terminal_;
  bool dirty_ = false;
};

/// The verdict and its reasons.
std::string terminal_text(const Record& record, const Judgement& judgement, bool colour, int width);

}  // namespace atonce::gate
