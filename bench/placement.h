#pragma once
/// Which cores the two ends of a trial run on.

#include <string>

namespace atonce {

/// Server and client on cores of their own where there are two; -1 = anywhere.
struct Placement {
  int server_core = -1;
  int client_core = -1;
};

Placement place();
std::string describe(const Placement& placement, bool mock_server);

}  // namespace atonce
