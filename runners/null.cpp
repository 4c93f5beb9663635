#include <algorithm>
#include <thread>

#include "runners/runner.h"

namespace atonce {
namespace {

/// Sends nothing: completes every attempt at once. What remains is the cost of the harness itself.
class NullRunner : public Runner {
 public:
  void run(Dispatcher& work, std::stop_token stop) override {
    while (!work.finished()) {
      if (stop.stop_requested()) work.stop(now());
      while (const auto attempt = work.try_next(now())) complete_at_once(work, *attempt);
      wait_for_due(work, stop);
    }
  }

 private:
  static void complete_at_once(Dispatcher& work, const Attempt& attempt) {
    Sample sample = attempt.begin_sample();
    sample.outcome = Outcome::ok;
    sample.status = 200;
    sample.at.connected = sample.at.sent = sample.at.first_byte = sample.at.done = now();
    work.complete(sample);
  }

  /// Sleeps until the next arrival, in steps short enough to notice a stop.
  static void wait_for_due(const Dispatcher& work, const std::stop_token& stop) {
    constexpr Nanos step = std::chrono::milliseconds(10);
    while (!work.finished() && !stop.stop_requested() && now() < work.next_wake())
      std::this_thread::sleep_until(std::min(work.next_wake(), now() + step));
  }
};

}  // namespace

extern const RunnerEntry null_runner;
const RunnerEntry null_runner{
    .name = "null",
    .summary = "sends nothing: the floor under every figure, the harness's own cost",
    .model = Model::none,
    .transports = {},
    .threads = [](const RunnerConfig&) -> std::size_t { return 1; },
    .make = [](const RunnerConfig&) -> std::unique_ptr<Runner> {
      return std::make_unique<NullRunner>();
    }};

}  // namespace atonce
