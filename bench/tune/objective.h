#pragma once
/// What a level of load must keep to, and which of the levels that do is wanted.

#include <string>
#include <string_view>

#include "core/clock.h"

namespace atonce::tune {

/// "p99<=100ms": at most 1 % of the calls take longer or fail. "errors<=0.1%": at most so many
/// fail. Either way a share of bad calls, which is what is tested: never an estimated quantile.
struct Slo {
  enum class Kind : unsigned char { latency, errors };
  Kind kind = Kind::latency;
  double quantile = 0.99;  ///< of a latency
  Nanos limit{};           ///< likewise
  double share = 0.01;     ///< of the calls that may be bad
  std::string text;        ///< as reports write it
};

/// Throws std::invalid_argument with a sentence that shows what is expected.
Slo parse_slo(const std::string& text);

enum class Goal : unsigned char {
  slo,             ///< the highest level that meets all objectives
  knee,            ///< the lowest level with 95 % of the highest throughput
  max_throughput,  ///< the lowest level with 98 % of the highest throughput
  goodput,         ///< the lowest level with 98 % of the highest rate of calls that meet all
};
/// 0.95 or 0.98: of the highest throughput, or goodput.
double share_of_highest(Goal goal);
/// "slo", "knee", "max-throughput", "goodput".
std::string_view name(Goal goal);
/// Throws std::invalid_argument, with the names there are.
Goal goal_named(std::string_view name);

}  // namespace atonce::tune
