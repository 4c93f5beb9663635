#pragma once

#include <cstdint>

namespace atonce {

/// Memory of this process and its children, now.
struct FamilyMemory {
  /// Proportional set size: what several processes share counts once in all.
  std::int64_t resident = 0;
  std::int64_t page_tables = 0;
};

/// Of the children those that the calling thread has made and that are alive.
FamilyMemory family_memory();

}  // namespace atonce
