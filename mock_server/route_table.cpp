#include "mock_server/route_table.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace atonce::mock {
namespace {

bool accepts(const ServedRoute& route, std::string_view method) {
  return route.method == method || route.method == "*" ||
         (route.method == "GET" && method == "HEAD");
}

/// The routes of each path. Configured paths need no escaping in JSON.
std::map<std::string, std::vector<const Route*>> by_path(const std::vector<Route>& routes) {
  std::map<std::string, std::vector<const Route*>> places;
  for (const Route& route : routes) places[route.path].push_back(&route);
  return places;
}

CannedResponse unknown_path(const std::vector<Route>& routes) {
  std::vector<std::string> known;
  known.reserve(routes.size());
  for (const Route& route : routes) {
    known.push_back(fmt::format(R"("{} {}")", route.method, route.path));
  }
  return {
      404,
      {{"Content-Type", "application/json"}},
      fmt::format("{{\"error\": \"no such path\", \"routes\": [{}]}}\n", fmt::join(known, ", "))};
}

CannedResponse wrong_method(const std::vector<const Route*>& routes) {
  std::vector<std::string_view> methods;
  for (const Route* route : routes) {
    methods.emplace_back(route->method);
    if (route->method == "GET") methods.emplace_back("HEAD");
  }
  const auto allowed = fmt::format("{}", fmt::join(methods, ", "));
  return {405,
          {{"Content-Type", "application/json"}, {"Allow", allowed}},
          fmt::format("{{\"error\": \"this path takes {}\"}}\n", allowed)};
}

CannedResponse::Headers typed_headers(const Route& route) {
  return with_content_type(route.headers, route.content ? "application/json" : "text/plain");
}

}  // namespace

ServedRoute::ServedRoute(const Route& route)
    : method(route.method),
      response(route.status, typed_headers(route), route.body),
      headers(route.llm ? route.headers : typed_headers(route)),
      content(route.content),
      llm(route.llm),
      faults(route.faults) {
  if (!route.capacity) return;
  const Capacity& capacity = *route.capacity;
  workers = std::make_unique<WorkerPool>(capacity.workers, capacity.queue, capacity.changes);
}

RouteTable::Place::Place(const std::vector<const Route*>& configured)
    : wrong_method(mock::wrong_method(configured)) {
  for (const Route* route : configured) routes.emplace_back(*route);
}

RouteTable::RouteTable(const std::vector<Route>& configured)
    : unknown_path_(unknown_path(configured)) {
  for (const auto& [path, routes] : by_path(configured)) {
    Place& place = places_.emplace(path, routes).first->second;
    for (std::size_t i = 0; i < routes.size(); ++i) {
      place.routes[i].index = static_cast<std::size_t>(routes[i] - configured.data());
    }
    std::stable_partition(place.routes.begin(), place.routes.end(),
                          [](const ServedRoute& route) { return route.method != "*"; });
  }
  const auto add = [this](std::uint16_t status, const char* sentence) {
    refusals_.emplace(status, CannedResponse::error(status, sentence));
  };
  add(400, "this is not an HTTP request");
  add(408, "the request took too long to arrive");
  add(413, "the request body is too large");
  add(431, "the request header is too large");
  add(503, "all workers are busy and the queue is full");
}

RouteTable::Match RouteTable::find(std::string_view method, std::string_view path) const {
  const auto found = places_.find(path);
  if (found == places_.end()) return {nullptr, &unknown_path_};
  for (const ServedRoute& route : found->second.routes) {
    if (accepts(route, method)) return {&route, nullptr};
  }
  return {nullptr, &found->second.wrong_method};
}

void RouteTable::reset_workers(double time_scale) const {
  for (const auto& [path, place] : places_)
    for (const ServedRoute& route : place.routes)
      if (route.workers) route.workers->reset(time_scale);
}

const CannedResponse& RouteTable::refusal(std::uint16_t status) const {
  return refusals_.at(status);
}

}  // namespace atonce::mock
