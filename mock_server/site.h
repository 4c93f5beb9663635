#pragma once
/// What all connections of a server share, and what those of one I/O thread share.

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <exception>
#include <memory>
#include <set>
#include <vector>

#include "mock_server/delays.h"
#include "mock_server/freezes.h"
#include "mock_server/live_count.h"
#include "mock_server/loop.h"
#include "mock_server/rate_limits.h"
#include "mock_server/retry_after.h"
#include "mock_server/route_table.h"
#include "mock_server/truth_log.h"

namespace atonce::mock {

class Connection;

/// One I/O thread's own things. Only that thread touches them, so none needs a lock.
struct Shard {
  Shard(Tally& tally, std::shared_ptr<const Delays> all_delays,
        std::shared_ptr<Freezes> all_freezes)
      : log(tally), delays(std::move(all_delays)), freezes(std::move(all_freezes)) {}

  TruthLog log;
  std::shared_ptr<const Delays> delays;
  std::shared_ptr<Freezes> freezes;
  std::set<Connection*> connections;
  bool closing = false;
  asio::io_context loop{1};  // last: what is left in it refers to the others when it goes
};

struct Site {
  explicit Site(ServerConfig server_config)
      : config(std::move(server_config)),
        routes(config.routes),
        rate_limits(config),
        tally(config.truth_limit, config.truth_token_limit) {
    routes.reset_workers(config.time_scale);
  }

  const ServerConfig config;
  const RouteTable routes;
  RateLimits rate_limits;
  RetryWatch retry_watch;
  Tally tally;
  LiveCount live_connections;
  std::vector<std::unique_ptr<Shard>> shards;
};

/// Runs `function()` on the shard's own thread and brings back what it returns: a reader never
/// races with the traffic it reads about, and sees all that the thread did before.
template <typename Function>
Task<std::invoke_result_t<Function>> run_on(Shard& shard, Function function) {
  auto [failure, result] = co_await asio::co_spawn(
      shard.loop.get_executor(),
      [&function]() -> Task<std::invoke_result_t<Function>> { co_return function(); }, use_task);
  if (failure) std::rethrow_exception(failure);
  co_return std::move(result);
}

}  // namespace atonce::mock
