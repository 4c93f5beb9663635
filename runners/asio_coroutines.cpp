#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <deque>
#include <functional>
#include <optional>

#include "runners/asio_pool.h"
#include "runners/deadlines.h"
#include "runners/loop_pulse.h"
#include "runners/offload.h"
#include "runners/request_text.h"
#include "runners/runner.h"
#include "runners/take_step.h"

namespace atonce {
namespace {

namespace asio = boost::asio;

/// An attempt in flight, as far as it can be interrupted.
struct Flight {
  explicit Flight(asio::io_context& loop) : turn(loop) {}

  void begin(const Attempt& the_attempt) {
    attempt = the_attempt;
    reader.begin(attempt);
    connected = false;
    ended_as.reset();
  }
  void interrupt(Outcome outcome) {
    if (ended_as) return;
    ended_as = outcome;
    if (connection) connection->interrupt();
    turn.cancel();
  }

  Attempt attempt;
  ResponseReader reader;
  AsioConnection* connection = nullptr;  // while it works on one
  bool connected = false;
  LoopTimer turn;                   // while it waits for a connection, or for its step
  std::optional<Outcome> ended_as;  // set by whoever interrupted it
};

/// One thread, one event loop, one coroutine per call in flight.
class AsioCoroutines : public Runner {
 public:
  explicit AsioCoroutines(const RunnerConfig& config)
      : endpoint_(resolve(config.target)),
        texts_(config.target, config.keep_alive),
        pool_(loop_, config.connections, config.keep_alive),
        spin_(config.spin),
        offload_(config.offload_threads,
                 [this] { asio::post(loop_, [this] { resume_offloaded(); }); }) {}

  void run(Dispatcher& work, std::stop_token stop) override {
    work_ = &work;
    stop_ = std::move(stop);
    {
      const std::stop_callback on_stop(stop_,
                                       [this] { asio::post(loop_, [this] { stop_now(); }); });
      loop_.restart();
      pulse_.start(now());
      pulse_alarm_.set(pulse_.due());
      start_due();
      loop_.run();
    }
    loop_.restart();
    loop_.poll();  // a stop that was posted as the run ended
  }

 private:
  /// Carries one attempt after the other as long as there is one to take at once.
  Task<void> carry(Attempt attempt) {
    for (std::optional<Attempt> next = attempt; next;) {
      Flight& flight = flights_[next->slot];
      const Outcome outcome = co_await play(flight);
      flight.reader.end(outcome);
      deadlines_.clear(next->slot);
      const bool wanted = wants_step(next->request->then, flight.reader.sample());
      const bool stopped = stop_.stop_requested();
      if (wanted && !stopped) co_await step(flight);
      work_->complete(flight.reader.sample());
      next = take_next();
      start_due();
    }
  }

  Task<Outcome> play(Flight& flight) {
    Sample& sample = flight.reader.sample();
    auto connection = pool_.take(sample.reused_connection);
    if (!connection && !flight.ended_as)
      connection = co_await pool_.take_in_turn(flight.turn, sample.reused_connection);

    Outcome outcome = Outcome::cancelled;
    if (connection) {
      flight.connection = connection.get();
      if (!flight.ended_as) outcome = co_await play_on(*connection, flight);
      flight.connection = nullptr;
      pool_.give_back(std::move(connection));
    }
    co_return flight.ended_as&& outcome != Outcome::ok ? *flight.ended_as : outcome;
  }

  Task<Outcome> play_on(AsioConnection& connection, Flight& flight) {
    if (!flight.reader.sample().reused_connection) {
      const Outcome connecting = co_await connection.connect(endpoint_);
      if (connecting != Outcome::ok) co_return connecting;
    }
    flight.connected = true;
    const Request& request = *flight.attempt.request;
    co_return co_await connection.exchange(texts_.of(request, flight.attempt.id),
                                           request.method == "HEAD", flight.reader);
  }

