#include <algorithm>
#include <deque>
#include <system_error>

#include "runners/blocking/carriers.h"
#include "runners/deadlines.h"
#include "runners/processes/worker_process.h"
#include "runners/readiness.h"

namespace atonce {
namespace {

/// Each needs two descriptors here, two threads and a client of its own.
constexpr std::size_t most_processes = 500;

/// For all workers to be ready for the run.
constexpr Nanos start_limit = std::chrono::seconds(30);

/// For a worker to end an attempt that it should have ended; it is killed after that.
constexpr Nanos patience = std::chrono::seconds(5);

/// How many calls can be in flight; more than there are connections wait for one.
std::size_t calls_at_once(const RunnerConfig& config) {
  return std::min(carrier_count(config), most_processes);
}

/// Worker processes with a blocking client each, fed by one event loop.
class ProcessPool final : public Runner {
 public:
  explicit ProcessPool(const RunnerConfig& config)
      : setup_{config.transport, resolve(config.target), config.keep_alive},
        calls_at_once_(calls_at_once(config)),
        spin_(config.spin),
        carriers_(std::clamp<std::size_t>(config.connections, 1, calls_at_once_)) {
    // Once here: its errors are told as they are, and what its library initialises is shared.
    make_blocking_client(setup_.transport, setup_.endpoint, setup_.keep_alive);
    for (Carrier& carrier : carriers_) {
      give_process(carrier);
      idle_.push_back(&carrier);
    }
    const Instant limit = now() + start_limit;
    for (Carrier& carrier : carriers_) carrier.process->wait_until_ready(limit);
  }

  ~ProcessPool() override {
    for (Carrier& carrier : carriers_)
      if (carrier.process) carrier.process->kill();  // all before the first is waited for
  }

  void run(Dispatcher& work, std::stop_token stop) override {
    work_ = &work;
    const std::stop_callback on_stop(stop, [this] { sockets_.wake(); });
    start_due();
    while (!work.finished()) {
      for (const ReadySocket& socket : sockets_.wait(next_look())) act(socket);
      for (const std::uint32_t slot : deadlines_.take_expired(now())) give_up(slot);
      if (stop.stop_requested()) work.stop(now());
      start_due();
    }
  }

  std::vector<int> processes() const override {
    std::vector<int> ids;
    for (const Carrier& carrier : carriers_)
      if (carrier.process) ids.push_back(carrier.process->id());
    return ids;
  }

 private:
  struct Carrier {
    std::optional<WorkerProcess> process;  // none once it died, until it is needed again
    std::optional<std::uint32_t> slot;     // of the attempt that it carries
  };
  struct Flight {
    Attempt attempt;
    Carrier* carrier = nullptr;  // none while it waits for one
  };

  void give_process(Carrier& carrier) {
    const int fd = carrier.process.emplace(setup_).frames().fd();
    by_fd_[fd] = &carrier;
    sockets_.watch(fd, true, false);
  }

  bool may_take() const { return work_->in_flight() < calls_at_once_; }
  /// From `spin` before the next attempt on, every wait is over at once: the loop turns.
  Instant next_look() const {
    const Instant wake = may_take() ? before(work_->next_wake(), spin_) : never;
    return std::min(deadlines_.next_look(), wake);
  }

  void start_due() {
    while (may_take()) {
      const auto attempt = work_->try_next(now());
      if (!attempt) break;
      if (flights_.size() <= attempt->slot) flights_.resize(attempt->slot + 1);
      flights_[attempt->slot] = {.attempt = *attempt};
      deadlines_.set(attempt->slot, attempt->give_up_at);
      waiting_.push_back(attempt->slot);
    }
    for (const std::uint32_t slot : work_->take_aborts()) abort(slot);
    while (!waiting_.empty() && !idle_.empty()) start_first();
    for (const std::uint32_t slot : work_->take_aborts())
      abort(slot);  // a worker could not be made
  }

