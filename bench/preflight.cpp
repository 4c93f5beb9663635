#include "bench/preflight.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/machine.h"
#include "bench/probe.h"
#include "bench/trial.h"
#include "runners/runner.h"

namespace atonce {
namespace {

constexpr Nanos longest_probe = std::chrono::seconds(2);
/// A closed connection keeps its port this long.
constexpr Nanos port_rest = std::chrono::seconds(60);

std::size_t connections_of(const TrialKey& trial, const Schedule& schedule) {
  const RunnerEntry& entry = *find_runner(trial.runner);
  if (entry.model == Model::none) return 0;
  const std::size_t parallel = most_parallel(schedule, trial.cap);
  const std::size_t most = std::min(trial.connections, parallel);
  if (entry.transports.empty()) return most;
  RunnerConfig config;
  config.cap = trial.cap;
  config.threads = trial.threads;
  config.most_parallel = parallel;
  return std::min(most, entry.threads(config));
}

/// Averaged over the time for which a port rests, at least: a burst needs no more ports than calls.
double calls_per_second(const Schedule& schedule) {
  const Nanos last = schedule.arrivals.empty() ? Nanos{} : schedule.arrivals.back().due;
  return static_cast<double>(schedule.call_count()) /
         std::chrono::duration<double>(std::max(last, port_rest)).count();
}

/// Ports at rest may serve again (net.ipv4.tcp_tw_reuse); those in use cannot.
Finding local_ports(const IntendedLoad& load) {
  Finding ports = check_ports(load);
  const auto range = ephemeral_ports();
  const bool possible = !range || load.in_flight <= range->size();
  if (ports.health == Health::failure && possible) ports.health = Health::warning;
  return ports;
}

Finding connections(const IntendedLoad& load, const std::string& url) {
  const auto probe = probe_connections(parse_target(url), load.in_flight, longest_probe);
  Finding finding{.health = Health::ok,
                  .subject = "connections",
                  .value = fmt::format("{} of {} at once", probe.established, load.in_flight),
                  .advice = ""};
  if (probe.established == load.in_flight) return finding;
  finding.health = Health::warning;
  finding.value += fmt::format(" ({})", probe.trouble);
  finding.advice = "calls will fail or wait: look at the server's limits, or lower --connections";
  return finding;
}

}  // namespace

IntendedLoad intended_load(const ExperimentRequest& request, const std::vector<TrialKey>& trials) {
  const Schedule schedule = schedule_of(request.scenario, 0);
  IntendedLoad load{.in_flight = 0,
                    .rate = calls_per_second(schedule),
                    .keep_alive = request.scenario.keep_alive};
  for (const TrialKey& trial : trials)
    load.in_flight = std::max(load.in_flight, connections_of(trial, schedule));
  return load;
}

std::vector<Finding> preflight(const IntendedLoad& load, const std::string& url) {
  if (load.in_flight == 0) return {};
  const Finding ports = local_ports(load);
  if (ports.health == Health::failure) return {ports};
  return {ports, connections(load, url)};
}

}  // namespace atonce
