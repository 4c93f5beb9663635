#pragma once
/// What /proc says about processes.

#include <sys/types.h>

#include <set>
#include <string>
#include <vector>

namespace atonce {

/// Whether a process with threads may fork and go on: the allocator of g++ 12's AddressSanitizer
/// may be locked by another thread at that instant, and stays so in the child.
#ifdef __SANITIZE_ADDRESS__
inline constexpr bool can_fork_with_threads = false;
#else
inline constexpr bool can_fork_with_threads = true;
#endif

/// Ids of the children of `parent`, zombies included.
std::vector<pid_t> children_of(pid_t parent);

/// Whether the process is there and not a zombie.
bool is_alive(pid_t process);

/// What the process has open as a socket or pipe ("socket:[123]"), the standard streams apart.
std::multiset<std::string> open_channels(pid_t process);

}  // namespace atonce
