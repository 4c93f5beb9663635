#pragma once
/// One HTTP/1.1 connection on an Asio event loop.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string_view>

#include "core/response_reader.h"
#include "runners/beast_response.h"
#include "runners/endpoint.h"

namespace atonce {

/// The loop's own executor type spares every operation a virtual call.
using LoopExecutor = boost::asio::io_context::executor_type;
template <class T>
using Task = boost::asio::awaitable<T, LoopExecutor>;
inline constexpr auto use_task =
    boost::asio::as_tuple(boost::asio::use_awaitable_t<LoopExecutor>());

class AsioConnection {
 public:
  explicit AsioConnection(boost::asio::io_context& loop) : socket_(loop) {}

  /// Tries the endpoint's addresses in order. Returns ok once connected.
  Task<Outcome> connect(const Endpoint& endpoint);

  /// Sends `request`, and lets `reader` have the whole response and the stamps. Returns the
  /// outcome; after an interrupt() some failure.
  Task<Outcome> exchange(std::string_view request, bool head_only, ResponseReader& reader);

  /// Makes the operation in progress fail at once. The connection is of no more use.
  void interrupt();

  /// Whether the last exchange left the connection fit for another one.
  bool reusable() const { return response_.reusable(); }
  /// Whether the peer still holds the connection open, as far as a look at the socket can tell.
  bool still_open();

 private:
  Task<boost::system::error_code> send(std::string_view request);
  Task<Outcome> receive();

  boost::asio::basic_stream_socket<boost::asio::ip::tcp, LoopExecutor> socket_;
  BeastResponse response_;
  bool interrupted_ = false;
};

}  // namespace atonce
