#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "bench/selfcheck/evidence.h"
#include "core/random.h"
#include "core/units.h"

namespace atonce::selfcheck {
namespace {

struct NamedStamp {
  std::string_view name;
  Instant Stamps::*at;
};

constexpr std::array in_order{NamedStamp{"due", &Stamps::due},
                              NamedStamp{"ready", &Stamps::ready},
                              NamedStamp{"unblocked", &Stamps::unblocked},
                              NamedStamp{"admitted", &Stamps::admitted},
                              NamedStamp{"connected", &Stamps::connected},
                              NamedStamp{"sent", &Stamps::sent},
                              NamedStamp{"first_byte", &Stamps::first_byte},
                              NamedStamp{"done", &Stamps::done}};

void say_if(const Tally& tally, Cause cause, const std::string& what,
            std::vector<Reason>& reasons) {
  if (tally.any()) reasons.push_back({cause, fmt::format("{} ({})", what, tally.text())});
}

void judge_order(std::span<const Meeting> met, std::vector<Reason>& reasons) {
  for (std::size_t i = 1; i < in_order.size(); ++i) {
    const auto& [first_name, first] = in_order[i - 1];
    const auto& [next_name, next] = in_order[i];
    Tally backwards;
    for (const Meeting& one : met) backwards.note(one.client->at.*first - one.client->at.*next);
    say_if(backwards, Cause::order, fmt::format("'{}' is before '{}'", next_name, first_name),
           reasons);
  }
}

void judge_completion(std::span<const Meeting> met, std::vector<Reason>& reasons) {
  Tally late;
  for (const Meeting& one : met) late.note(one.client->at.done - one.looked);
  say_if(late, Cause::completion, "'done' is later than the next look at the clock after it",
         reasons);
}

std::string shift_text(const Row& row) {
  const bool is_ahead = row.clock_low > Nanos{};
  const Nanos one = std::chrono::abs(row.clock_low), other = std::chrono::abs(row.clock_high);
  return fmt::format("the client's clock is {} to {} {} the server's",
                     format_duration(std::min(one, other)), format_duration(std::max(one, other)),
                     is_ahead ? "ahead of" : "behind");
}

/// The request cannot arrive before it was sent, nor the answer be seen before it was written. So a
/// clock of the client's that is `d` ahead of the server's needs low <= d <= high.
void judge_enclosure(std::span<const Meeting> met, Row& row) {
  Tally late, early;
  row.clock_low = Nanos::min();
  row.clock_high = Nanos::max();
  for (const auto& [client, server, intended, looked] : met) {
    const Nanos sent_after = client->at.sent - server->arrived;
    const Nanos seen_after = client->at.first_byte - server->first_write;
    late.note(sent_after);
    early.note(-seen_after);
    row.clock_low = std::max(row.clock_low, sent_after);
    row.clock_high = std::min(row.clock_high, seen_after);
  }
  if (!late.any() && !early.any()) return;
  if (row.clock_low <= row.clock_high) row.reasons.push_back({Cause::clock, shift_text(row)});
  say_if(late, Cause::causality, "'sent' is after the request's arrival", row.reasons);
  say_if(early, Cause::causality, "'first_byte' is before the answer was written", row.reasons);
}

}  // namespace

void judge_stamps(std::span<const Meeting> met, Row& row) {
  if (met.empty()) return;
  judge_enclosure(met, row);
  judge_order(met, row.reasons);
  judge_completion(met, row.reasons);
}

void judge_schedule(const Observation& seen, std::vector<Reason>& reasons) {
  const auto intended = [&](std::uint32_t session) {
    return session < seen.schedule.arrivals.size()
               ? seen.start + seen.schedule.arrivals[session].due
               : unset;
  };
  Tally due, ready;
  for (const Sample& sample : seen.samples)
    due.note(std::chrono::abs(sample.at.due - intended(sample.id.session)));
  for (const CallRecord& call : seen.calls)
    ready.note(std::chrono::abs(call.ready - intended(call.session)));
  say_if(due, Cause::schedule, "'due' is not what the schedule says", reasons);
  say_if(ready, Cause::response, "response time does not count from the intended time", reasons);
}

void judge_server(const Observation& seen, std::span<const Meeting> met,
                  std::vector<Reason>& reasons) {
  Tally drawn, early, backwards;
  for (const Meeting& one : met) {
    const mock::AttemptTruth& truth = *one.server;
    const double u = uniform01(seen.seed, truth.id.packed(), Stream::latency);
    drawn.note(std::chrono::abs(truth.planned - draw(seen.law, u)));
    early.note(truth.arrived + truth.planned - truth.first_write);
    backwards.note(truth.first_write - truth.last_write);
  }
  say_if(drawn, Cause::server, "the server's delay is not the one that the law gives", reasons);
  say_if(early, Cause::server, "the server answered before the delay was over", reasons);
  say_if(backwards, Cause::server, "the server's last write is before its first", reasons);
}

}  // namespace atonce::selfcheck
