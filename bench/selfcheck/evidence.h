#pragma once
/// The parts of judge().

#include <span>
#include <vector>

#include "bench/selfcheck/observation.h"
#include "bench/selfcheck/row.h"

namespace atonce::selfcheck {

/// One attempt by both accounts.
struct Meeting {
  const Sample* client = nullptr;
  const mock::AttemptTruth* server = nullptr;
  Instant intended;  ///< due, by the schedule
  Instant looked;    ///< known to be over
};
/// Those that ended ok and were answered in full, by both accounts.
std::vector<Meeting> meetings(const Observation& seen);

/// How many of some comparisons went wrong, and by how much.
class Tally {
 public:
  /// Wrong when `excess` is above 0.
  void note(Nanos excess);
  bool any() const { return wrong_ > 0; }
  /// "3 of 200, by up to 4.20 ms"
  std::string text() const;

 private:
  std::uint64_t wrong_ = 0, all_ = 0;
  Nanos worst_{};
};

/// scheduled = ended = recorded = seen by the server, each once.
void judge_counts(const Observation& seen, std::vector<Reason>& reasons);
/// Calls and samples against the schedule.
void judge_schedule(const Observation& seen, std::vector<Reason>& reasons);
/// Stamps against each other and against their witnesses. Fills in the clocks.
void judge_stamps(std::span<const Meeting> met, Row& row);
/// The server's account against itself and the law's draws.
void judge_server(const Observation& seen, std::span<const Meeting> met,
                  std::vector<Reason>& reasons);
/// What is reported against the samples, and both against the law. Fills in the figures.
void judge_figures(const Observation& seen, std::span<const Meeting> met, Row& row);

}  // namespace atonce::selfcheck
