#pragma once
/// From a request's method and path to what answers it.

#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "mock_server/canned_response.h"
#include "mock_server/server_config.h"
#include "mock_server/worker_pool.h"

namespace atonce::mock {

/// A route with its response rendered and its workers.
struct ServedRoute {
  explicit ServedRoute(const Route& route);

  std::string method;
  std::size_t index = 0;  ///< in ServerConfig::routes
  CannedResponse response;
  CannedResponse::Headers headers;  ///< of bodies that are made anew for each request
  std::optional<Content> content;
  std::optional<LlmRoute> llm;
  std::vector<Fault> faults;
  std::unique_ptr<WorkerPool> workers;  ///< null without a capacity
};

/// Read-only but for the worker pools; shared by all threads.
class RouteTable {
 public:
  explicit RouteTable(const std::vector<Route>& routes);

  struct Match {
    const ServedRoute* route = nullptr;
    const CannedResponse* refusal = nullptr;  ///< 404 or 405 when there is no route
  };
  /// `path` is without its query.
  Match find(std::string_view method, std::string_view path) const;

  /// See WorkerPool::reset().
  void reset_workers(double time_scale) const;

  /// The answer to input that is no request (400, 408, 413, 431) or finds no room (503).
  const CannedResponse& refusal(std::uint16_t status) const;

 private:
  struct Place {
    explicit Place(const std::vector<const Route*>& routes);
    std::vector<ServedRoute> routes;  // a route for any method comes last
    CannedResponse wrong_method;
  };
  std::map<std::string, Place, std::less<>> places_;
  CannedResponse unknown_path_;
  std::map<std::uint16_t, CannedResponse> refusals_;
};

}  // namespace atonce::mock
