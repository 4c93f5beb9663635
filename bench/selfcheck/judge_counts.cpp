#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "bench/selfcheck/evidence.h"

namespace atonce::selfcheck {
namespace {

class Counts {
 public:
  Counts(const Observation& seen, std::vector<Reason>& reasons) : seen_(seen), reasons_(reasons) {}

  void judge_calls() const {
    const std::uint64_t planned = seen_.schedule.call_count();
    const std::uint64_t ok = seen_.ledger.calls[index(Outcome::ok)];
    same(seen_.ledger.scheduled, planned, "the ledger has {} calls, the schedule {}");
    same(seen_.ledger.accounted(), planned, "{} calls ended, {} were scheduled");
    same(seen_.calls.size(), planned, "{} calls were recorded, {} were scheduled");
    same(ok, planned, "{} calls ended ok, {} were scheduled, and every one can be answered");
    const auto recorded_ok = std::ranges::count(seen_.calls, Outcome::ok, &CallRecord::outcome);
    same(static_cast<std::uint64_t>(recorded_ok), ok, "{} calls were recorded ok, {} ended ok");
  }

  void judge_attempts() const {
    std::unordered_set<std::uint64_t> ids;
    for (const Sample& sample : seen_.samples) ids.insert(sample.id.packed());
    none(seen_.samples.size() - ids.size(), "{} attempts were recorded more than once");
    const auto& truths = seen_.server.attempts;
    none(std::ranges::count_if(ids, [&](std::uint64_t id) { return !truths.contains(id); }),
         "{} attempts were recorded that the server never had");
    none(std::ranges::count_if(truths,
                               [&](const auto& truth) { return !ids.contains(truth.first); }),
         "{} attempts that the server had were not recorded");
    const auto is_planned = [&](std::uint64_t id) {
      const AttemptId unpacked = AttemptId::unpack(id);
      return unpacked.session < seen_.schedule.arrivals.size() && unpacked.call == 0 &&
             unpacked.attempt == 0;
    };
    none(static_cast<std::uint64_t>(ids.size()) -
             static_cast<std::uint64_t>(std::ranges::count_if(ids, is_planned)),
         "{} attempts were recorded that nobody planned");
  }

  void judge_server() const {
    const auto& summary = seen_.server.summary;
    same(summary.attempts, seen_.schedule.call_count(), "the server had {} attempts of {} calls");
    same(summary.completed, summary.attempts, "the server answered {} of {} attempts");
    same(seen_.server.attempts.size(), summary.attempts,
         "the server's log has {} different attempts, its counter {}");
  }

 private:
  void say(std::string text) const {
    reasons_.push_back({.cause = Cause::conservation, .text = std::move(text)});
  }
  void same(std::uint64_t is, std::uint64_t should_be, const char* text) const {
    if (is != should_be) say(fmt::format(fmt::runtime(text), is, should_be));
  }
  void none(std::uint64_t count, const char* text) const {
    if (count > 0) say(fmt::format(fmt::runtime(text), count));
  }

  const Observation& seen_;
  std::vector<Reason>& reasons_;
};

}  // namespace

void judge_counts(const Observation& seen, std::vector<Reason>& reasons) {
  const Counts counts(seen, reasons);
  counts.judge_calls();
  counts.judge_attempts();
  counts.judge_server();
}

}  // namespace atonce::selfcheck
