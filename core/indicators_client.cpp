#include <fmt/format.h>

#include <algorithm>

#include "core/indicators.h"
#include "core/units.h"

namespace atonce::indicators {
namespace {

constexpr double busy_core = 0.95;
constexpr Nanos shortest_for_cpu = std::chrono::milliseconds(100);
constexpr Nanos least_lag_budget = std::chrono::milliseconds(1);
constexpr double least_rate = 0.98;
constexpr double most_used = 0.9;
/// For which a closed connection keeps its port (Linux, TIME_WAIT).
constexpr Nanos port_rest = std::chrono::seconds(60);

/// Every thread carried one call and the cap would have allowed more: then attempts wait for a
/// thread, which is the model's own limit and not a flaw of the measurement.
bool short_of_threads(const TrialResult& trial) {
  return trial.peak_in_flight == trial.key.threads && trial.key.threads < trial.key.cap;
}

Nanos lag_budget(const TrialResult& trial) {
  const Nanos typical = trial.metric(Metric::service_time).ok.quantile(0.5);
  return std::max(least_lag_budget, typical / 20);
}

bool reaches_cap(const TrialResult& trial) {
  return trial.peak_in_flight >= trial.key.cap;
}

/// What sessions that were due had to wait for.
std::string hold_up(const TrialResult& trial) {
  if (short_of_threads(trial)) return fmt::format(", all {} threads at work", trial.key.threads);
  if (has_adaptive_limit(trial)) return ", under an adaptive limit";
  if (reaches_cap(trial)) return fmt::format(", the cap of {} reached", trial.key.cap);
  return {};
}

}  // namespace

Doubt client_cpu_saturated(const TrialResult& trial) {
  const Usage& usage = trial.usage;
  if (is_floor(trial) || usage.wall < shortest_for_cpu) return {};
  const double busy_cores = static_cast<double>((usage.cpu_user + usage.cpu_system).count()) /
                            static_cast<double>(usage.wall.count());
  const std::size_t usable = std::max<std::size_t>(1, std::min(trial.key.threads, usage.cores));
  if (busy_cores <= busy_core * static_cast<double>(usable)) return {};
  return VerdictReason{
      VerdictLevel::suspect, "client_cpu_saturated",
      fmt::format("the client used {:.2f} of the {} cores it could use", busy_cores, usable)};
}

Doubt send_lag_high(const TrialResult& trial) {
  if (short_of_threads(trial)) return {};
  const Nanos lag = trial.metric(Metric::send_lag).ok.quantile(0.99);
  const Nanos budget = lag_budget(trial);
  if (lag <= budget) return {};
  return VerdictReason{VerdictLevel::suspect, "send_lag_high",
                       fmt::format("1 % of the attempts were sent {} late or more (budget {})",
                                   format_duration(lag), format_duration(budget))};
}

bool is_held_back(const TrialResult& trial) {
  return short_of_threads(trial) || has_adaptive_limit(trial) || reaches_cap(trial);
}

/// Being as late as the budget for the send lag allows is no lack.
bool falls_behind(const TrialResult& trial) {
  const auto achieved = achieved_rate(trial);
  if (!achieved || *achieved >= least_rate) return false;
  const Arrivals& arrivals = trial.arrivals;
  const bool all_in_time = arrivals.last_sent - arrivals.last_due <= lag_budget(trial);
  return arrivals.sent != arrivals.due || !all_in_time;
}

/// Also where the cap or the model's own threads hold sessions back: the load that was offered is
/// not the one that was measured.
Doubt rate_not_achieved(const TrialResult& trial) {
  if (trial.status != TrialStatus::finished || !falls_behind(trial)) return {};
  const Arrivals& arrivals = trial.arrivals;
  return VerdictReason{
      VerdictLevel::suspect, "rate_not_achieved",
      fmt::format("{} of {} sessions were sent, at {:.2f} of the rate at which they were due{}",
                  arrivals.sent, arrivals.due, *achieved_rate(trial), hold_up(trial))};
}

Doubt shared_cores(const TrialResult& trial) {
  if (!trial.shares_cores || is_floor(trial)) return {};
  return VerdictReason{VerdictLevel::suspect, "shared_cores",
                       "server and client may run on the same core"};
}

Doubt head_room_exhausted(const TrialResult& trial) {
  const HeadRoom& room = trial.head_room;
  const auto nearly = [](double used, double there_are) { return used > most_used * there_are; };
  if (room.files_limit > 0 &&
      nearly(static_cast<double>(room.files), static_cast<double>(room.files_limit)))
    return VerdictReason{
        VerdictLevel::suspect, "head_room_exhausted",
        fmt::format("{} files were open, of {} at most", room.files, room.files_limit)};
  const Nanos wall = std::max(trial.usage.wall, port_rest);
  const double resting = static_cast<double>(room.connections) *
                         static_cast<double>(port_rest.count()) / static_cast<double>(wall.count());
  if (room.ports > 0 && nearly(resting, static_cast<double>(room.ports)))
    return VerdictReason{
        VerdictLevel::suspect, "head_room_exhausted",
        fmt::format("{:.0f} connections were opened in a minute, in which each keeps one of {} "
                    "local ports",
                    resting, room.ports)};
  return {};
}

}  // namespace atonce::indicators
