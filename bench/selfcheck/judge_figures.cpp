#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/selfcheck/evidence.h"
#include "core/law_band.h"
#include "core/units.h"

namespace atonce::selfcheck {
namespace {

/// Durations in order, with quantiles by nearest rank: the definition that Histogram has. Made anew
/// from the stamps, not by core/metrics, which is part of what is checked.
class Exact {
 public:
  template <class Duration>
  Exact(std::span<const Meeting> met, Duration duration) {
    values_.reserve(met.size());
    for (const Meeting& one : met) values_.push_back(duration(one));
    std::ranges::sort(values_);
  }

  std::uint64_t count() const { return values_.size(); }
  /// From 1.
  std::uint64_t rank(double p) const {
    const double rank = std::ceil(std::nextafter(p, 0.0) * static_cast<double>(count()));
    return std::clamp<std::uint64_t>(static_cast<std::uint64_t>(rank), 1, count());
  }
  Nanos at(double p) const { return values_[rank(p) - 1]; }
  Nanos largest() const { return values_.back(); }
  Spread spread() const { return {.p50 = at(0.5), .p99 = at(0.99)}; }

 private:
  std::vector<Nanos> values_;
};

Nanos service(const Meeting& one) {
  return one.client->at.done - one.client->at.sent;
}
Nanos hold(const Meeting& one) {
  return one.server->last_write - one.server->arrived;
}
Nanos response(const Meeting& one) {
  return one.client->at.done - one.intended;
}
Nanos lag(const Meeting& one) {
  const Stamps& at = one.client->at;
  return (at.sent - at.unblocked) - (at.connected - at.admitted);
}

Nanos nanos(double seconds) {
  return Nanos{std::llround(seconds * 1e9)};
}

/// Of which a histogram may be off, with the rounding of the law to nanoseconds.
Nanos tolerance(Nanos value) {
  const auto part =
      static_cast<double>(std::chrono::abs(value).count()) * Histogram::relative_error;
  return Nanos{static_cast<std::int64_t>(part) + 2};
}

void judge_reported(const Histogram& reported, const Exact& exact, std::string_view what,
                    std::vector<Reason>& reasons) {
  if (reported.count() != exact.count()) {
    reasons.push_back({Cause::reported, fmt::format("{} of {} attempts is reported, there are {}",
                                                    what, reported.count(), exact.count())});
    return;
  }
  for (const double p : quantiles) {
    const Nanos shown = reported.quantile(p);
    const Nanos is = std::max(exact.at(p), Nanos{});
    if (std::chrono::abs(shown - is) <= tolerance(is)) continue;
    reasons.push_back(
        {Cause::reported, fmt::format("p{:g} of the {} is reported as {}, the samples say {}",
                                      100 * p, what, format_duration(shown), format_duration(is))});
  }
}

/// Nearest ranks say nothing where fewer than one call lies beyond.
bool is_known(double p, std::uint64_t count) {
  return static_cast<double>(count) * (1 - p) > 1 - 1e-6;
}

void judge_law(const QuantileCheck& check, Nanos most_added, std::vector<Reason>& reasons) {
  const auto outside = [&](Nanos value, Nanos low, Nanos high, std::string_view whose) {
    if (value >= low && value <= high) return;
    reasons.push_back({Cause::law, fmt::format("p{:g} of the {} is {}, the law allows {} to {}",
                                               100 * check.p, whose, format_duration(value),
                                               format_duration(low), format_duration(high))});
  };
  outside(check.planned, check.band_low - Nanos{1}, check.band_high + Nanos{1}, "server's delays");
  const Nanos most = check.band_high + most_added;
  outside(check.client, check.band_low - tolerance(check.band_low), most + tolerance(most),
          "service time");
}

}  // namespace

void judge_figures(const Observation& seen, std::span<const Meeting> met, Row& row) {
  const Exact served(met, service), held(met, hold), answered(met, response), lags(met, lag);
  const Exact planned(met, [](const Meeting& one) { return one.server->planned; });
  const Exact added(met, [](const Meeting& one) { return service(one) - one.server->planned; });
  const Exact written(met,
                      [](const Meeting& one) { return one.server->last_write - one.intended; });
  const Exact overhead(met, [](const Meeting& one) { return service(one) - hold(one); });
  const Exact room(met, [](const Meeting& one) {
    return (one.looked - one.client->at.admitted) - (one.server->first_write - one.server->arrived);
  });
  row.send_lag = lags.spread();
  row.overhead = overhead.spread();
  row.room = room.spread();
  judge_reported(seen.reported.service_time, served, "service time", row.reasons);
  judge_reported(seen.reported.response_time, answered, "response time", row.reasons);
  judge_reported(seen.reported.send_lag, lags, "send lag", row.reasons);
  for (const double p : quantiles) {
    if (!is_known(p, planned.count())) continue;
    const LawBand band =
        order_statistic_band(seen.law, planned.rank(p), planned.count(), seen.alpha);
    row.service.push_back({.p = p,
                           .client = seen.reported.service_time.quantile(p),
                           .truth = held.at(p),
                           .planned = planned.at(p),
                           .law = nanos(quantile(seen.law, p)),
                           .band_low = nanos(band.low),
                           .band_high = nanos(band.high),
                           .response = seen.reported.response_time.quantile(p),
                           .response_truth = written.at(p)});
    judge_law(row.service.back(), added.largest(), row.reasons);
  }
}

}  // namespace atonce::selfcheck
