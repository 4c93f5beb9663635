#pragma once
/// Everything both sides say about one row, before it is judged.

#include <vector>

#include "bench/selfcheck/spec.h"
#include "bench/server_account.h"
#include "core/histogram.h"
#include "core/ledger.h"
#include "core/sample.h"

namespace atonce::selfcheck {

/// What reports would show.
struct Reported {
  Histogram response_time, service_time, send_lag;
};

struct Observation {
  Law law;
  std::uint64_t seed = 0;
  double alpha = 0;
  Schedule schedule;
  Instant start;         ///< of the run: dues count from here
  Instant ended;         ///< run() returned
  bool stopped = false;  ///< on request, or at the row's limit: there is only a part
  Ledger ledger;
  std::vector<Sample> samples;  ///< the client's, one for each attempt
  std::vector<Instant> looks;   ///< by sample: when it was known to be over, or later
  std::vector<CallRecord> calls;
  Reported reported;
  ServerAccount server;
};

}  // namespace atonce::selfcheck
