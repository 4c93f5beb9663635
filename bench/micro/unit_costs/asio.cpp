#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

#include "bench/micro/unit_costs/unit_kind.h"

namespace atonce {
namespace {

namespace asio = boost::asio;

/// An event loop of one thread that never runs out of work.
struct Loop {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work = asio::make_work_guard(io);
};

asio::awaitable<void> end_at_once() {
  co_return;
}

void create_join_coroutine(benchmark::State& state) {
  Loop loop;
  for (auto _ : state) {
    bool ended = false;
    asio::co_spawn(loop.io, end_at_once(), [&ended](std::exception_ptr) { ended = true; });
    while (!ended) loop.io.run_one();
  }
  count_items(state, 1);
}

asio::awaitable<void> go_to_the_back() {
  for (;;) co_await asio::post(asio::use_awaitable);
}

/// The loop's queue is first in, first out: two of them take turns.
void change_coroutine(benchmark::State& state) {
  Loop loop;
  for (int player = 0; player < 2; ++player)
    asio::co_spawn(loop.io, go_to_the_back(), asio::detached);
  for (auto _ : state)
    for (std::int64_t turn = 0; turn < turns_per_iteration; ++turn) loop.io.run_one();
  count_items(state, turns_per_iteration);
}

void create_join_callback(benchmark::State& state) {
  Loop loop;
  for (auto _ : state) {
    bool ended = false;
    asio::post(loop.io, [&ended] { ended = true; });
    while (!ended) loop.io.run_one();
  }
  count_items(state, 1);
}

/// A callback has no second half to come back to: its turn ends with the posting of the other.
struct Player {
  asio::io_context& io;
  Player* other = nullptr;
  void take_turn() {
    asio::post(io, [this] { other->take_turn(); });
  }
};

void change_callback(benchmark::State& state) {
  Loop loop;
  Player first{loop.io}, second{loop.io, &first};
  first.other = &second;
  first.take_turn();
  for (auto _ : state)
    for (std::int64_t turn = 0; turn < turns_per_iteration; ++turn) loop.io.run_one();
  count_items(state, turns_per_iteration);
}

asio::awaitable<void> wait_for(asio::steady_timer& timer) {
  co_await timer.async_wait(asio::use_awaitable);
}

/// All wait for one timer that never strikes: it is the waiting that is weighed, not the timers.
template <class Start>
void hold(std::size_t units, const std::function<void()>& reading, Start start) {
  asio::io_context io{1};
  asio::steady_timer timer(io, asio::steady_timer::time_point::max());
  for (std::size_t i = 0; i <= units; ++i) {
    start(io, timer);
    io.poll();
    if (i == 0) reading();
  }
  reading();
}

void hold_coroutines(std::size_t units, const std::function<void()>& reading) {
  hold(units, reading, [](asio::io_context& io, asio::steady_timer& timer) {
    asio::co_spawn(io, wait_for(timer), asio::detached);
  });
}

void hold_callbacks(std::size_t units, const std::function<void()>& reading) {
  hold(units, reading, [](asio::io_context&, asio::steady_timer& timer) {
    timer.async_wait([](const boost::system::error_code&) {});
  });
}

}  // namespace

const UnitKind asio_coroutine_kind{.name = "asio_coroutine",
                                   .create_join = create_join_coroutine,
                                   .change = change_coroutine,
                                   .hold = hold_coroutines,
                                   .counts = {1, 100, 10'000, 100'000}};

const UnitKind callback_kind{.name = "callback",
                             .create_join = create_join_callback,
                             .change = change_callback,
                             .hold = hold_callbacks,
                             .counts = {1, 100, 10'000, 100'000}};

}  // namespace atonce
