#pragma once
/// Plays a schedule with one contender and returns what was recorded.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/recorder.h"
#include "runners/runner.h"

namespace atonce {

/// A runner with one of its transports.
struct Contender {
  const RunnerEntry* entry = nullptr;
  std::string transport;

  /// Most calls in flight that this contender can reach under `cap`.
  std::size_t reach(std::size_t cap) const { return entry->model == Model::serial ? 1 : cap; }
};

/// "thread_pool_curl_easy": a legal name of a test.
std::string name(const Contender& contender);
void PrintTo(const Contender& contender, std::ostream* out);

/// Every registered runner that sends something and can in this build, with each of its transports.
std::vector<Contender> contenders();

struct Match {
  std::string url;
  Schedule schedule;
  Policy policy;
  std::size_t connections = unlimited;
  bool keep_alive = true;
  Nanos spin{};
  /// Runs on a thread of its own next to the run; it may request the stop.
  std::function<void(std::stop_source&)> meanwhile = {};
};

struct Played {
  Recorder recorder{100'000};
  Ledger ledger;
  Instant begun, ended;  ///< of run()
  bool finished = false;
  std::size_t left_in_flight = 0;

  std::uint64_t calls(Outcome outcome) const { return ledger.calls[index(outcome)]; }
  std::uint64_t attempts(Outcome outcome) const {
    return recorder.attempt_outcomes()[index(outcome)];
  }
  Nanos took() const { return ended - begun; }
};

/// Constructs, runs and destroys the runner on a fresh thread. After 30 seconds the test fails and
/// the run is stopped; when even that does not help, the program is aborted.
std::unique_ptr<Played> play(const Contender& contender, const Match& match);

Request get(const std::string& target);
/// `count` sessions of one GET each, all due at once.
Schedule batch(const std::string& target, std::uint64_t count);
/// Sessions in which every stage has one call per target and follows the stage before it.
Schedule stages(const std::vector<std::vector<std::string>>& targets, std::uint64_t sessions);

}  // namespace atonce
