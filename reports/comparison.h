#pragma once
/// Trials put side by side: the value from which every report is written.

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/interval.h"
#include "core/result.h"
#include "reports/figures.h"

namespace atonce {

/// The runner that sends nothing. Shown as the floor under every figure, never ranked.
inline constexpr std::string_view floor_runner = "null";

/// One figure over the repetitions of a configuration.
struct Spread {
  double median = 0, min = 0, max = 0;
  std::optional<Interval>
      interval{};  ///< of the repetitions, or of a single run where that can tell
  /// Of a percentile: the samples on which it rests, in the repetition with the fewest, and as many
  /// as it takes. Both 0 of other figures.
  std::uint64_t samples = 0, samples_needed = 0;
  /// Little more than the largest sample under another name.
  bool is_thin() const { return samples < samples_needed; }
};
/// Without an interval; nothing when `values` is empty.
std::optional<Spread> spread(std::vector<double> values);

/// A runner on one transport, playing one variant of the scenario.
struct Contender {
  std::string runner, transport, variant;
  auto operator<=>(const Contender&) const = default;
  /// "thread_pool/curl-easy", or the runner alone where it has but one transport; with the variant
  /// where there is one: "asio_coroutines · inline". Printable, at most 40 columns.
  std::string label() const;
  bool is_floor() const { return runner == floor_runner; }
};

/// One contender under one cap, over all repetitions.
struct Row {
  std::size_t contender = 0;  ///< index into Comparison::contenders
  std::size_t cap = 1;
  std::vector<const TrialResult*> trials;  ///< never empty
  std::size_t finished = 0, interrupted = 0, crashed = 0;
  /// Of finished trials only.
  std::array<std::optional<Spread>, figure_count> figures;
  std::uint64_t calls = 0;                     ///< scheduled, in all its trials
  std::uint64_t errors = 0;                    ///< scheduled, less ok
  PerOutcome<std::uint64_t> outcomes{};        ///< calls
  VerdictLevel verdict = VerdictLevel::valid;  ///< the worst of its trials

  const std::optional<Spread>& figure(Figure wanted) const { return figures[index(wanted)]; }
};

/// Points into the ResultSet it was made from, which must outlive it.
struct Comparison {
  const ResultSet* results = nullptr;
  std::vector<Contender> contenders;  ///< by name, the floor last
  std::vector<std::size_t> caps;      ///< rising, `unlimited` last
  std::vector<Row> rows;              ///< by cap, then the best first, the floor last
  /// Index of the best row: finished, without errors if any row is, not INVALID, not the floor.
  std::optional<std::size_t> winner;

  const Contender& contender(const Row& row) const { return contenders[row.contender]; }
  /// Null when there is none.
  const Row* find(std::size_t contender, std::size_t cap) const;
  /// In ns. All contenders meet the same delays, so this is one figure per cap.
  std::optional<double> ideal_makespan(std::size_t cap) const;
};

Comparison compare(const ResultSet& results);

/// The row that stands for `contender` where only one cap can be shown: the winner's cap, else the
/// largest below it that finished, else any that finished. Null when none finished.
const Row* representative(const Comparison& comparison, std::size_t contender);

/// What a small table or a chart with a line per row can hold: all rows that finished, without the
/// floor; where they are too many, the representative ones and all of the winner's contender.
std::vector<const Row*> telling_rows(const Comparison& comparison);

/// The finished trial with the lowest repetition. Null when none finished.
const TrialResult* first_finished(const Row& row);

/// What all finished trials of the row recorded of successes.
Histogram pooled(const Row& row, Metric metric);

/// "asio_coroutines at cap 20".
std::string describe(const Comparison& comparison, const Row& row);
/// The same, but the contender alone where there is only one cap.
std::string describe_briefly(const Comparison& comparison, const Row& row);

}  // namespace atonce
