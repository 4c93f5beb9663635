#include <fmt/format.h>

#include <algorithm>

#include "reports/charts/charts.h"
#include "reports/charts/percentile_chart.h"
#include "reports/charts/style.h"
#include "reports/topics.h"

namespace atonce {
namespace {

/// Each has two lines.
constexpr std::size_t most_contenders = 4;

double understated(const Row* row) {
  const auto& factor = row->figure(Figure::understated);
  return factor ? factor->median : 0;
}

/// Those with something to show; where they are too many, those that show most.
std::vector<const Row*> rows_of(const Comparison& comparison) {
  auto rows = representatives(comparison);
  std::erase_if(rows, [](const Row* row) { return understated(row) < notably_understated; });
  std::ranges::stable_sort(rows, std::ranges::greater{}, understated);
  rows.resize(std::min(rows.size(), most_contenders));
  std::ranges::sort(rows, {}, &Row::contender);
  return rows;
}

PercentileCurve curve_of(const Comparison& comparison, const Row& row, Metric metric) {
  auto style = contender_series(comparison, row.contender);
  style.symbol = "none";
  style.dashed = metric == Metric::service_time;
  return {.style = std::move(style),
          .label = {},
          .contender = row.contender,
          .values = pooled(row, metric)};
}

void mark(PercentileCurve& curve, double at, std::string_view since) {
  if (static_cast<double>(curve.values.count()) * (1 - at) < 1) return;  // the curve ends before it
  curve.marked_at = at;
  curve.mark = fmt::format(
      "{:g} % within {} {}", 100 * at,
      format(Unit::nanoseconds, static_cast<double>(curve.values.quantile(at).count())), since);
}

/// The winner, whom the headline is about, or else the one that shows most.
const Row* marked_row(const Comparison& comparison, const std::vector<const Row*>& rows) {
  const Row* const winner = comparison.winner ? &comparison.rows[*comparison.winner] : nullptr;
  if (std::ranges::find(rows, winner) != rows.end()) return winner;
  return *std::ranges::max_element(rows, {}, understated);
}

/// Where the two differ more.
double telling_percentile(const PercentileCurve& response, const PercentileCurve& service) {
  const auto factor = [&](double at) {
    return static_cast<double>(response.values.quantile(at).count()) /
           static_cast<double>(std::max<Nanos::rep>(service.values.quantile(at).count(), 1));
  };
  return factor(0.9) > factor(0.99) ? 0.9 : 0.99;
}

}  // namespace

std::optional<Chart> omission_chart(const Comparison& comparison) {
  if (!tells_of(comparison, Topic::omission)) return {};
  const auto rows = rows_of(comparison);
  if (rows.empty()) return {};
  const auto* const marked = marked_row(comparison, rows);
  std::vector<PercentileCurve> curves;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto response = curve_of(comparison, *rows[i], Metric::response_time);
    auto service = curve_of(comparison, *rows[i], Metric::service_time);
    response.style.name = response.label = series_name(comparison, *rows[i], rows);
    service.style.name = service.label = response.label + ", from the send";
    response.style.width = service.style.width = nested_width(i, rows.size());
    if (rows[i] == marked) {
      const double at = telling_percentile(response, service);
      mark(response, at, "of when they were due");
      mark(service, at, "of the send");
    }
    curves.push_back(std::move(response));
    curves.push_back(std::move(service));
  }
  return percentile_chart(
      std::move(curves),
      {"omission", "What does a clock that starts at the send leave out?", "", "time to the answer",
       "share of the calls answered within that time"},
      "The same calls twice, at " + cap_in_words(rows) +
          ": solid from when a call was due (response time), dashed from when it was sent (service "
          "time, which most tools report). A call that waits to be sent is late only on the first "
          "clock.");
}

}  // namespace atonce
