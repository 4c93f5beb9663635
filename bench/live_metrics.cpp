#include "bench/live_metrics.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "core/units.h"
#include "reports/escape.h"

namespace atonce {
namespace {

std::string label(std::string_view name, std::string_view value) {
  std::string text = fmt::format("{}=\"", name);
  for (const char c : printable_line(value)) {
    if (c == '\\' || c == '"') text += '\\';
    text += c;
  }
  return text + '"';
}

std::string labels_of(const std::string& scenario, const TrialKey& key) {
  return fmt::format("{},{},{},{},{},{}", label("scenario", scenario), label("runner", key.runner),
                     label("transport", key.transport), label("variant", key.variant),
                     label("cap", format_limit(key.cap)),
                     label("repetition", fmt::to_string(key.repetition)));
}

std::string seconds(std::uint64_t ns) {
  return fmt::format("{}.{:09}", ns / 1'000'000'000, ns % 1'000'000'000);
}

/// A bound is a double in Prometheus: "0.0005".
std::string bound(Nanos upper) {
  return fmt::format("{}", static_cast<double>(upper.count()) / 1e9);
}

void add_family(std::string& text, std::string_view name, std::string_view type,
                std::string_view help) {
  fmt::format_to(std::back_inserter(text), "# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
}

template <std::size_t bounds>
void add_histogram(std::string& text, std::string_view name, const std::string& labels,
                   const Buckets<std::uint64_t, bounds>& buckets,
                   const std::array<Nanos, bounds>& upper) {
  auto out = std::back_inserter(text);
  std::uint64_t below = 0;
  for (std::size_t i = 0; i < bounds; ++i) {
    below += buckets.counts[i];
    fmt::format_to(out, "{}_bucket{{{},le=\"{}\"}} {}\n", name, labels, bound(upper[i]), below);
  }
  below += buckets.counts[bounds];
  fmt::format_to(out,
                 "{0}_bucket{{{1},le=\"+Inf\"}} {2}\n{0}_sum{{{1}}} {3}\n{0}_count{{{1}}} {2}\n",
                 name, labels, below, seconds(buckets.sum_ns));
}

}  // namespace

void LiveMetrics::trial_begins(std::size_t number, std::size_t total, const TrialKey& key) {
  {
    const std::lock_guard lock(mutex_);
    state_.number = number;
    state_.total = total;
    if (state_.series.size() == most_series) state_.series.erase(state_.series.begin());
    state_.series.push_back({.labels = labels_of(scenario_, key), .counts = {}});
  }
  next_.trial_begins(number, total, key);
}

void LiveMetrics::trial_goes_on(const ProgressCounts& counts) {
  {
    const std::lock_guard lock(mutex_);
    state_.series.back().counts = counts;
  }
  next_.trial_goes_on(counts);
}

/// Calls that a stop kept from ever being opened are in the ledger only.
void LiveMetrics::trial_ends(const TrialResult& result) {
  {
    const std::lock_guard lock(mutex_);
    ProgressCounts& counts = state_.series.back().counts;
    counts.in_flight = 0;
    if (result.status != TrialStatus::crashed) counts.calls = result.ledger.calls;
  }
  next_.trial_ends(result);
}

std::string LiveMetrics::page() const {
  State state;
  {
    const std::lock_guard lock(mutex_);
    state = state_;
  }
  std::string text;
  auto out = std::back_inserter(text);
  const auto family = [&](std::string_view name, std::string_view type, std::string_view help,
                          const auto& value_of) {
    add_family(text, name, type, help);
    for (const Series& series : state.series)
      fmt::format_to(out, "{}{{{}}} {}\n", name, series.labels, value_of(series.counts));
  };

  add_family(text, "atonce_trial_number", "gauge", "The trial being played, from 1 on.");
  fmt::format_to(out, "atonce_trial_number {}\n", state.number);
  add_family(text, "atonce_trials", "gauge", "Trials of the experiment.");
  fmt::format_to(out, "atonce_trials {}\n", state.total);

  add_family(text, "atonce_calls_total", "counter", "Calls that ended, by outcome.");
  for (const Series& series : state.series)
    for (std::size_t i = 0; i < outcome_count; ++i)
      fmt::format_to(out, "atonce_calls_total{{{},outcome=\"{}\"}} {}\n", series.labels,
                     name(static_cast<Outcome>(i)), series.counts.calls[i]);
  family("atonce_attempts_total", "counter", "Attempts that ended.",
         [](const ProgressCounts& counts) { return counts.attempts; });
  family("atonce_in_flight", "gauge", "Attempts in flight.",
         [](const ProgressCounts& counts) { return counts.in_flight; });
  family("atonce_cpu_seconds_total", "counter", "CPU time of the trial's processes.",
         [](const ProgressCounts& counts) { return seconds(counts.cpu_ns); });

  add_family(text, "atonce_response_time_seconds", "histogram", "Of the calls that ended ok.");
  for (const Series& series : state.series)
    add_histogram(text, "atonce_response_time_seconds", series.labels, series.counts.response_time,
                  response_time_bounds);
  add_family(text, "atonce_send_lag_seconds", "histogram", "Of the attempts that were sent.");
  for (const Series& series : state.series)
    add_histogram(text, "atonce_send_lag_seconds", series.labels, series.counts.send_lag,
                  send_lag_bounds);
  return text;
}

}  // namespace atonce
