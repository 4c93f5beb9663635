/// How often the tuner is right, on servers of which the answer is known: the tables of
/// docs/tune.md.

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <string>
#include <thread>

#include "bench/tune/sim/catalogue.h"
#include "bench/tune/sim/rivals.h"
#include "bench/tune/statistics.h"
#include "bench/tune/tuner.h"

namespace {

using atonce::Bounds;
using atonce::clopper_pearson;
using namespace atonce::tune;
using namespace atonce::tune::sim;

struct Silence : Watcher {
  void probe_begins(const Tuning&, const ProbeOrder&) override {}
  void probe_ended(const Tuning&) override {}
};

/// What came of many runs.
struct Outcomes {
  std::size_t runs = 0, covered = 0, unsafe = 0, no_interval = 0, none = 0, open = 0;
  std::size_t covered_within = 0;  // of the runs with both ends
  std::vector<double> widths, probes, seconds, errors;

  void add(const Outcomes& more) {
    runs += more.runs;
    covered += more.covered;
    unsafe += more.unsafe;
    no_interval += more.no_interval;
    none += more.none;
    open += more.open;
    covered_within += more.covered_within;
    for (auto part : {&Outcomes::widths, &Outcomes::probes, &Outcomes::seconds, &Outcomes::errors})
      (this->*part).insert((this->*part).end(), (more.*part).begin(), (more.*part).end());
  }
};

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void add_cap(Outcomes& outcomes, const Truth& truth, std::optional<std::size_t> cap) {
  if (!cap) {
    ++outcomes.none;
    return;
  }
  const double boundary = static_cast<double>(truth.boundary);
  outcomes.unsafe += *cap > truth.boundary;
  outcomes.errors.push_back(std::abs(static_cast<double>(*cap) - boundary) / boundary);
}

/// Whether `found` holds the level that is sought, how wide it is, and what it took.
void add_interval(Outcomes& outcomes, std::size_t sought, const LevelInterval& found,
                  const Tuning& tuning) {
  const auto& [low, beyond] = found;
  ++outcomes.runs;
  outcomes.open += tuning.is_open;
  const bool covered = (!low || *low <= sought) && (!beyond || sought < *beyond);
  outcomes.covered += covered;
  outcomes.covered_within += covered && low && beyond;
  // An end that is not known costs the whole way to the end of the range.
  if (low && beyond)
    outcomes.widths.push_back(static_cast<double>(*beyond - *low - 1) /
                              static_cast<double>(*beyond - 1));
  else {
    ++outcomes.no_interval;
    outcomes.widths.push_back(1);
  }
  // What lies at twice the level was looked at for the table only.
  outcomes.probes.push_back(static_cast<double>(std::ranges::count_if(
      tuning.probes, [](const Probe& probe) { return probe.order.purpose != Purpose::outlook; })));
  outcomes.seconds.push_back(tuning.used.count());
}

void add_tuning(Outcomes& outcomes, const Truth& truth, const Tuning& tuning) {
  add_interval(outcomes, truth.boundary, tuning.boundary, tuning);
  add_cap(outcomes, truth, recommended(tuning));
}

/// Plays `runs` runs of each truth, two at a time.
template <class Play>
std::vector<Outcomes> each(const std::vector<Truth>& truths, std::size_t runs, Play play) {
  std::vector<Outcomes> all(truths.size());
  std::atomic<std::size_t> next{0};
  const auto work = [&] {
    for (std::size_t i = next++; i < truths.size(); i = next++)
      for (std::size_t run = 0; run < runs; ++run) play(all[i], truths[i], run);
  };
  std::jthread other(work);
  work();
  return all;
}

void play_tuner(Outcomes& outcomes, const Truth& truth, std::size_t run) {
  VirtualTarget target = truth.target(run);
  Silence silence;
  add_tuning(outcomes, truth, tune(truth.rules(), target, silence));
}

/// Too low a level is what is unsafe.
void play_for_knee(Outcomes& outcomes, const Truth& truth, std::size_t run) {
  VirtualTarget target = truth.target(run);
  Silence silence;
  const Tuning tuning = tune({.goal = Goal::knee, .range = truth.range}, target, silence);
  add_interval(outcomes, truth.knee, tuning.knee.value_or(LevelInterval{}), tuning);
  outcomes.unsafe += recommended(tuning).value_or(truth.knee) < truth.knee;
}

void play_for_estimate(Outcomes& outcomes, const Truth& truth, std::size_t run) {
  VirtualTarget target = truth.target(run);
  Silence silence;
  const Tuning tuning = tune(truth.rules(), target, silence);
  const auto estimate = static_cast<std::size_t>(tuning.estimate);
  add_cap(outcomes, truth, estimate > 0 ? std::optional(estimate) : std::nullopt);
  outcomes.seconds.push_back(tuning.used.count());
}

Outcomes sum(const std::vector<Outcomes>& all) {
  Outcomes total;
  for (const Outcomes& one : all) total.add(one);
  return total;
}

void print_row(const std::string& name, std::size_t boundary, const Outcomes& outcomes) {
  const auto runs = static_cast<double>(outcomes.runs);
  const Bounds bounds = clopper_pearson(static_cast<double>(outcomes.covered), runs, 0.025);
  fmt::print(
      "| {} | {} | {:.1f} % ({:.1f} to {:.1f}) | {:.1f} % | {:.0f} % | {:.0f} | {:.0f} | "
      "{:.1f} % | {:.1f} % |\n",
      name, boundary == 0 ? "" : std::to_string(boundary),
      100 * static_cast<double>(outcomes.covered) / runs, 100 * bounds.low, 100 * bounds.high,
      100 * static_cast<double>(outcomes.unsafe) / runs, 100 * median(outcomes.widths),
      median(outcomes.probes), median(outcomes.seconds),
      100 * static_cast<double>(outcomes.no_interval) / runs,
      100 * static_cast<double>(outcomes.open) / runs);
  std::fflush(stdout);
}

void print_head(std::string_view what, std::string_view unsafe) {
  fmt::print(
      "\n| {} | truth | in the interval (95 % bounds) | {} | width | probes | seconds | one end "
      "open | undecided |\n|---|---:|---|---:|---:|---:|---:|---:|---:|\n",
      what, unsafe);
}

void print_truths(const char* what, const std::vector<Truth>& truths, std::size_t runs) {
  print_head(what, "cap too high");
  const auto all = each(truths, runs, play_tuner);
  for (std::size_t i = 0; i < truths.size(); ++i)
    print_row(truths[i].name, truths[i].boundary, all[i]);
  const Outcomes total = sum(all);
  print_row(fmt::format("**all {} runs**", total.runs), 0, total);
  const auto closed = static_cast<double>(total.runs - total.no_interval);
  const Bounds bounds = clopper_pearson(static_cast<double>(total.covered_within), closed, 0.025);
  fmt::print("\nOf the {} runs with both ends: {:.1f} % ({:.1f} to {:.1f}) in the interval.\n",
             closed, 100 * static_cast<double>(total.covered_within) / closed, 100 * bounds.low,
             100 * bounds.high);
}

void print_knees(const std::vector<Truth>& truths, std::size_t runs) {
  print_head("server, its knee", "level too low");
  const auto all = each(truths, runs, play_for_knee);
  for (std::size_t i = 0; i < truths.size(); ++i) print_row(truths[i].name, truths[i].knee, all[i]);
  const Outcomes total = sum(all);
  print_row(fmt::format("**all {} runs**", total.runs), 0, total);
}

std::string share_text(std::size_t hits, std::size_t of) {
  const auto some = static_cast<double>(hits), all = static_cast<double>(of);
  const Bounds bounds = clopper_pearson(some, all, 0.025);
  return fmt::format("{:.2f} % ({:.2f} to {:.2f}) of {}", 100 * some / all, 100 * bounds.low,
                     100 * bounds.high, of);
}

/// Searches that cannot keep away from the boundary: from just beyond it on, and up to it.
void print_forced(const std::vector<Truth>& truths, std::size_t runs) {
  const auto wrong = [&](bool beyond) {
    const auto all = each(truths, runs, [beyond](Outcomes& outcomes, Truth truth, std::size_t run) {
      if (beyond)
        truth.range.low = truth.boundary + 1;
      else
        truth.range.high = truth.boundary;
      VirtualTarget target = truth.target(run);
      Silence silence;
      const Tuning tuning = tune(truth.rules(), target, silence);
      ++outcomes.runs;
      outcomes.unsafe +=
          beyond ? tuning.boundary.low.has_value() : tuning.boundary.beyond.has_value();
    });
    const Outcomes total = sum(all);
    std::string text = share_text(total.unsafe, total.runs);
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, std::greater{}, [&](std::size_t i) { return all[i].unsafe; });
    for (std::size_t i = 0; i < std::min<std::size_t>(5, order.size()); ++i)
      if (const Outcomes& worst = all[order[i]]; worst.unsafe > 0)
        text += fmt::format("\n    - {}: {}", truths[order[i]].name,
                            share_text(worst.unsafe, worst.runs));
    return text;
  };
  fmt::print("\nFrom just beyond the boundary on, some level was said to meet: {}\n", wrong(true));
  fmt::print("\nUp to the boundary, some level was said to miss: {}\n", wrong(false));
}

