#pragma once
/// How often the program has asked for memory.

#include <cstddef>

namespace atonce {

/// Calls of operator new on this thread so far. Counted in programs that use this function.
std::size_t allocations();

}  // namespace atonce
