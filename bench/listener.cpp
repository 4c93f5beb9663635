#include "bench/listener.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace atonce {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view listening = "0A";

/// The entries of a folder under /proc; none where we may not look or it is gone.
std::vector<fs::path> entries(const fs::path& folder) {
  std::error_code none;
  std::vector<fs::path> found;
  for (auto entry = fs::directory_iterator(folder, none);
       !none && entry != fs::directory_iterator(); entry.increment(none))
    found.push_back(entry->path());
  return found;
}

/// What a descriptor that holds a socket links to: "socket:[INODE]".
void add_sockets(const char* table, std::uint16_t port, std::set<std::string>& sockets) {
  std::ifstream lines(table);
  std::string line;
  std::getline(lines, line);  // of headers
  while (std::getline(lines, line)) {
    std::istringstream fields(line);
    std::string number, local, remote, state, queues, timer, retransmits, user, timeout, inode;
    fields >> number >> local >> remote >> state >> queues >> timer >> retransmits >> user >>
        timeout >> inode;
    const auto hex = std::string_view(local).substr(local.find(':') + 1);
    unsigned value = 0;
    std::from_chars(hex.data(), hex.data() + hex.size(), value, 16);
    if (state == listening && value == port) sockets.insert("socket:[" + inode + "]");
  }
}

bool holds_one(const fs::path& process, const std::set<std::string>& sockets) {
  return std::ranges::any_of(entries(process / "fd"), [&](const fs::path& descriptor) {
    std::error_code none;
    return sockets.contains(fs::read_symlink(descriptor, none).string());
  });
}

/// Adds a list such as "0-3,8".
void add_cores(const std::string& list, std::set<int>& cores) {
  std::istringstream ranges(list);
  for (std::string range; std::getline(ranges, range, ',');) {
    int first = 0, last = 0;
    char dash = 0;
    std::istringstream ends(range);
    if (!(ends >> first)) continue;
    if (!(ends >> dash >> last)) last = first;
    for (int core = first; core <= last; ++core) cores.insert(core);
  }
}

void add_cores_of(const fs::path& process, std::set<int>& cores) {
  constexpr std::string_view key = "Cpus_allowed_list:";
  for (const fs::path& thread : entries(process / "task")) {
    std::ifstream lines(thread / "status");
    for (std::string line; std::getline(lines, line);)
      if (line.starts_with(key)) add_cores(line.substr(key.size()), cores);
  }
}

bool is_process(const fs::path& entry) {
  const std::string name = entry.filename();
  return std::ranges::all_of(name, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::vector<int> cores_of_listener(std::uint16_t port) {
  std::set<std::string> sockets;
  add_sockets("/proc/net/tcp", port, sockets);
  add_sockets("/proc/net/tcp6", port, sockets);
  std::set<int> cores;
  if (sockets.empty()) return {};
  for (const fs::path& entry : entries("/proc"))
    if (is_process(entry) && holds_one(entry, sockets)) add_cores_of(entry, cores);
  return {cores.begin(), cores.end()};
}

bool may_share_cores(const Target& target, std::span<const int> cores) {
  if (!is_local(target)) return false;
  return std::ranges::any_of(cores_of_listener(target.port),
                             [&](int core) { return std::ranges::count(cores, core) > 0; });
}

}  // namespace atonce
