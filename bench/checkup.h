#pragma once
/// Whether this machine can carry a given load.

#include <cstddef>
#include <string>
#include <vector>

namespace atonce {

struct IntendedLoad {
  std::size_t in_flight = 1000;
  double rate = 0;  ///< calls per second; 0 = not stated
  bool keep_alive = true;
};

enum class Health : unsigned char { ok, warning, failure };

struct Finding {
  Health health = Health::ok;
  std::string subject;  ///< "open files"
  std::string value;    ///< what was found
  std::string advice;   ///< what follows, or what to do; empty when there is nothing to say
};

/// Whether there are local ports for the connections in flight and those that rest after use.
Finding check_ports(const IntendedLoad& load);

/// Looks at cores, limits, clock and neighbours; takes about half a second.
std::vector<Finding> check_machine(const IntendedLoad& load);

}  // namespace atonce
