#include "bench/server_process.h"

#include <fmt/format.h>
#include <signal.h>

#include <stdexcept>

namespace atonce {
namespace {

using std::chrono::seconds;

/// The scenario's text goes in by standard input, so that client and server read the same file.
std::vector<std::string> arguments(int core) {
  std::vector<std::string> list{"serve", "-", "--exit-with-parent"};
  if (core >= 0) list.insert(list.end(), {"--pin", std::to_string(core)});
  return list;
}

}  // namespace

ServerProcess::ServerProcess(const Scenario& scenario, int core) : process_(arguments(core)) {
  std::string line;
  if (!process_.send_input(scenario.text, {}) ||
      process_.read_line(line, now() + seconds(10)) != ChildProcess::Read::line)
    throw std::runtime_error("the mock server did not start");
  const auto at = line.find("http://");
  if (at == std::string::npos)
    throw std::runtime_error(fmt::format("the mock server said '{}' instead of its URL", line));
  url_ = line.substr(at);
}

ServerProcess::~ServerProcess() {
  process_.signal(SIGTERM);
  process_.wait(now() + seconds(2));
}

}  // namespace atonce
