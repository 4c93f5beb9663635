#include "tests/support/processes.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>

namespace atonce {
namespace {

namespace fs = std::filesystem;

struct Status {
  char state = 'X';
  pid_t parent = -1;
};

/// The fields after the command's name, which is in parentheses and may hold anything.
Status status_of(const std::string& process) {
  Status status;
  std::ifstream file("/proc/" + process + "/stat");
  std::string line;
  if (!std::getline(file, line)) return status;
  status.state = line.at(line.rfind(')') + 2);
  status.parent = std::stoi(line.substr(line.rfind(')') + 4));
  return status;
}

}  // namespace

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (!std::ranges::all_of(name, [](unsigned char c) { return std::isdigit(c); })) continue;
    if (status_of(name).parent == parent) children.push_back(std::stoi(name));
  }
  return children;
}

bool is_alive(pid_t process) {
  const char state = status_of(std::to_string(process)).state;
  return state != 'X' && state != 'Z';
}

std::multiset<std::string> open_channels(pid_t process) {
  std::multiset<std::string> channels;
  std::error_code gone;
  const std::string folder = "/proc/" + std::to_string(process) + "/fd";
  for (const auto& entry : fs::directory_iterator(folder, gone)) {
    if (std::stoi(entry.path().filename()) <= STDERR_FILENO) continue;
    const std::string what = fs::read_symlink(entry.path(), gone);
    if (what.starts_with("socket:") || what.starts_with("pipe:")) channels.insert(what);
  }
  return channels;
}

}  // namespace atonce
