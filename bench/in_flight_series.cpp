#include "bench/in_flight_series.h"

#include <algorithm>
#include <compare>
#include <utility>

namespace atonce {
namespace {

struct Change {
  Nanos at{};
  std::int32_t by = 0;
  auto operator<=>(const Change&) const = default;
};

/// All changes in order of time; of those at one instant the endings first.
std::vector<Change> changes_of(std::span<const Sample> attempts, Instant start) {
  std::vector<Change> changes;
  changes.reserve(2 * attempts.size());
  for (const Sample& sample : attempts) {
    if (sample.at.sent == unset || sample.at.done == unset) continue;
    changes.push_back({sample.at.sent - start, 1});
    changes.push_back({sample.at.done - start, -1});
  }
  std::ranges::sort(changes);
  return changes;
}

}  // namespace

std::vector<InFlightPoint> in_flight_series(std::span<const Sample> attempts, Instant start,
                                            std::size_t most) {
  const auto changes = changes_of(attempts, start);
  if (changes.empty()) return {};
  const bool exact = changes.size() <= most;
  const Nanos slice =
      exact ? Nanos{1} : changes.back().at / static_cast<std::int64_t>(most) + Nanos{1};

  std::vector<InFlightPoint> series{{Nanos{0}, 0}};
  std::int32_t in_flight = 0;
  for (const Change& change : changes) {
    const std::int32_t before = std::exchange(in_flight, in_flight + change.by);
    const auto count = static_cast<std::uint32_t>(exact ? in_flight : std::max(before, in_flight));
    const Nanos at = change.at - change.at % slice;
    if (series.back().at != at)
      series.push_back({at, count});
    else
      series.back().in_flight = exact ? count : std::max(series.back().in_flight, count);
  }
  series.push_back({changes.back().at, 0});
  return series;
}

}  // namespace atonce
