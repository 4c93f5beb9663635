#pragma once
/// A child of this process that cannot outlive it.

#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace atonce {

/// Runs this executable again with other arguments, or another one. Its standard input and output
/// are pipes of ours, its standard error is ours. It is in a process group of its own, so that
/// Ctrl-C on the terminal reaches it only through us, and it is killed when we die. What it starts
/// in that group ends with it. Not thread-safe.
class ChildProcess {
 public:
  /// Throws std::system_error when the process cannot be started.
  explicit ChildProcess(const std::vector<std::string>& arguments);
  /// Runs `program`, a path. When it cannot be run, the child ends with exit code 127.
  ChildProcess(const std::string& program, const std::vector<std::string>& arguments);
  /// Kills the child if it still runs, and its group.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Writes all of `text` to its standard input, and closes it. False when the child had not read
  /// enough of it after `limit`, or at a stop request. A child that has ended is no such case.
  bool send_input(std::string_view text, const std::stop_token& stop,
                  Nanos limit = std::chrono::seconds(10));

  enum class Read { line, nothing_yet, end };
  /// The next line of its standard output, without the line break; waits for it until `until`.
  /// Throws std::runtime_error when it is longer than 256 MiB.
  Read read_line(std::string& line, Instant until);

  void signal(int number);
  /// Waits for its end until `until`. Its exit code, or 128 + the signal that ended it; nothing
  /// when it still runs.
  std::optional<int> wait(Instant until);

 private:
  int pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string buffered_;
  std::size_t searched_ = 0;  // so much of it has no line break
};

}  // namespace atonce
