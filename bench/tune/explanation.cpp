#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/tune/wording.h"
#include "core/units.h"

namespace atonce::tune {
namespace {

std::string duration(double seconds) {
  return format_duration(Nanos(std::llround(1e9 * seconds)));
}

std::string words(const UslFit& fit) {
  const double peak = fit.kappa > 0 ? std::sqrt((1 - std::min(1.0, fit.sigma)) / fit.kappa) : 0;
  return fmt::format("the scalability law with sigma {:.2g}, kappa {:.2g}{}", fit.sigma, fit.kappa,
                     peak > 0 ? fmt::format(": throughput is at its best at {:.0f}", peak) : "");
}

std::string words(const CeilingFit& fit) {
  return fmt::format(
      "a ceiling of {}/s, calls taking {} alone: a rate limit, or workers that all take as long, "
      "full at about {:.0f} at once",
      format_count(fit.most), duration(fit.alone), std::max(1.0, fit.alone * fit.most));
}

std::string words(const WorkersFit& fit) {
  const ClosedQueue& queue = fit.queue;
  return fmt::format("{} worker{}, busy for {} with each call on average{}{}", queue.workers,
                     queue.workers == 1 ? "" : "s", duration(queue.service),
                     queue.delay > 0.01 * queue.service
                         ? fmt::format(", and {} that occupy none", duration(queue.delay))
                         : "",
                     fit.fewest < fit.most
                         ? fmt::format("; {} to {} would fit as well", fit.fewest, fit.most)
                         : "");
}

const LevelRow* row_of(const Answer& answer, std::optional<std::size_t> level) {
  for (const LevelRow& row : answer.rows)
    if (level && row.level == static_cast<double>(*level)) return &row;
  return nullptr;
}

/// What is refused is bad as it is, or late once it was tried again.
bool is_refused(const Tuning& tuning, std::size_t level) {
  constexpr double mostly = 0.5;
  std::uint64_t refused = 0, bad = 0;
  for (const Probe& probe : tuning.probes) {
    if (probe.order.level != level || probe.counted().empty()) continue;
    refused += probe.refused;
    for (const Block& block : probe.counted())
      bad += block.bad.empty() ? block.failed : std::ranges::max(block.bad);
  }
  return static_cast<double>(refused) > mostly * static_cast<double>(bad) && refused > 0;
}

/// Of a level that is bad beside one that is good.
std::string what_grows(const Tuning& tuning, const Answer& answer, const LevelRow& good,
                       const LevelRow& bad) {
  constexpr double flat = 1.1;
  if (tuning.flags.contains(Flag::cliff))
    return fmt::format("a cliff: the median goes from {} to {}", duration(1e-9 * good.p50),
                       duration(1e-9 * bad.p50));
  if (tuning.rules.vary == Vary::rate)
    return "server queue: calls come faster than they are answered for a while, and wait";
  const bool falls = std::ranges::any_of(answer.rows, [&](const LevelRow& row) {
    return row.level < bad.level && row.throughput_bounds.low > bad.throughput_bounds.high;
  });
  if (falls) return "contention: throughput falls with more calls at once";
  const double growth = bad.level / good.level;
  if (bad.throughput / good.throughput < 1 + (growth - 1) / 2 ||
      bad.throughput < flat * good.throughput)
    return fmt::format("server queue: it answers about {}/s; each further call only waits",
                       format_count(bad.throughput));
  return "latency grows with the load, throughput still does too";
}

}  // namespace

void fit_models(Answer& answer, Vary vary) {
  constexpr double good = 0.1;
  std::vector<RatePoint> points;
  for (const LevelRow& row : answer.rows)
    if (row.throughput > 0)
      points.push_back({row.level, row.throughput, 1e-9 * (row.p90 - row.p50)});
  if (points.size() < 4 || vary == Vary::rate) return;
  answer.usl = fit_usl(points);
  answer.ceiling = fit_ceiling(points);
  answer.workers = fit_workers(points);
  const double least = std::min({answer.usl->error, answer.ceiling->error, answer.workers->error});
  if (least > good) return;
  answer.model = fmt::format("looks like {} (fits within {:.0f} %)",
                             answer.usl->error == least       ? words(*answer.usl)
                             : answer.ceiling->error == least ? words(*answer.ceiling)
                                                              : words(*answer.workers),
                             std::ceil(100 * least));
}

/// From the first level beyond the boundary beside the one that is good.
std::string cause_of(const Tuning& tuning, const Answer& answer) {
  constexpr double mostly = 0.5;
  if (tuning.flags.contains(Flag::client_limited))
    return "client CPU: the client cannot make more calls, the server was not at its limit";
  const LevelRow *good = row_of(answer, tuning.boundary.low),
                 *bad = row_of(answer, tuning.boundary.beyond);
  if (!bad) return {};
  if (is_refused(tuning, *tuning.boundary.beyond))
    return bad->failed > 0 ? "rate limiter: calls are refused (429)"
                           : "rate limiter: calls are refused (429), and late once they are tried "
                             "again";
  double worst = 0;
  for (const double share : bad->shares) worst = std::max(worst, share);
  if (bad->failed > mostly * worst)
    return fmt::format("error cliff: {:.{}f} % of the calls fail", 100 * bad->failed,
                       bad->failed < 0.1 ? 1 : 0);
  if (tuning.flags.contains(Flag::fails_at_lowest))
    return "calls are too slow even at the lowest level";
  // Not proved to be good, but below what is proved to be bad.
  for (const LevelRow& row : answer.rows)
    if (!tuning.boundary.low && row.level < bad->level && row.standing != Standing::misses)
      good = &row;
  return good ? what_grows(tuning, answer, *good, *bad) : "";
}

}  // namespace atonce::tune
