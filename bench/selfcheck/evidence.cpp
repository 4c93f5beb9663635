#include "bench/selfcheck/evidence.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/selfcheck/judge.h"
#include "core/units.h"

namespace atonce::selfcheck {

std::vector<Meeting> meetings(const Observation& seen) {
  std::vector<Meeting> met;
  for (std::size_t i = 0; i < seen.samples.size(); ++i) {
    const Sample& sample = seen.samples[i];
    const auto truth = seen.server.attempts.find(sample.id.packed());
    const bool is_known =
        truth != seen.server.attempts.end() && sample.id.session < seen.schedule.arrivals.size();
    if (!is_known || sample.outcome != Outcome::ok || truth->second.closed != unset) continue;
    met.push_back({.client = &sample,
                   .server = &truth->second,
                   .intended = seen.start + seen.schedule.arrivals[sample.id.session].due,
                   .looked = seen.looks[i]});
  }
  return met;
}

void Tally::note(Nanos excess) {
  ++all_;
  if (excess <= Nanos{}) return;
  ++wrong_;
  worst_ = std::max(worst_, excess);
}

std::string Tally::text() const {
  return fmt::format("{} of {}, by up to {}", wrong_, all_, format_duration(worst_));
}

/// The cause that explains the others comes first. Of a part nothing is known to be wrong: calls
/// that nobody got round to are not lost.
void judge(const Observation& seen, Row& row) {
  if (seen.stopped) {
    row.reasons.push_back({Cause::trial, "it was stopped before its end"});
    return;
  }
  const auto met = meetings(seen);
  judge_counts(seen, row.reasons);
  judge_stamps(met, row);
  judge_schedule(seen, row.reasons);
  judge_server(seen, met, row.reasons);
  if (!met.empty()) judge_figures(seen, met, row);
}

}  // namespace atonce::selfcheck
