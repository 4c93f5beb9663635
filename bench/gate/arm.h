#pragma once
/// One of the two things that are compared.

#include <cstddef>
#include <string>

#include "bench/scenario.h"

namespace atonce::gate {

/// How an arm plays the scenario. What is empty or 0 is left to the scenario.
struct ArmSettings {
  std::string runner, transport, variant;
  std::size_t cap = 0, connections = 0, threads = 0;
  double time_scale = 1;  ///< multiplies the scenario's: the server's delays, the client's limits
  std::string server;     ///< YAML file with other routes for the mock server
};

struct Arm {
  enum class Kind : unsigned char {
    configuration,  ///< this program
    build,          ///< another build of it
    client,         ///< a program of the user's own: docs/gate.md
    url,            ///< this program against a server that runs already
  };
  Kind kind = Kind::configuration;
  std::string text;     ///< as given
  std::string program;  ///< of a build or a client
  std::string url;
  ArmSettings settings;
  std::string server_text;  ///< of settings.server

  bool mock_server() const { return kind != Kind::url; }
};

/// Reads "build:PATH", "client:PATH", "http://HOST:PORT" or "this", each with ",KEY=VALUE..."
/// behind it, or "KEY=VALUE..." alone; the path of a program alone is a build. Unnamed settings are
/// those of `defaults`, then of the scenario. Throws std::invalid_argument.
Arm parse_arm(const std::string& text, const ArmSettings& defaults, const Scenario& scenario);

}  // namespace atonce::gate