  void start_first() {
    const std::uint32_t slot = waiting_.front();
    waiting_.pop_front();
    Carrier& carrier = *idle_.back();
    try {
      if (!carrier.process) give_process(carrier);
    } catch (const std::system_error&) {
      carrier.process.reset();
      return end(slot, Outcome::worker_lost);
    }
    idle_.pop_back();
    carrier.slot = slot;
    flights_[slot].carrier = &carrier;
    const Attempt& attempt = flights_[slot].attempt;
    deadlines_.set(slot, overdue_after(attempt.give_up_at, *attempt.request));
    carrier.process->start(attempt);
    watch(*carrier.process);
  }

  /// After the attempt's limit come its step, which may share a core with those of all other
  /// workers, and some patience.
  Instant overdue_after(Instant limit, const Request& request) const {
    const bool shared = request.then.kind == Step::Kind::cpu;
    const auto sharers = static_cast<std::int64_t>(shared ? carriers_.size() : 1);
    return after(after(limit, patience), sharers * request.then.span);
  }

  void watch(WorkerProcess& process) {
    sockets_.watch(process.frames().fd(), true, !process.frames().flushed());
  }

  void act(const ReadySocket& socket) {
    Carrier& carrier = *by_fd_.at(socket.fd);
    FrameSocket& frames = carrier.process->frames();
    if (socket.writable && frames.flush()) watch(*carrier.process);
    const bool alive = frames.fill();
    while (auto frame = frames.take())
      if (frame->message == Message::sample) finish(carrier, frame->content);
    if (!alive) bury(carrier);
  }

  void finish(Carrier& carrier, std::string_view content) {
    auto sample = take_value<Sample>(content);
    arrivals_.resize(content.size() / sizeof(Instant));
    for (Instant& arrival : arrivals_) arrival = take_value<Instant>(content);
    sample.token_arrivals = arrivals_;
    carrier.slot.reset();
    idle_.push_back(&carrier);
    complete(sample);
  }

  void bury(Carrier& carrier) {
    const int fd = carrier.process->frames().fd();
    sockets_.remove(fd);  // a worker that was just forked has not closed its copy yet
    by_fd_.erase(fd);
    carrier.process.reset();
    if (!carrier.slot) return;
    idle_.push_back(&carrier);
    end(*std::exchange(carrier.slot, std::nullopt), Outcome::worker_lost);
  }

  void give_up(std::uint32_t slot) {
    const Flight& flight = flights_[slot];
    if (flight.carrier) return flight.carrier->process->kill();
    std::erase(waiting_, slot);
    end(slot, flight.attempt.give_up_outcome(false));
  }

  void abort(std::uint32_t slot) {
    const Flight& flight = flights_[slot];
    if (flight.carrier) {
      deadlines_.set(slot, overdue_after(now(), *flight.attempt.request));
      return flight.carrier->process->abort(flight.attempt.id);
    }
    std::erase(waiting_, slot);
    end(slot, Outcome::cancelled);
  }

  void end(std::uint32_t slot, Outcome outcome) {
    Sample sample = flights_[slot].attempt.begin_sample();
    sample.outcome = outcome;
    sample.at.done = now();
    complete(sample);
  }

  void complete(const Sample& sample) {
    deadlines_.clear(sample.slot);
    work_->complete(sample);
  }

  const WorkerSetup setup_;
  const std::size_t calls_at_once_;
  const Nanos spin_;
  Readiness sockets_;
  std::vector<Carrier> carriers_;
  std::unordered_map<int, Carrier*> by_fd_;
  std::vector<Carrier*> idle_;
  std::vector<Flight> flights_;        // by slot
  std::deque<std::uint32_t> waiting_;  // slots
  Deadlines deadlines_;
  std::vector<Instant> arrivals_;  // of the sample that is being completed
  Dispatcher* work_ = nullptr;
};

}  // namespace

extern const RunnerEntry process_pool_runner;
const RunnerEntry process_pool_runner{
    .name = "process_pool",
    .summary = "a forked process for every call that may be in flight, fed over a socket",
    .model = Model::processes,
    .transports = blocking_transports(),
    .threads = calls_at_once,
    .make = [](const RunnerConfig& config) -> std::unique_ptr<Runner> {
      return std::make_unique<ProcessPool>(config);
    }};

}  // namespace atonce
