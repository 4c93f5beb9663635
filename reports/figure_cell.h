#pragma once
/// A figure with its interval, as tables write it.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "reports/table.h"

namespace atonce {

/// Behind a percentile that rests on too few samples.
inline constexpr std::string_view thin_mark = "†";

/// The median with its interval; a percentile of too few samples is faint and marked, without one.
Cell figure_cell(Figure figure, const std::optional<Spread>& spread);
/// A percentile of one histogram, marked likewise; its interval is left out.
Cell percentile_cell(const Histogram& histogram, double p);

/// "p99", "p99.9".
std::string percentile_name(double p);

/// Gathers what the cells of a table leave open.
class Footnotes {
 public:
  void add(Figure figure, const std::optional<Spread>& spread, std::size_t runs);

  /// The method of every interval and what would give those that are missing.
  std::vector<std::string> methods() const;
  /// What the mark means: "† p99 needs 459 calls, there are 100".
  std::vector<std::string> thin() const;

 private:
  struct Uses {
    std::size_t least = 0, most = 0;  // values, slices or runs
    std::vector<std::string_view> figures;
  };
  struct Range {
    std::uint64_t least = 0, most = 0;
  };

  std::map<IntervalMethod, Uses> uses_;
  std::map<std::tuple<std::string_view, double, std::uint64_t>, Range> thin_;  // noun, p, needed
  std::vector<std::string_view> without_;  // figures that a row of a single run lacks one of
};

}  // namespace atonce
