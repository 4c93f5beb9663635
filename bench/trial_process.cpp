#include "bench/trial_process.h"

#include <fmt/format.h>

#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>

#include "bench/child_answer.h"
#include "bench/machine.h"
#include "bench/trial.h"
#include "reports/result_json.h"

namespace atonce {
namespace {

using std::chrono::milliseconds;

/// What the child says before its answer: "progress DONE FAILED IN_FLIGHT".
std::optional<TrialProgress> parse_progress(const std::string& line) {
  TrialProgress progress;
  unsigned long long done = 0, failed = 0, in_flight = 0;
  if (std::sscanf(line.c_str(), "progress %llu %llu %llu", &done, &failed, &in_flight) != 3)
    return {};
  progress.calls_done = done;
  progress.calls_failed = failed;
  progress.in_flight = in_flight;
  return progress;
}

TrialResult crashed(const TrialKey& key, std::string why) {
  TrialResult result;
  result.key = key;
  result.status = TrialStatus::crashed;
  result.error = std::move(why);
  result.verdict = judge(result);
  return result;
}

/// Prints the counters of a run every now and then.
class Reporter {
 public:
  void watch(const Progress& progress) {
    thread_ = std::jthread([&progress](std::stop_token ended) {
      std::mutex mutex;
      std::condition_variable_any until_ended;
      std::unique_lock lock(mutex);
      while (!until_ended.wait_for(lock, ended, milliseconds(100),
                                   [&] { return ended.stop_requested(); })) {
        fmt::print("progress {} {} {}\n", progress.calls_done.load(std::memory_order_relaxed),
                   progress.calls_failed.load(std::memory_order_relaxed),
                   progress.in_flight.load(std::memory_order_relaxed));
        std::fflush(stdout);
      }
    });
  }

 private:
  std::jthread thread_;
};

TrialResult play_watched(const TrialSpec& spec, std::stop_token stop) {
  Reporter reporter;
  return play(spec, std::move(stop), [&](const Progress& progress) { reporter.watch(progress); });
}

}  // namespace

TrialResult play_in_child(const TrialSpec& spec, std::stop_token stop, Nanos limit,
                          const std::function<void(const TrialProgress&)>& on_progress,
                          const std::string& program) {
  const ChildAnswer answer = ask_child(program, {"trial"}, to_json(spec), std::move(stop), limit,
                                       [&](const std::string& line) {
                                         if (const auto progress = parse_progress(line))
                                           on_progress(*progress);
                                       });
  if (answer.error) return crashed(spec.key, *answer.error);
  return std::move(result_from_json(answer.text).trials.front());
}

int play_as_child() {
  return answer_as_child([](const std::string& question) {
    const TrialSpec spec = trial_spec_from_json(question);
    settle_in(spec.core);
    return [spec](std::stop_token stop) {
      ResultSet results;
      results.trials.push_back(play_watched(spec, std::move(stop)));
      return to_json(results);
    };
  });
}

}  // namespace atonce
