#include "bench/metrics_server.h"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <utility>

#include "bench/machine.h"

namespace atonce {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

constexpr auto use_task = asio::as_tuple(asio::use_awaitable);
constexpr auto patience = std::chrono::seconds(5);
constexpr std::uint32_t most_head_bytes = 8192;
constexpr std::size_t most_clients = 16;

/// One of the clients at hand.
class Ticket {
 public:
  explicit Ticket(std::size_t& count) : count_(&count) { ++count; }
  Ticket(Ticket&& other) noexcept : count_(std::exchange(other.count_, nullptr)) {}
  Ticket& operator=(Ticket&&) = delete;
  ~Ticket() {
    if (count_) --*count_;
  }

 private:
  std::size_t* count_;
};

http::response<http::string_body> answer_to(const http::request<http::empty_body>& request,
                                            const std::function<std::string()>& page) {
  http::response<http::string_body> response(http::status::ok, 11);
  const bool read = request.method() == http::verb::get || request.method() == http::verb::head;
  if (!read) {
    response.result(http::status::method_not_allowed);
    response.set(http::field::allow, "GET, HEAD");
  } else if (request.target().substr(0, request.target().find('?')) != "/metrics") {
    response.result(http::status::not_found);
    response.body() = "the page is /metrics\n";
  } else {
    response.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
    response.body() = page();
  }
  response.keep_alive(false);
  response.prepare_payload();
  if (request.method() == http::verb::head) response.body().clear();
  return response;
}

asio::awaitable<void> serve(tcp::socket socket, const std::function<std::string()>& page, Ticket) {
  beast::tcp_stream stream(std::move(socket));
  beast::flat_buffer buffer(most_head_bytes);
  http::request_parser<http::empty_body> parser;
  parser.header_limit(most_head_bytes);
  stream.expires_after(patience);
  const auto [error, size] = co_await http::async_read_header(stream, buffer, parser, use_task);
  if (error) co_return;
  auto response = answer_to(parser.get(), page);
  stream.expires_after(patience);
  co_await http::async_write(stream, response, use_task);
  beast::error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_both, ignored);
}

}  // namespace

struct MetricsServer::Site {
  explicit Site(std::function<std::string()> the_page) : page(std::move(the_page)) {}

  void listen(std::uint16_t wanted);
  asio::awaitable<void> accept();

  const std::function<std::string()> page;
  std::size_t clients = 0;
  std::uint16_t port = 0;
  asio::io_context loop{1};
  tcp::acceptor acceptor{loop};
  std::thread thread;
};

void MetricsServer::Site::listen(std::uint16_t wanted) {
  const tcp::endpoint endpoint(asio::ip::address_v4::loopback(), wanted);
  beast::error_code error;
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(most_clients, error);
  if (error)
    throw std::invalid_argument(
        fmt::format("--metrics-port: cannot listen on 127.0.0.1:{}: {}", wanted, error.message()));
  port = acceptor.local_endpoint().port();
}

asio::awaitable<void> MetricsServer::Site::accept() {
  asio::steady_timer pause(loop);
  for (;;) {
    auto [error, socket] = co_await acceptor.async_accept(use_task);
    if (error) {  // out of descriptors, most likely
      pause.expires_after(std::chrono::milliseconds(100));
      co_await pause.async_wait(use_task);
    } else if (clients < most_clients) {
      asio::co_spawn(loop, serve(std::move(socket), page, Ticket(clients)), asio::detached);
    }
  }
}

MetricsServer::MetricsServer(std::uint16_t port, int core, std::function<std::string()> page)
    : site_(std::make_unique<Site>(std::move(page))) {
  site_->listen(port);
  asio::co_spawn(site_->loop, site_->accept(), asio::detached);
  site_->thread = std::thread([site = site_.get(), core] {
    if (core >= 0) pin_to_core(core);
    site->loop.run();
  });
}

MetricsServer::~MetricsServer() {
  site_->loop.stop();
  site_->thread.join();
}

std::uint16_t MetricsServer::port() const {
  return site_->port;
}

}  // namespace atonce
