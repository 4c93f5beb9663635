#pragma once
/// The program as a person starts it.

#include <chrono>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

namespace atonce::testing {

struct Ended {
  int exit_code = -1;  ///< 128 + the signal that ended it
  std::string out, err;
};

/// A run of `atonce` whose standard input is empty and whose outputs are kept.
class Command {
 public:
  explicit Command(const std::vector<std::string>& arguments);
  ~Command();
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  int pid() const { return pid_; }
  void signal(int number);
  /// What it has written to standard output so far.
  std::string out_so_far() const;
  std::string err_so_far() const;
  /// Waits for its end; kills it after `limit` (the exit code is then 137).
  Ended wait(std::chrono::seconds limit = std::chrono::seconds(60));

 private:
  std::filesystem::path folder_;
  int pid_ = -1;
};

/// Starts and waits.
Ended run_atonce(const std::vector<std::string>& arguments);

/// A folder that is new for every test and gone after it.
class Folder {
 public:
  Folder();
  ~Folder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

std::string read_file(const std::filesystem::path& file);

/// Whether `condition` comes true within `limit`.
template <class Condition>
bool within(std::chrono::seconds limit, Condition condition) {
  const auto until = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace atonce::testing
