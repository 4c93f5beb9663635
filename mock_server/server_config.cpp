#include "mock_server/server_config.h"

#include <algorithm>
#include <limits>

#include "mock_server/canned_response.h"

namespace atonce::mock {
namespace {

constexpr std::size_t largest_body = 64 << 20;

Capacity parse_capacity(const ConfigNode& node) {
  node.allow_only({"workers", "queue", "service", "usl"});
  Capacity capacity;
  if (const auto workers = node.find("workers")) capacity.workers = workers->limit();
  if (const auto queue = node.find("queue"); queue && queue->text() != "unlimited") {
    capacity.queue = queue->count(0, 1'000'000'000);
  }
  capacity.service = node.at("service").law();
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

std::pair<std::string, std::string> parse_header(const std::string& name, const ConfigNode& node) {
  if (!is_header_name(name)) node.fail("not a header name");
  std::string value = node.text();
  if (value.find_first_of("\r\n") != value.npos) node.reject("a value on one line");
  return {name, std::move(value)};
}

std::string parse_body(const ConfigNode& node) {
  const auto size = node.find("body_bytes");
  const auto body = node.find("body");
  if (size && body) node.fail("expected either body or body_bytes");
  std::string text;
  if (size) text.assign(size->count(0, largest_body), 'x');
  if (body) text = body->text();
  return text;
}

Route parse_route(const ConfigNode& node) {
  node.allow_only({"path", "method", "latency", "status", "body", "body_bytes", "headers",
                   "capacity", "faults", "rate_limit"});
  Route route;
  route.path = parse_path(node.at("path"));
  if (const auto method = node.find("method")) route.method = parse_method(*method);
  if (const auto latency = node.find("latency")) route.latency = latency->law();
  if (const auto status = node.find("status")) {
    route.status = static_cast<std::uint16_t>(status->count(200, 599));
  }
  route.body = parse_body(node);
  if (!route.body.empty() && (route.status == 204 || route.status == 304)) {
    node.fail("a response with this status has no body");
  }
  if (const auto headers = node.find("headers")) {
    for (const auto& [name, value] : headers->entries()) {
      route.headers.push_back(parse_header(name, value));
    }
  }
  if (const auto capacity = node.find("capacity")) route.capacity = parse_capacity(*capacity);
  if (const auto faults = node.find("faults")) route.faults = parse_faults(*faults);
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
                   "rate_limits", "rate_limit", "routes"});
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
  config.routes = parse_routes(node.at("routes"));
  choose_rate_limits(node, config);
  return config;
}

}  // namespace atonce::mock