  /// A response has come: its step is not interrupted any more.
  Task<void> step(Flight& flight) {
    const Step& then = flight.attempt.request->then;
    if (then.place == Step::Place::in_place) {
      take_step(then, flight.reader.sample());
      co_return;
    }
    flight.ended_as = Outcome::ok;
    flight.turn.expires_at(never);
    offload_.submit(flight.attempt.slot, then);
    co_await flight.turn.async_wait(use_task);
  }

  void resume_offloaded() {
    for (const Offload::Done& done : offload_.take_done()) {
      flights_[done.slot].reader.sample().at.processed = done.at;
      flights_[done.slot].turn.cancel();
    }
  }

  /// A flight begins at hand-out, not at its coroutine's first turn: an abort may come in between.
  std::optional<Attempt> take_next() {
    auto attempt = work_->try_next(now());
    if (!attempt) return {};
    while (flights_.size() <= attempt->slot) flights_.emplace_back(loop_);
    flights_[attempt->slot].begin(*attempt);
    deadlines_.set(attempt->slot, attempt->give_up_at);
    give_up_alarm_.set(deadlines_.next_look());
    return attempt;
  }

  void start_due() {
    while (const auto attempt = take_next()) asio::co_spawn(loop_, carry(*attempt), asio::detached);
    interrupt_named();
    wait_for_next();
    if (!work_->finished()) return;
    pulse_.beat(*work_, now());  // what held the loop up to the end counts too
    give_up_alarm_.set(never);
    pulse_alarm_.set(never);
  }

  /// From `spin` before the next attempt on the loop never sleeps: it always has a handler to run.
  void wait_for_next() {
    const Instant wake = before(work_->next_wake(), spin_);
    const bool spin = spin_ > Nanos{} && wake <= now();
    arrival_alarm_.set(spin ? never : wake);
    if (!spin || look_posted_) return;
    look_posted_ = true;
    asio::post(loop_, [this] {
      look_posted_ = false;
      start_due();
    });
  }

  /// The alarm may have rung already when the run ended.
  void beat() {
    pulse_.beat(*work_, now());
    if (!work_->finished()) pulse_alarm_.set(pulse_.due());
  }

  void interrupt_named() {
    for (const std::uint32_t slot : work_->take_aborts())
      flights_[slot].interrupt(Outcome::cancelled);
  }

  void give_up_expired() {
    for (const std::uint32_t slot : deadlines_.take_expired(now())) {
      Flight& flight = flights_[slot];
      flight.interrupt(flight.attempt.give_up_outcome(flight.connected));
    }
    give_up_alarm_.set(deadlines_.next_look());
  }

  void stop_now() {
    work_->stop(now());
    offload_.drop_waiting();
    resume_offloaded();
    start_due();
  }

  asio::io_context loop_{1};
  const Endpoint endpoint_;
  RequestTexts texts_;
  AsioPool pool_;
  std::deque<Flight> flights_;  // by slot; never shrinks
  Deadlines deadlines_;
  const Nanos spin_;
  bool look_posted_ = false;
  Alarm arrival_alarm_{loop_, [this] { start_due(); }};
  Alarm give_up_alarm_{loop_, [this] { give_up_expired(); }};
  LoopPulse pulse_;
  Alarm pulse_alarm_{loop_, [this] { beat(); }};
  Offload offload_;
  Dispatcher* work_ = nullptr;
  std::stop_token stop_;  // of the run
};

}  // namespace

extern const RunnerEntry asio_coroutines_runner;
const RunnerEntry asio_coroutines_runner{
    .name = "asio_coroutines",
    .summary = "one thread, Boost.Asio event loop, one C++20 coroutine per call in flight",
    .model = Model::coroutines,
    .transports = {},
    .threads = [](const RunnerConfig&) -> std::size_t { return 1; },
    .make = [](const RunnerConfig& config) -> std::unique_ptr<Runner> {
      return std::make_unique<AsioCoroutines>(config);
    }};

}  // namespace atonce
