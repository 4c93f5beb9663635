#include "core/evidence.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace atonce {
namespace {

constexpr double largest_stake = 0.95;
constexpr double smallest_lambda = 1;  // then doubled: 1, 2, ... 256

double log_evidence(std::span<const double> differences, double margin, double sign) {
  Evidence evidence(sign * margin);
  for (const double difference : differences) evidence.add(sign * difference);
  return evidence.log_wealth();
}

constexpr double infinity = std::numeric_limits<double>::infinity();

/// The largest effect that is refuted as too small; -infinity when none is. `sign` -1 mirrors all.
double refuted_up_to(std::span<const double> differences, double sign, double enough) {
  double low = infinity, high = -infinity;
  for (const double difference : differences) {
    low = std::min(low, sign * difference);
    high = std::max(high, sign * difference);
  }
  const auto refuted = [&](double effect) {
    return log_evidence(differences, sign * effect, sign) >= enough;
  };
  // Above all differences every stake is lost; far below all of them nearly every one is won.
  low -= 1;
  if (!refuted(low)) return -infinity;
  for (int step = 0; step < 60; ++step) {
    const double middle = std::midpoint(low, high);
    (refuted(middle) ? low : high) = middle;
  }
  return low;
}

}  // namespace

double log_of_mean(std::span<const double> logs) {
  if (logs.empty()) return 0;
  const double most = std::ranges::max(logs);
  double sum = 0;
  for (const double log : logs) sum += std::exp(log - most);
  return most + std::log(sum / static_cast<double>(logs.size()));
}

void Evidence::add(double difference) {
  double t = std::tanh(smallest_lambda * (difference - margin_));
  for (double& log : log_wealth_) {
    log += std::log1p(largest_stake * t);
    t = 2 * t / (1 + t * t);  // of twice the argument
  }
}

double Evidence::log_wealth() const {
  return log_of_mean(log_wealth_);
}

void ShareEvidence::add(double share) {
  for (std::size_t i = 0; i < stakes.size(); ++i)
    log_wealth_[i] += std::log1p(stakes[i] * (share / most_ - 1));
}

double ShareEvidence::log_wealth() const {
  return log_of_mean(log_wealth_);
}

std::size_t fewest_differences(double log_wealth) {
  Evidence evidence(0);
  std::size_t count = 0;
  for (; evidence.log_wealth() < log_wealth; ++count) evidence.add(infinity);
  return count;
}

double log_evidence_above(std::span<const double> differences, double margin) {
  return log_evidence(differences, margin, 1);
}

double log_evidence_below(std::span<const double> differences, double margin) {
  return log_evidence(differences, margin, -1);
}

EffectInterval confidence_sequence(std::span<const double> differences, double alpha) {
  const double enough = std::log(2 / alpha);
  return {.low = refuted_up_to(differences, 1, enough),
          .high = -refuted_up_to(differences, -1, enough)};
}

double hodges_lehmann(std::span<const double> differences) {
  if (differences.empty()) return 0;
  std::vector<double> means;
  means.reserve(differences.size() * (differences.size() + 1) / 2);
  for (std::size_t i = 0; i < differences.size(); ++i)
    for (std::size_t j = i; j < differences.size(); ++j)
      means.push_back(std::midpoint(differences[i], differences[j]));
  const auto middle = means.begin() + static_cast<std::ptrdiff_t>(means.size() / 2);
  std::ranges::nth_element(means, middle);
  if (means.size() % 2 == 1) return *middle;
  return std::midpoint(*middle, *std::max_element(means.begin(), middle));
}

}  // namespace atonce
