#include "mock_server/delays.h"

#include <cmath>

#include "core/random.h"

namespace atonce::mock {

Delays::Delays(const std::vector<Route>& routes, std::uint64_t seed, double time_scale)
    : seed_(seed), time_scale_(time_scale) {
  for (const Route& route : routes) {
    const Capacity capacity = route.capacity.value_or(Capacity{});
    RouteLaws& laws = laws_.emplace_back();
    laws.latency = scaled(route.latency, time_scale);
    laws.service = scaled(capacity.service, time_scale);
    laws.usl = capacity.usl.value_or(Usl{});
    if (route.llm) laws.tokens.emplace(*route.llm, time_scale);
  }
}

Nanos Delays::latency(std::size_t route, AttemptId id) const {
  return draw(laws_[route].latency, uniform01(seed_, id.packed(), Stream::latency));
}

Nanos Delays::service(std::size_t route, AttemptId id, std::size_t in_flight) const {
  const Nanos alone = draw(laws_[route].service, uniform01(seed_, id.packed(), Stream::service));
  const double slowed = static_cast<double>(alone.count()) * laws_[route].usl.slowdown(in_flight);
  return Nanos{std::llround(slowed)};
}

TokenPlan Delays::tokens(std::size_t route, AttemptId id, std::size_t most,
                         std::size_t in_flight) const {
  const RouteLaws& laws = laws_[route];
  return laws.tokens->plan(seed_, id, most, laws.usl.slowdown(in_flight));
}

}  // namespace atonce::mock
