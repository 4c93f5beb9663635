#pragma once
/// How a worker process comes into being.

#include <sys/types.h>

#include <string>

#include "runners/endpoint.h"
#include "runners/processes/descriptor.h"

namespace atonce {

/// What a worker needs to make its client.
struct WorkerSetup {
  std::string transport;
  Endpoint endpoint;
  bool keep_alive = true;
};

/// Forks a process that makes a client and serves the two sockets (see Worker) until their other
/// ends are closed. It also ends when this process does, or this thread. Of this process's
/// descriptors it keeps the two sockets and standard error. Ctrl-C does not end it: its parent
/// decides. Throws std::system_error when there is no process left.
pid_t fork_worker(const WorkerSetup& setup, const Descriptor& orders, const Descriptor& aborts);

}  // namespace atonce
