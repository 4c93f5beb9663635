#include "bench/trial_process.h"

#include <fmt/format.h>
#include <signal.h>

#include <condition_variable>
#include <cstdio>
#include <iostream>
#include <iterator>
#include <mutex>
#include <optional>

#include "bench/child_process.h"
#include "bench/machine.h"
#include "bench/stop_signals.h"
#include "bench/trial.h"
#include "reports/result_json.h"

namespace atonce {
namespace {

using std::chrono::milliseconds;

/// The child writes lines "progress DONE FAILED IN_FLIGHT", then one of these two, then its text.
constexpr std::string_view result_mark = "result";
constexpr std::string_view error_mark = "error";

/// For a child that was told to stop, to hand in what it has.
constexpr Nanos grace = std::chrono::seconds(10);

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

std::string describe_end(std::optional<int> exit_code) {
  if (!exit_code) return "the trial's process did not end";
  if (*exit_code > 128)
    return fmt::format("the trial's process died of signal {}", *exit_code - 128);
  return fmt::format("the trial's process ended with exit code {} and no result", *exit_code);
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
  ChildProcess child(program, {"trial"});
  child.send_input(to_json(spec));
  Instant give_up = now() + limit;
  bool stopping = false;
  std::string mark, text;
  for (;;) {
    if (!stopping && (stop.stop_requested() || now() >= give_up)) {
      stopping = true;
      give_up = now() + grace;
      child.signal(SIGINT);
    }
    if (stopping && now() >= give_up) break;
    std::string line;
    const auto read = child.read_line(line, now() + milliseconds(50));
    if (read == ChildProcess::Read::end) break;
    if (read == ChildProcess::Read::nothing_yet) continue;
    if (!mark.empty())
      text += line + "\n";
    else if (line == result_mark || line == error_mark)
      mark = line;
    else if (const auto progress = parse_progress(line))
      on_progress(*progress);
  }
  const auto exit_code = child.wait(now() + std::chrono::seconds(1));
  if (mark == error_mark) return crashed(spec.key, text.substr(0, text.find('\n')));
  if (mark != result_mark || exit_code != 0) return crashed(spec.key, describe_end(exit_code));
  return std::move(result_from_json(text).trials.front());
}

int play_as_child() {
  try {
    const std::string text(std::istreambuf_iterator<char>(std::cin), {});
    const TrialSpec spec = trial_spec_from_json(text);
    if (spec.core >= 0) pin_to_core(spec.core);
    sharpen_timers();
    raise_open_files();
    const StopSignals signals;
    ResultSet results;
    results.trials.push_back(play_watched(spec, signals.token()));
    fmt::print("{}\n{}", result_mark, to_json(results));
  } catch (const std::exception& error) {
    fmt::print("{}\n{}\n", error_mark, error.what());
  }
  std::fflush(stdout);
  return 0;
}

}  // namespace atonce
