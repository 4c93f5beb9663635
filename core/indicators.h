#pragma once
/// What speaks against a trial's figures, one function each. docs/measurement.md has the table.

#include <optional>

#include "core/result.h"

namespace atonce::indicators {

using Doubt = std::optional<VerdictReason>;

/// Sends nothing, so that there is nothing to be said of its times.
inline bool is_floor(const TrialResult& trial) {
  return trial.key.runner == "null";
}

/// Of the accounts of client and server.
Doubt interrupted(const TrialResult& trial);
Doubt not_conserved(const TrialResult& trial);
Doubt server_count_mismatch(const TrialResult& trial);
Doubt server_peak_above_cap(const TrialResult& trial);
Doubt connections_left_open(const TrialResult& trial);

/// Of the client and its machine.
Doubt client_cpu_saturated(const TrialResult& trial);
Doubt send_lag_high(const TrialResult& trial);
Doubt rate_not_achieved(const TrialResult& trial);
/// Of a trial that was stopped too: sessions were sent late, or not at all.
bool falls_behind(const TrialResult& trial);
/// By the cap, an adaptive limit or the model's own threads.
bool is_held_back(const TrialResult& trial);
Doubt shared_cores(const TrialResult& trial);
Doubt head_room_exhausted(const TrialResult& trial);

/// Of the samples.
Doubt littles_law(const TrialResult& trial);
Doubt too_few_samples(const TrialResult& trial);
Doubt not_settled(const TrialResult& trial);

}  // namespace atonce::indicators
