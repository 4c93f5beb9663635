#include "mock_server/server_config.h"

#include <algorithm>
#include <limits>

#include "mock_server/header_config.h"

namespace atonce::mock {
namespace {

constexpr std::size_t largest_body = 64 << 20;

std::vector<CapacityChange> parse_changes(const ConfigNode& node) {
  std::vector<CapacityChange> changes;
  for (const ConfigNode& item : node.items()) {
    item.allow_only({"at", "workers"});
    const CapacityChange change{.at = item.at("at").duration(),
                                .workers = item.at("workers").limit()};
    if (!changes.empty() && change.at <= changes.back().at)
      item.at("at").fail("changes come in order, each later than the one before");
    changes.push_back(change);
  }
  return changes;
}

/// The answer of a route that speaks the API of an LLM is itself what occupies a worker.
Capacity parse_capacity(const ConfigNode& node, bool is_llm) {
  node.allow_only({"workers", "changes", "queue", "service", "usl"});
  Capacity capacity;
  if (const auto workers = node.find("workers")) capacity.workers = workers->limit();
  if (const auto changes = node.find("changes")) capacity.changes = parse_changes(*changes);
  if (const auto queue = node.find("queue"); queue && queue->text() != "unlimited") {
    capacity.queue = queue->count(0, 1'000'000'000);
  }
  const auto service = node.find("service");
  if (service && is_llm) service->fail("the answer itself is the service of a route with llm");
  if (!is_llm) capacity.service = node.at("service").law();
  if (const auto usl = node.find("usl")) {
    usl->allow_only({"sigma", "kappa"});
    capacity.usl = Usl{usl->at("sigma").number(0, 1), usl->at("kappa").number(0, 1)};
  }
  return capacity;
}

std::string parse_path(const ConfigNode& node) {
  std::string path = node.text();
  const bool is_plain = path.starts_with('/') && std::ranges::all_of(path, [](char letter) {
                          return letter > ' ' && letter < 0x7f &&
                                 std::string_view("?#\"\\").find(letter) == std::string_view::npos;
                        });
  if (!is_plain) node.reject("a path such as /search, without a query");
  if (path.starts_with("/_atonce/") || path == "/metrics")
    node.fail("this path is the server's own");
  return path;
}

std::string parse_method(const ConfigNode& node) {
  std::string method = node.text();
  const bool is_word = !method.empty() && std::ranges::all_of(method, [](char letter) {
    return letter >= 'A' && letter <= 'Z';
  });
  if (method != "*" && !is_word) node.reject("a method such as GET, or '*' for any");
  return method;
}

std::string parse_body(const ConfigNode& node) {
  const auto size = node.find("body_bytes");
  const auto body = node.find("body");
  if (size.has_value() + body.has_value() + node.has("content") > 1) {
    node.fail("expected only one of body, body_bytes and content");
  }
  std::string text;
  if (size) text.assign(size->count(0, largest_body), 'x');
  if (body) text = body->text();
  return text;
}

void allow_route_keys(const ConfigNode& node) {
  if (node.is_map() && node.has("llm")) {
    node.allow_only({"path", "llm", "headers", "capacity", "faults", "rate_limit"});
  } else {
    node.allow_only({"path", "method", "latency", "status", "body", "body_bytes", "content",
                     "headers", "capacity", "faults", "rate_limit", "llm"});
  }
}

Route parse_route(const ConfigNode& node) {
  allow_route_keys(node);
  Route route;
  route.path = parse_path(node.at("path"));
  if (const auto llm = node.find("llm")) {
    route.llm = parse_llm(*llm);
    route.method = "POST";
  }
  if (const auto method = node.find("method")) route.method = parse_method(*method);
  if (const auto latency = node.find("latency")) route.latency = latency->law();
  if (const auto status = node.find("status")) {
    route.status = static_cast<std::uint16_t>(status->count(200, 599));
  }
  route.body = parse_body(node);
  if (const auto content = node.find("content")) route.content = parse_content(*content);
  const bool has_body = !route.body.empty() || route.content;
  if (has_body && (route.status == 204 || route.status == 304)) {
    node.fail("a response with this status has no body");
  }
  if (const auto headers = node.find("headers")) route.headers = parse_headers(*headers);
  if (const auto capacity = node.find("capacity")) {
    route.capacity = parse_capacity(*capacity, route.llm.has_value());
  }
  if (const auto faults = node.find("faults"))
    route.faults = parse_faults(*faults, route.llm ? RouteKind::llm : RouteKind::plain);
  return route;
}

Limits parse_limits(const ConfigNode& node) {
  node.allow_only({"header_bytes", "body_bytes", "receive_time", "idle_time", "connections",
                   "connections_beyond"});
  Limits limits;
  if (const auto bytes = node.find("header_bytes")) {
    limits.header_bytes = static_cast<std::uint32_t>(bytes->count(256, 1 << 20));
  }
  if (const auto bytes = node.find("body_bytes")) limits.body_bytes = bytes->count(0, 1ULL << 40);
  if (const auto time = node.find("receive_time")) limits.receive_time = time->duration();
  if (const auto time = node.find("idle_time")) limits.idle_time = time->duration();
  if (const auto most = node.find("connections")) limits.connections = most->limit();
  if (const auto beyond = node.find("connections_beyond")) {
    if (beyond->text() != "reset" && beyond->text() != "wait") beyond->reject("reset or wait");
    limits.connections_wait = beyond->text() == "wait";
  }
  return limits;
}

std::vector<Route> parse_routes(const ConfigNode& node) {
  std::vector<Route> routes;
  for (const ConfigNode& item : node.items()) {
    Route route = parse_route(item);
    for (const Route& other : routes) {
      if (other.path == route.path && other.method == route.method) {
        item.fail("a route with this method and path stands above");
      }
    }
    routes.push_back(std::move(route));
  }
  return routes;
}

/// A route has the limit it names, or else that of the server.
void choose_rate_limits(const ConfigNode& node, ServerConfig& config) {
  if (const auto limits = node.find("rate_limits")) {
    config.rate_limits = parse_rate_limits(*limits);
  }
  const auto items = node.at("routes").items();
  for (std::size_t i = 0; i < items.size(); ++i) {
    auto name = items[i].find("rate_limit");
    if (!name) name = node.find("rate_limit");
    if (name) config.routes[i].rate_limit = parse_rate_limit_name(*name, config.rate_limits);
  }
}

}  // namespace

double Usl::slowdown(std::size_t in_flight) const {
  const auto n = static_cast<double>(in_flight);
  return 1 + sigma * (n - 1) + kappa * n * (n - 1);
}

ServerConfig parse_server_config(const ConfigNode& node) {
  node.allow_only({"address", "port", "threads", "seed", "time_scale", "limits", "truth_limit",
                   "truth_token_limit", "freezes", "rate_limits", "rate_limit", "routes"});
  ServerConfig config;
  if (const auto address = node.find("address")) config.address = address->text();
  if (const auto port = node.find("port")) {
    config.port = static_cast<std::uint16_t>(port->count(0, 65535));
  }
  if (const auto threads = node.find("threads")) config.io_threads = threads->count(1, 256);
  if (const auto seed = node.find("seed")) {
    config.seed = seed->count(0, std::numeric_limits<std::uint64_t>::max());
  }
  if (const auto scale = node.find("time_scale")) config.time_scale = scale->number(1e-6, 1e6);
  if (const auto limits = node.find("limits")) config.limits = parse_limits(*limits);
  if (const auto limit = node.find("truth_limit"))
    config.truth_limit = limit->count(0, 100'000'000);
  if (const auto limit = node.find("truth_token_limit"))
    config.truth_token_limit = limit->count(0, 1'000'000'000);
  if (const auto freezes = node.find("freezes")) config.freezes = parse_freezes(*freezes);
  config.routes = parse_routes(node.at("routes"));
  choose_rate_limits(node, config);
  return config;
}

}  // namespace atonce::mock
