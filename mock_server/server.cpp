#include "mock_server/server.h"

#include <fmt/format.h>
#include <sys/prctl.h>

#include <algorithm>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <stdexcept>
#include <system_error>
#include <thread>

#include "mock_server/connection.h"

namespace atonce::mock {
namespace {

using std::chrono::milliseconds;

/// Out of file descriptors, most likely: others may close theirs soon.
constexpr Nanos accept_pause = milliseconds(20);
/// How soon a free place is noticed.
constexpr Nanos place_pause = milliseconds(1);
constexpr Nanos closing_time = std::chrono::seconds(2);

tcp::endpoint endpoint_of(const ServerConfig& config) {
  error_code error;
  const auto address = asio::ip::make_address(config.address, error);
  if (error) {
    throw std::invalid_argument(
        fmt::format("address: expected an IP address such as 127.0.0.1, got '{}'", config.address));
  }
  return {address, config.port};
}

void listen(Acceptor& acceptor, const tcp::endpoint& endpoint) {
  error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return;
  throw std::system_error(error, fmt::format("cannot listen on {}, port {}",
                                             endpoint.address().to_string(), endpoint.port()));
}

Task<void> run_connection(Site& site, Shard& shard, Socket socket, LiveCount::Ticket) {
  const auto connection = std::make_shared<Connection>(site, shard, std::move(socket));
  co_await connection->run();
}

Task<void> accept_connections(Site& site, Acceptor& acceptor) {
  const Limits& limits = site.config.limits;
  const auto is_full = [&] { return site.live_connections.count() >= limits.connections; };
  Timer pause(acceptor.get_executor());
  for (std::size_t accepted = 0; acceptor.is_open();) {
    if (limits.connections_wait && is_full()) {
      pause.expires_after(place_pause);
      co_await pause.async_wait(use_task);
      continue;
    }
    Shard& shard = *site.shards[accepted % site.shards.size()];
    auto [error, socket] = co_await acceptor.async_accept(shard.loop, use_task);
    if (!error && is_full()) {
      site.shards.front()->log.count_refused_connection();
      socket.set_option(asio::socket_base::linger(true, 0), error);
      socket.close(error);  // its destructor would see to a close in good order
    } else if (!error) {
      ++accepted;
      asio::co_spawn(
          shard.loop,
          run_connection(site, shard, std::move(socket), LiveCount::Ticket(site.live_connections)),
          asio::detached);
    } else if (acceptor.is_open()) {
      pause.expires_after(accept_pause);
      co_await pause.async_wait(use_task);
    }
  }
}

/// Deadlines by looking around now and then, which costs requests nothing.
Task<void> enforce_limits(Shard& shard, Limits limits) {
  const Nanos shortest = std::min(limits.receive_time, limits.idle_time);
  const Nanos period = std::clamp<Nanos>(shortest / 4, milliseconds(5), milliseconds(500));
  Timer timer(shard.loop.get_executor());
  while (!shard.closing) {
    timer.expires_after(period);
    co_await timer.async_wait(use_task);
    for (Connection* connection : shard.connections) connection->enforce_limits(now());
  }
}

}  // namespace

class Server::Loops {
 public:
  explicit Loops(ServerConfig config) : site_(std::move(config)) {
    const auto delays = std::make_shared<const Delays>(site_.config.routes, site_.config.seed,
                                                       site_.config.time_scale);
    const auto freezes = std::make_shared<Freezes>(site_.config.freezes, site_.config.time_scale);
    for (std::size_t i = 0; i < site_.config.io_threads; ++i) {
      site_.shards.push_back(std::make_unique<Shard>(site_.tally, delays, freezes));
    }
    listen(acceptor_.emplace(site_.shards.front()->loop), endpoint_of(site_.config));
    asio::co_spawn(site_.shards.front()->loop, accept_connections(site_, *acceptor_),
                   asio::detached);
    for (auto& shard : site_.shards) {
      asio::co_spawn(shard->loop, enforce_limits(*shard, site_.config.limits), asio::detached);
      threads_.emplace_back([&loop = shard->loop] {
        prctl(PR_SET_TIMERSLACK, 1UL);
        loop.run();
      });
    }
  }

  ~Loops() {
    asio::post(site_.shards.front()->loop, [this] {
      error_code ignored;
      acceptor_->close(ignored);
    });
    for (auto& shard : site_.shards) {
      asio::post(shard->loop, [&shard = *shard] {
        shard.closing = true;
        for (Connection* connection : shard.connections) connection->close();
      });
    }
    // Connections of different threads may be in the middle of talking to each other.
    site_.live_connections.wait_until_none(closing_time);
    for (auto& shard : site_.shards) shard->loop.stop();
    for (std::thread& thread : threads_) thread.join();
  }

  tcp::endpoint endpoint() const { return acceptor_->local_endpoint(); }

 private:
  Site site_;
  std::optional<Acceptor> acceptor_;
  std::vector<std::thread> threads_;
};

Server::Server(ServerConfig config) : loops_(std::make_unique<Loops>(std::move(config))) {}

Server::~Server() = default;

std::uint16_t Server::port() const {
  return loops_->endpoint().port();
}

std::string Server::url() const {
  const auto endpoint = loops_->endpoint();
  const auto address = endpoint.address().to_string();
  return endpoint.address().is_v6() ? fmt::format("http://[{}]:{}", address, endpoint.port())
                                    : fmt::format("http://{}:{}", address, endpoint.port());
}

}  // namespace atonce::mock
