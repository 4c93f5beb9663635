#pragma once
/// What /proc says about processes.

#include <sys/types.h>

#include <set>
#include <string>
#include <vector>

namespace atonce {

/// Ids of the children of `parent`, zombies included.
std::vector<pid_t> children_of(pid_t parent);

/// Whether the process is there and not a zombie.
bool is_alive(pid_t process);

/// What the process has open as a socket or pipe ("socket:[123]"), the standard streams apart.
std::multiset<std::string> open_channels(pid_t process);

}  // namespace atonce
