#include <fmt/format.h>

#include "core/drift.h"
#include "core/indicators.h"
#include "core/percentile.h"
#include "core/units.h"

namespace atonce::indicators {
namespace {

constexpr double largest_residual = 0.05;

VerdictReason suspect(std::string code, std::string message) {
  return {VerdictLevel::suspect, std::move(code), std::move(message)};
}

std::string in_words(const Drift& drift) {
  const auto from = format_duration(drift.from), to = format_duration(drift.to);
  switch (drift.kind) {
    case Drift::Kind::trend:
      return fmt::format("response times went from {} to {} in the course of the run", from, to);
    case Drift::Kind::step:
      return fmt::format("response times were {}, and {} once {:.0f} % of the run was over", from,
                         to, 100 * drift.at);
    case Drift::Kind::start:
      return fmt::format("response times began at {}, but were {} in the second half of the run",
                         from, to);
  }
  return {};
}

}  // namespace

Doubt littles_law(const TrialResult& trial) {
  const auto residual = little_residual(trial);
  if (is_floor(trial) || trial.status != TrialStatus::finished) return {};
  if (!residual || *residual <= largest_residual) return {};
  return suspect("littles_law",
                 fmt::format("slots under the cap were held for {} in all, but for {} by the "
                             "samples: {:.0f} % are missing (Little's law)",
                             format_duration(trial.occupancy.handed_out),
                             format_duration(trial.occupancy.sampled), 100 * *residual));
}

/// Open loads are ranked by the 99th percentile of response time; all others by figures that need
/// no number of samples. Without any there is no percentile to be wrong about.
Doubt too_few_samples(const TrialResult& trial) {
  if (!has_rate(trial) || trial.status != TrialStatus::finished) return {};
  const std::uint64_t have = trial.metric(Metric::response_time).ok.count();
  const std::uint64_t needed = samples_needed(0.99);
  if (have == 0 || have >= needed) return {};
  return suspect(
      "too_few_samples",
      fmt::format("p99 of response time rests on {} good calls, it needs {}", have, needed));
}

Doubt not_settled(const TrialResult& trial) {
  const bool applies = trial.arrivals.steady && !is_floor(trial);
  if (!applies || trial.status != TrialStatus::finished) return {};
  const auto drift = find_drift(trial.course);
  if (!drift) return {};
  return suspect("not_settled", in_words(*drift));
}

}  // namespace atonce::indicators
