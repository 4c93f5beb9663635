#pragma once
/// What goes on around a slice while it is played.

#include <optional>
#include <string>
#include <thread>

#include "bench/gate/record.h"
#include "bench/machine.h"

namespace atonce::gate {

/// Watches from its construction until stop().
class Watch {
 public:
  Watch();
  Surroundings stop();

 private:
  struct Stalls {
    Nanos sum{}, worst{};
  };
  void doze(std::stop_token stop);

  const Instant start_;
  const CpuTime before_;
  const std::optional<Nanos> waited_before_;
  Stalls stalls_;  // of the thread, until it is joined
  std::jthread sleeper_;
};

/// The worse of both; shares are those of the longer one.
Surroundings worse_of(const Surroundings& a, const Surroundings& b);

}  // namespace atonce::gate
