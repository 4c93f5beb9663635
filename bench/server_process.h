#pragma once
/// The mock server of an experiment, in a process of its own.

#include <string>

#include "bench/child_process.h"
#include "bench/scenario.h"

namespace atonce {

class ServerProcess {
 public:
  /// Starts the server with the scenario's routes, pinned to `core` unless it is negative, and
  /// waits until it is ready. Throws std::runtime_error when it is not within ten seconds.
  ServerProcess(const Scenario& scenario, int core);
  /// Asks it to end, and makes sure.
  ~ServerProcess();

  /// "http://127.0.0.1:PORT"
  const std::string& url() const { return url_; }

 private:
  ChildProcess process_;
  std::string url_;
};

}  // namespace atonce
