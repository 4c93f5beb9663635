#pragma once
/// Plays one slice: a server, a client and a watch, all made anew.

#include <stdexcept>
#include <stop_token>
#include <string>

#include "bench/gate/arm.h"
#include "bench/gate/measures.h"
#include "bench/trial_spec.h"
#include "core/result.h"

namespace atonce::gate {

/// An arm that cannot be played: it crashed, or said something that is not understood.
struct SliceFailed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct PlayedSlice {
  Values values = no_values();
  std::uint64_t calls = 0, errors = 0;
  double throughput = 0;  ///< calls per second
  Nanos length{};
  Surroundings around;
};

struct SliceOrder {
  const Arm* arm;
  std::string program;  ///< what to start; empty = this program
  SliceLoad load;
  unsigned number = 0;  ///< of its schedule, the same for both slices of a pair
  Nanos time_to_read = std::chrono::seconds(10);  ///< what a client has for its task
};

/// Throws SliceFailed, which names the arm. After a stop request the result means nothing.
PlayedSlice play_slice(const Scenario& scenario, const SliceOrder& order, std::stop_token stop);

/// What a trial says, as figures.
PlayedSlice trial_slice(const TrialResult& result);

/// The part of play_slice() that starts a user's client, which follows the protocol of
/// docs/gate.md. Throws SliceFailed.
PlayedSlice play_client(const Scenario& scenario, const SliceOrder& order, const std::string& url,
                        std::stop_token stop);
/// What such a client is told, as a line of JSON.
std::string client_task(const Scenario& scenario, const SliceOrder& order, const std::string& url);
/// What such a client says, as figures. Throws SliceFailed.
PlayedSlice client_slice(const std::string& line);

}  // namespace atonce::gate
