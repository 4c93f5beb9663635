/// All in long double (64 bits of mantissa on x86-64): the work of a billion arrivals is still
/// right to the nanosecond.

#include "core/rate_profile.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace atonce {
namespace {

constexpr long double ns_per_second = 1e9L;

long double ns(Nanos span) {
  return static_cast<long double>(span.count());
}

bool is_rate(double rate) {
  return std::isfinite(rate) && rate >= 0;
}

/// `begin` + `offset` rounded.
Nanos later(Nanos begin, long double offset) {
  const long double rounded = std::round(offset);
  return rounded < 0x1p62L ? begin + Nanos{static_cast<std::int64_t>(rounded)} : unlimited_time;
}

}  // namespace

RateProfile::RateProfile(double rate) : last_rate_(rate), peak_(rate) {}

RateProfile::RateProfile(const std::vector<RateStage>& stages, Afterwards afterwards)
    : afterwards_(afterwards), last_rate_(stages.empty() ? 0 : stages.back().to) {
  for (const RateStage& stage : stages) peak_ = std::max({peak_, stage.from, stage.to});
  for (const RateStage& stage : stages) {
    const long double mean_rate = (static_cast<long double>(stage.from) + stage.to) / 2;
    pieces_.push_back({.stage = stage,
                       .begin = length(),
                       .work_before = total_work(),
                       .work = ns(stage.span) * (mean_rate / peak_)});
  }
}

void RateProfile::check() const {
  const bool stages_are_rates = std::ranges::all_of(pieces_, [](const Piece& piece) {
    return is_rate(piece.stage.from) && is_rate(piece.stage.to) && piece.stage.span > Nanos{};
  });
  if (!stages_are_rates || !is_rate(last_rate_) || !(peak_ > 0))
    throw std::invalid_argument("an open load needs a rate above 0");
}

Nanos RateProfile::length() const {
  return pieces_.empty() ? Nanos{} : pieces_.back().begin + pieces_.back().stage.span;
}

long double RateProfile::total_work() const {
  return pieces_.empty() ? 0 : pieces_.back().work_before + pieces_.back().work;
}

double RateProfile::expected(Nanos end) const {
  return static_cast<double>(work_until(end) * peak_ / ns_per_second);
}

long double RateProfile::work_until(Nanos end) const {
  long double work = 0;
  if (afterwards_ == Afterwards::again) {
    work = total_work() * static_cast<long double>(end / length());
    end %= length();
  } else if (end > length()) {
    work = ns(end - length()) * last_rate_ / peak_;
  }
  for (const Piece& piece : pieces_) {
    const long double t = ns(std::clamp(end - piece.begin, Nanos{}, piece.stage.span));
    const long double slope = (piece.stage.to - piece.stage.from) / ns(piece.stage.span);
    work += t * (piece.stage.from + slope * t / 2) / peak_;
  }
  return work;
}

/// The time into the piece at which it has done that work, from the quadratic equation in the form
/// that does not cancel.
long double RateProfile::offset(const Piece& piece, long double work) const {
  if (work <= 0) return 0;
  const long double from = piece.stage.from / static_cast<long double>(peak_);
  const long double to = piece.stage.to / static_cast<long double>(peak_);
  if (from == to) return work / from;
  const long double square = from * from + 2 * (to - from) * work / ns(piece.stage.span);
  return 2 * work / (from + std::sqrt(std::max(0.0L, square)));
}

Nanos RateProfile::due(long double at_peak) const {
  const long double work = at_peak * ns_per_second;
  if (afterwards_ == Afterwards::last_rate) return due_within(Nanos{}, work);
  const long double cycles = std::floor(work / total_work());
  const long double begin = cycles * ns(length());
  if (!(begin < 0x1p62L)) return unlimited_time;
  return due_within(Nanos{static_cast<std::int64_t>(begin)}, work - cycles * total_work());
}

/// Work that ends within half a nanosecond of its stage's end belongs to the next stage with a
/// rate: a rate such as 3.7/s is not exact, and its session number 37 must not fall into a pause at
/// 10 s.
Nanos RateProfile::due_within(Nanos begin, long double work) const {
  const auto ends_by = [](long double at, const Piece& piece) {
    return at < piece.work_before + piece.work;
  };
  auto piece = std::upper_bound(pieces_.begin(), pieces_.end(), work, ends_by);
  for (; piece != pieces_.end(); ++piece) {
    if (piece->work == 0) continue;
    const Nanos at = later(Nanos{}, offset(*piece, work - piece->work_before));
    if (at < piece->stage.span) return begin + piece->begin + at;
  }
  return due_afterwards(begin + length(), work - total_work());
}

Nanos RateProfile::due_afterwards(Nanos begin, long double work) const {
  if (afterwards_ == Afterwards::again) return due_within(begin, 0);
  if (last_rate_ == 0) return unlimited_time;
  return later(begin, std::max(0.0L, work) / (last_rate_ / static_cast<long double>(peak_)));
}

/// The stages' ends are scaled, not their spans, so that the last one is where a scaled duration of
/// the load ends.
RateProfile RateProfile::stretched(double factor) const {
  if (pieces_.empty()) return last_rate_ / factor;
  std::vector<RateStage> stages;
  Nanos begin{};
  for (const Piece& piece : pieces_) {
    const Nanos end = scaled(piece.begin + piece.stage.span, factor);
    stages.push_back({piece.stage.from / factor, piece.stage.to / factor, end - begin});
    begin = end;
  }
  return {stages, afterwards_};
}

}  // namespace atonce
