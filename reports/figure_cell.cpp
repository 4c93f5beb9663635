#include "reports/figure_cell.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/percentile.h"

namespace atonce {
namespace {

std::size_t end_of_number(std::string_view text) {
  return std::min(text.find_first_not_of("0123456789."), text.size());
}

/// "50.2±0.3 ms": the longer side, rounded up to the digits of the figure.
std::string with_margin(const std::string& text, double median, const Interval& interval) {
  const auto end = end_of_number(text);
  double shown = 0;
  std::from_chars(text.data(), text.data() + end, shown);
  if (shown <= 0) return {};
  const auto point = text.find('.');
  const auto decimals = point < end ? end - point - 1 : 0;
  const double side = std::max(interval.high - median, median - interval.low);
  const double grain = std::pow(10.0, -static_cast<double>(decimals));
  const double margin = std::max(1.0, std::ceil(side * shown / median / grain - 1e-9)) * grain;
  return fmt::format("{}±{:.{}f}{}", text.substr(0, end), margin, decimals, text.substr(end));
}

std::string bracketed(Figure figure, const Spread& spread) {
  const auto low = format(figure, spread.interval->low);
  const auto high = format(figure, spread.interval->high);
  const auto unit = [](const std::string& text) { return text.substr(end_of_number(text)); };
  const auto own = unit(format(figure, spread.median));
  if (unit(low) != own || unit(high) != own) return fmt::format("[{}, {}]", low, high);
  return fmt::format("[{}, {}]", low.substr(0, end_of_number(low)),
                     high.substr(0, end_of_number(high)));
}

/// "74.2-76.0 ms": the unit once where it is the same.
std::string format_range(Figure figure, double low, double high) {
  const auto from = format(figure, low), to = format(figure, high);
  const auto unit = end_of_number(from);
  if (from.substr(unit) != to.substr(end_of_number(to))) return from + "-" + to;
  return from.substr(0, unit) + "-" + to;
}

std::string shortage(std::string_view percentile, std::string_view noun, std::uint64_t needed,
                     const std::string& there_are) {
  return fmt::format("{} needs {} {}, there are {}", percentile, needed, noun, there_are);
}

std::string_view noun_of(Metric metric) {
  switch (metric) {
    case Metric::session_time:
    case Metric::session_sum:
    case Metric::session_longest:
    case Metric::session_critical_path:
      return "sessions";
    case Metric::chunk_gap:
    case Metric::token_delivery:
      return "tokens";
    case Metric::loop_lag:
      return "beats";
    case Metric::abort_delay:
      return "aborts";
    default:
      return "calls";
  }
}

std::string_view words(IntervalMethod method) {
  switch (method) {
    case IntervalMethod::order_statistics:
      return "order statistics, as of independent calls";
    case IntervalMethod::block_bootstrap:
      return "block bootstrap over {} slices";
    case IntervalMethod::median_ranks:
      return "order statistics of {} runs";
    case IntervalMethod::log_t:
      return "Student's t on the logarithms of {} runs";
  }
  return {};
}

std::string numbers(std::uint64_t least, std::uint64_t most) {
  return least == most ? fmt::to_string(least) : fmt::format("{} to {}", least, most);
}

/// Their interval can only come from more runs.
bool hangs_on_the_run(Figure figure) {
  return figure == Figure::makespan || figure == Figure::efficiency || figure == Figure::throughput;
}

template <class List, class Value>
void add_once(List& list, const Value& value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(value);
}

}  // namespace

std::string percentile_name(double p) {
  return fmt::format("p{:.6g}", 100 * p);
}

Cell figure_cell(Figure figure, const std::optional<Spread>& spread) {
  if (!spread) return {no_figure};
  Cell cell{format(figure, spread->median)};
  if (spread->min < spread->max)
    cell.title = "median of runs at " + format_range(figure, spread->min, spread->max);
  if (spread->is_thin()) {
    const auto& quantile = *entry(figure).quantile;
    cell.title = shortage(percentile_name(quantile.p), noun_of(quantile.metric),
                          spread->samples_needed, fmt::to_string(spread->samples));
    cell.text += thin_mark;
    cell.tone = Tone::faint;
  } else if (spread->interval) {
    cell.with_margin = with_margin(cell.text, spread->median, *spread->interval);
    cell.interval = bracketed(figure, *spread);
  }
  return cell;
}

Cell percentile_cell(const Histogram& histogram, double p) {
  Cell cell{format(Unit::nanoseconds, static_cast<double>(histogram.quantile(p).count()))};
  if (p <= 0 || p >= 1 || histogram.count() >= samples_needed(p)) return cell;
  cell.title =
      shortage(percentile_name(p), "samples", samples_needed(p), fmt::to_string(histogram.count()));
  cell.text += thin_mark;
  cell.tone = Tone::faint;
  return cell;
}

void Footnotes::add(Figure figure, const std::optional<Spread>& spread, std::size_t runs) {
  if (!spread) return;
  const auto& about = entry(figure);
  if (spread->is_thin()) {
    auto& range = thin_
                      .try_emplace({noun_of(about.quantile->metric), about.quantile->p,
                                    spread->samples_needed},
                                   Range{spread->samples, spread->samples})
                      .first->second;
    range = {std::min(range.least, spread->samples), std::max(range.most, spread->samples)};
  } else if (const auto& interval = spread->interval) {
    auto& uses =
        uses_.try_emplace(interval->method, Uses{interval->of, interval->of, {}}).first->second;
    uses.least = std::min(uses.least, interval->of);
    uses.most = std::max(uses.most, interval->of);
    add_once(uses.figures, about.brief);
  } else if (runs == 1 && hangs_on_the_run(figure)) {
    add_once(without_, about.brief);
  }
}

std::vector<std::string> Footnotes::methods() const {
  std::vector<std::string> parts, notes;
  for (const auto& [method, uses] : uses_) {
    parts.push_back(fmt::format(fmt::runtime(words(method)), numbers(uses.least, uses.most)));
    if (uses_.size() > 1) parts.back() += fmt::format(" ({})", fmt::join(uses.figures, ", "));
  }
  if (!parts.empty())
    notes.push_back(fmt::format("95 % intervals, ± the longer side: {}.", fmt::join(parts, "; ")));
  auto without = without_;
  for (const auto& [method, uses] : uses_)
    for (const auto figure : uses.figures) std::erase(without, figure);
  if (!without.empty())
    notes.push_back(
        fmt::format("1 run; --repeat 3 for an interval of {}.", fmt::join(without, " and ")));
  return notes;
}

std::vector<std::string> Footnotes::thin() const {
  std::vector<std::string> notes;
  for (const auto& [key, range] : thin_) {
    const auto& [noun, p, needed] = key;
    notes.push_back(
        fmt::format("{} {}.", thin_mark,
                    shortage(percentile_name(p), noun, needed, numbers(range.least, range.most))));
  }
  return notes;
}

}  // namespace atonce
