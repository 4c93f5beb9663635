#include "bench/course.h"

#include <algorithm>
#include <utility>

#include "core/drift.h"

namespace atonce {
namespace {

constexpr std::size_t fewest_in_a_part = 5;

using TimedCall = std::pair<Instant, Nanos>;  // due, response time

std::vector<TimedCall> calls_in_order(const Recorder& recorder) {
  std::vector<TimedCall> calls;
  for (const CallRecord& call : recorder.calls()) {
    if (call.outcome != Outcome::ok || recorder.is_warm_up(call.session, call.due)) continue;
    if (const auto time = response_time(call)) calls.emplace_back(call.due, *time);
  }
  std::ranges::stable_sort(calls, {}, &TimedCall::first);
  return calls;
}

}  // namespace

std::vector<Nanos> course_of(const Recorder& recorder) {
  auto calls = calls_in_order(recorder);
  if (calls.size() < fewest_in_a_part * course_parts) return {};
  std::vector<Nanos> course;
  for (std::size_t part = 0; part < course_parts; ++part) {
    const auto at = [&](std::size_t i) {
      return calls.begin() + static_cast<std::ptrdiff_t>(i * calls.size() / course_parts);
    };
    const auto begin = at(part), end = at(part + 1), middle = begin + (end - begin) / 2;
    std::ranges::nth_element(begin, middle, end, {}, &TimedCall::second);
    course.push_back(middle->second);
  }
  return course;
}

}  // namespace atonce
