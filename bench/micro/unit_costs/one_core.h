#pragma once

#include <sched.h>

#include "bench/machine.h"

namespace atonce {

/// Keeps the calling thread, and what it starts meanwhile, on one core: two that take turns are
/// then switched, instead of waking each other up across cores.
class OneCore {
 public:
  OneCore() {
    sched_getaffinity(0, sizeof before_, &before_);
    const auto cores = usable_cores();
    if (!cores.empty()) pin_to_core(cores.front());
  }
  ~OneCore() { sched_setaffinity(0, sizeof before_, &before_); }
  OneCore(const OneCore&) = delete;
  OneCore& operator=(const OneCore&) = delete;

 private:
  cpu_set_t before_{};
};

}  // namespace atonce
