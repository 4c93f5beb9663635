#pragma once
/// What a person sees while a search goes on.

#include <cstdio>
#include <string>

#include "bench/tune/tuner.h"

namespace atonce::tune {

/// A line for every probe that has ended; on a terminal also one that is rewritten while a probe
/// goes on.
class Display : public Watcher {
 public:
  Display(std::FILE* out, bool on_terminal) : out_(out), on_terminal_(on_terminal) {}
  ~Display() override { clear(); }

  void probe_begins(const Tuning& so_far, const ProbeOrder& order) override;
  void probe_goes_on(std::uint64_t calls);
  void probe_ended(const Tuning& so_far) override;

 private:
  void clear();
  void rewrite(const std::string& line);

  std::FILE* const out_;
  const bool on_terminal_;
  bool dirty_ = false;
  std::string label_;
};

/// Says nothing.
class NoDisplay : public Watcher {
 public:
  void probe_begins(const Tuning&, const ProbeOrder&) override {}
  void probe_ended(const Tuning&) override {}
};

}  // namespace atonce::tune
