#include "core/verdict.h"

#include <algorithm>
#include <array>

#include "core/indicators.h"

namespace atonce {
namespace {

using namespace indicators;

constexpr std::array checks{interrupted,
                            not_conserved,
                            server_count_mismatch,
                            server_peak_above_cap,
                            connections_left_open,
                            client_cpu_saturated,
                            send_lag_high,
                            rate_not_achieved,
                            shared_cores,
                            head_room_exhausted,
                            littles_law,
                            too_few_samples,
                            not_settled};

}  // namespace

std::string_view name(VerdictLevel level) {
  static constexpr std::array<std::string_view, 3> names{"VALID", "SUSPECT", "INVALID"};
  return names[static_cast<std::size_t>(level)];
}

VerdictLevel Verdict::level() const {
  VerdictLevel worst = VerdictLevel::valid;
  for (const VerdictReason& reason : reasons) worst = std::max(worst, reason.level);
  return worst;
}

Verdict judge(const TrialResult& trial) {
  if (trial.status == TrialStatus::crashed)
    return {{{VerdictLevel::invalid, "crashed", trial.error}}};
  Verdict verdict;
  for (const auto check : checks)
    if (auto reason = check(trial)) verdict.reasons.push_back(std::move(*reason));
  return verdict;
}

}  // namespace atonce