void print_rivals(const std::vector<Truth>& truths, std::size_t runs) {
  fmt::print(
      "\n| way | error, median | more than 10 % off | cap too high | seconds | interval "
      "|\n|---|---:|---:|---:|---:|---|\n");
  const auto row = [](std::string_view name, const Outcomes& outcomes, std::string_view interval) {
    const auto off =
        std::ranges::count_if(outcomes.errors, [](double error) { return error > 0.1; });
    const auto all = static_cast<double>(outcomes.errors.size() + outcomes.none);
    fmt::print("| {} | {:.1f} % | {:.0f} % | {:.0f} % | {:.0f} | {} |\n", name,
               100 * median(outcomes.errors),
               100 * static_cast<double>(off + static_cast<std::ptrdiff_t>(outcomes.none)) / all,
               100 * static_cast<double>(outcomes.unsafe) / all, median(outcomes.seconds),
               interval);
    std::fflush(stdout);
  };
  const Outcomes proved = sum(each(truths, runs, play_tuner));
  row("`atonce tune`, the cap that is proved", proved,
      fmt::format("{:.1f} % right",
                  100 * static_cast<double>(proved.covered) / static_cast<double>(proved.runs)));
  row("`atonce tune`, its estimate", sum(each(truths, runs, play_for_estimate)), "the same");
  for (const Rival& rival : rivals()) {
    const auto all =
        each(truths, runs, [&](Outcomes& outcomes, const Truth& truth, std::size_t run) {
          VirtualTarget target = truth.target(run);
          add_cap(outcomes, truth, rival.find(target, truth.slos[0], truth.range));
          outcomes.seconds.push_back(target.elapsed().count());
        });
    row(rival.name, sum(all), "none");
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t runs = argc > 1 ? static_cast<std::size_t>(std::atoi(argv[1])) : 40;
  std::vector<Truth> truths = known_truths();
  const auto more = simulated_truths();
  truths.insert(truths.end(), more.begin(), more.end());
  print_truths("server", truths, runs);
  print_forced(truths, runs);
  std::vector<Truth> bent;
  for (const Truth& truth : truths)
    if (truth.knee > 0 && truth.vary == Vary::cap) bent.push_back(truth);
  print_knees(bent, runs);
  for (const double rate : {0.02, 0.05, 0.1})
    print_truths(fmt::format("{} pauses/s", rate).c_str(), paused_truths(rate), 5 * runs);
  std::vector<Truth> closed;
  for (const Truth& truth : truths)
    if (truth.vary == Vary::cap && truth.slos[0].kind == Slo::Kind::latency)
      closed.push_back(truth);
  print_rivals(closed, std::max<std::size_t>(1, runs / 2));
}
