#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <stdexcept>

#include "runners/curl_request.h"
#include "runners/loop_pulse.h"
#include "runners/offload.h"
#include "runners/readiness.h"
#include "runners/runner.h"
#include "runners/take_step.h"

namespace atonce {
namespace {

/// Handles made ready before the run; more are made when they are needed.
constexpr std::size_t most_prepared = 1000;

struct MultiDeleter {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};

/// An easy handle and the attempt it carries; one per slot.
struct Flight {
  Flight(const Endpoint& endpoint, bool keep_alive) : request(endpoint, keep_alive) {}

  CurlRequest request;
  ResponseReader reader;
  Step then;
};

/// One thread, one libcurl multi handle, driven by the sockets' readiness.
class CurlMulti : public Runner {
 public:
  explicit CurlMulti(const RunnerConfig& config)
      : endpoint_(resolve(config.target)),
        keep_alive_(config.keep_alive),
        spin_(config.spin),
        offload_(config.offload_threads, [this] { sockets_.wake(); }),
        multi_(curl_multi_init()) {
    if (!multi_) throw std::runtime_error("libcurl could not make a multi handle");
    const bool limited = config.connections != unlimited;
    const long most = limited ? static_cast<long>(config.connections) : 0;
    const long kept = limited ? most : static_cast<long>(config.most_parallel);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, most);
    curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS, kept);
    set_callbacks();
    make_flights(std::min(config.most_parallel, most_prepared));
  }

  void run(Dispatcher& work, std::stop_token stop) override {
    work_ = &work;
    stop_ = stop;
    const std::stop_callback on_stop(stop, [this] { sockets_.wake(); });
    start_due();
    pulse_.start(now());
    while (!work.finished()) {
      // From `spin` before the next attempt on, every wait is over at once: the loop turns.
      const Instant wake = std::min({before(work.next_wake(), spin_), curl_timer_, pulse_.due()});
      const auto ready = sockets_.wait(wake);
      pulse_.beat(work, now());
      for (const ReadySocket& socket : ready) act(socket);
      if (stop.stop_requested()) {
        work.stop(now());
        offload_.drop_waiting();
      }
      for (const Offload::Done& done : offload_.take_done()) finish_step(done);
      if (now() >= curl_timer_) act_on_timer();
      start_due();
    }
    pulse_.beat(work, now());  // what held the loop up to the end counts too
  }

 private:
  void set_callbacks() {
    CURLM* const multi = multi_.get();
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(
        multi, CURLMOPT_SOCKETFUNCTION,
        +[](CURL*, curl_socket_t socket, int what, void* self, void*) -> int {
          const bool read = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
          const bool write = what == CURL_POLL_OUT || what == CURL_POLL_INOUT;
          static_cast<CurlMulti*>(self)->sockets_.watch(socket, read, write);
          return 0;
        });
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(
        multi, CURLMOPT_TIMERFUNCTION, +[](CURLM*, long milliseconds, void* self) -> int {
          const auto span = std::chrono::milliseconds(milliseconds);
          static_cast<CurlMulti*>(self)->curl_timer_ = milliseconds < 0 ? never : now() + span;
          return 0;
        });
  }

  void start_due() {
    abort_named();
    while (const auto attempt = work_->try_next(now())) start(*attempt);
    // New handles ask for their first move by a timer of 0 ms.
    if (now() >= curl_timer_) act_on_timer();
    abort_named();
  }

  void abort_named() {
    for (const std::uint32_t slot : work_->take_aborts()) abort(flights_[slot]);
  }

  void start(const Attempt& attempt) {
    make_flights(attempt.slot + 1);
    Flight& flight = flights_[attempt.slot];
    flight.then = attempt.request->then;
    flight.reader.begin(attempt);
    flight.request.begin(attempt, flight.reader);
    curl_multi_add_handle(multi_.get(), flight.request.handle());
  }

  void make_flights(std::size_t count) {
    while (flights_.size() < count) {
      Flight& added = flights_.emplace_back(endpoint_, keep_alive_);
      CURL* const curl = added.request.handle();
      curl_easy_setopt(curl, CURLOPT_PRIVATE, &added);
      curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, this);
      curl_easy_setopt(
          curl, CURLOPT_CLOSESOCKETFUNCTION, +[](void* self, curl_socket_t socket) -> int {
            static_cast<CurlMulti*>(self)->sockets_.forget(socket);
            return close(socket);
          });
    }
  }

  /// A response whose step is under way has come; it is not taken back.
  void abort(Flight& flight) {
    if (!flight.request.in_progress()) return;
    flight.request.finish(Outcome::cancelled);
    leave(flight);
  }

  void leave(Flight& flight) {
    curl_multi_remove_handle(multi_.get(), flight.request.handle());
    Sample& sample = flight.reader.sample();
    const bool wanted = wants_step(flight.then, sample) && !stop_.stop_requested();
    if (wanted && flight.then.place == Step::Place::offload)
      return offload_.submit(sample.slot, flight.then);
    if (wanted) take_step(flight.then, sample);
    work_->complete(sample);
  }

  void finish_step(const Offload::Done& done) {
    Sample& sample = flights_[done.slot].reader.sample();
    sample.at.processed = done.at;
    work_->complete(sample);
  }

  void act(const ReadySocket& socket) {
    const int events = (socket.readable ? CURL_CSELECT_IN : 0) |
                       (socket.writable ? CURL_CSELECT_OUT : 0) |
                       (socket.failed ? CURL_CSELECT_ERR : 0);
    int running = 0;
    curl_multi_socket_action(multi_.get(), socket.fd, events, &running);
    finish_done();
  }

  void act_on_timer() {
    curl_timer_ = never;
    int running = 0;
    curl_multi_socket_action(multi_.get(), CURL_SOCKET_TIMEOUT, 0, &running);
    finish_done();
  }

  void finish_done() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
      const CURLcode code = message->data.result;
      void* flight = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &flight);
      static_cast<Flight*>(flight)->request.finish(code);
      leave(*static_cast<Flight*>(flight));
    }
  }

  const Endpoint endpoint_;
  const bool keep_alive_;
  const Nanos spin_;
  Readiness sockets_;
  Instant curl_timer_ = never;
  LoopPulse pulse_;
  std::deque<Flight> flights_;  // by slot; the multi handle goes first
  Offload offload_;
  std::unique_ptr<CURLM, MultiDeleter> multi_;
  Dispatcher* work_ = nullptr;
  std::stop_token stop_;  // of the run
};

}  // namespace

extern const RunnerEntry curl_multi_runner;
const RunnerEntry curl_multi_runner{
    .name = "curl_multi",
    .summary = "one thread, libcurl's multi handle on an epoll event loop",
    .model = Model::event_loop,
    .transports = {},
    .threads = [](const RunnerConfig&) -> std::size_t { return 1; },
    .make = [](const RunnerConfig& config) -> std::unique_ptr<Runner> {
      return std::make_unique<CurlMulti>(config);
    }};

}  // namespace atonce
