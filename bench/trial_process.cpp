#include "bench/trial_process.h"

#include <fmt/format.h>

#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <iterator>
#include <mutex>
#include <optional>
#include <sstream>
#include <thread>

#include "bench/child_answer.h"
#include "bench/machine.h"
#include "bench/trial.h"
#include "reports/result_json.h"

namespace atonce {
namespace {

using std::chrono::milliseconds;

/// Before its answer the child writes lines of this word and all numbers of a Progress.
constexpr std::string_view progress_mark = "progress";

std::string progress_line(const Progress& progress) {
  std::string line(progress_mark);
  for_each_number(progress, [&](const std::atomic<std::uint64_t>& number) {
    fmt::format_to(std::back_inserter(line), " {}", number.load(std::memory_order_relaxed));
  });
  return line + '\n';
}

std::optional<ProgressCounts> parse_progress(const std::string& line) {
  std::istringstream in(line);
  std::string mark;
  in >> mark;
  ProgressCounts counts;
  for_each_number(counts, [&](std::uint64_t& number) { in >> number; });
  if (!in || mark != progress_mark) return {};
  return counts;
}

TrialResult crashed(const TrialKey& key, std::string why) {
  TrialResult result;
  result.key = key;
  result.status = TrialStatus::crashed;
  result.error = std::move(why);
  result.verdict = judge(result);
  return result;
}

/// Prints the counters of a run every now and then, and once more at its end.
void report(const Progress& progress, const std::stop_token& ended) {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable_any waiting;
  for (bool last = false; !last;) {
    last = waiting.wait_for(lock, ended, milliseconds(100), [&] { return ended.stop_requested(); });
    fmt::print("{}", progress_line(progress));
    std::fflush(stdout);
  }
}

TrialResult play_watched(const TrialSpec& spec, std::stop_token stop) {
  return play(spec, std::move(stop), [&](const Progress& progress) {
    return std::jthread([&progress, core = spec.helper_core](std::stop_token ended) {
      if (core >= 0) pin_to_core(core);
      report(progress, ended);
    });
  });
}

}  // namespace

TrialResult play_in_child(const TrialSpec& spec, std::stop_token stop, Nanos limit,
                          const std::function<void(const ProgressCounts&)>& on_progress,
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
