#pragma once
/// The event loop's vocabulary. Include it in as few files as possible: Asio compiles slowly.

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "core/clock.h"

namespace atonce::mock {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

/// The loop's own executor type spares every operation a virtual call.
using LoopExecutor = asio::io_context::executor_type;
template <typename T>
using Task = asio::awaitable<T, LoopExecutor>;
/// Operations return their error beside their result.
inline constexpr auto use_task = asio::as_tuple(asio::use_awaitable_t<LoopExecutor>{});

using Socket = asio::basic_stream_socket<tcp, LoopExecutor>;
using Acceptor = asio::basic_socket_acceptor<tcp, LoopExecutor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, LoopExecutor>;

}  // namespace atonce::mock
