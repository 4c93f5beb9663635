#include "bench/selfcheck/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/units.h"

namespace atonce::selfcheck {
namespace {

constexpr std::size_t width = 79;

/// At most four characters for what is below ten seconds, without a unit below 10 ms.
std::string micros(Nanos value) {
  const double us = static_cast<double>(value.count()) / 1e3;
  if (std::abs(us) < 9999.5) return fmt::format("{:.0f}", us == 0 ? 0.0 : us);
  return std::abs(us) < 999.5e3 ? fmt::format("{:.0f}m", us / 1e3)
                                : fmt::format("{:.1f}s", us / 1e6);
}

/// At most four characters.
std::string percent(Nanos value, Nanos of) {
  const double share =
      100 * static_cast<double>((value - of).count()) / static_cast<double>(of.count());
  if (share >= 999.5) return ">999";
  return std::abs(share) < 9.95 ? fmt::format("{:+.1f}", share) : fmt::format("{:+.0f}", share);
}

std::string contender(const Row& row) {
  return row.transport.empty() ? row.runner : row.runner + ", " + row.transport;
}

std::string head(const std::string& name, const Ink& ink) {
  constexpr std::string_view above =
      "               service - truth, us    service - law, %   lag  overhead";
  constexpr std::string_view names =
      "law        load  p50  p90  p99 99.9  p50  p90  p99 99.9   p99  p50  p99";
  return fmt::format("\n{}\n{}\n{}\n", ink.bold(name), ink.faint(above), ink.faint(names));
}

std::string line(const Row& row, const Ink& ink) {
  std::string truth, law;
  for (std::size_t i = 0; i < quantiles.size(); ++i) {
    const bool known = i < row.service.size();
    truth +=
        fmt::format("{:>5}", known ? micros(row.service[i].client - row.service[i].truth) : "-");
    law += fmt::format("{:>5}", known ? percent(row.service[i].client, row.service[i].law) : "-");
  }
  std::string text =
      fmt::format("{:<11} {:<3}{}{}{:>6}{:>5}{:>5} ", row.law, row.load, truth, law,
                  micros(row.send_lag.p99), micros(row.overhead.p50), micros(row.overhead.p99));
  text += row.passed() ? ink.tone(Tone::good, "PASS") : ink.tone(Tone::bad, "FAIL");
  text += "\n";
  for (const Reason& reason : row.reasons)
    text += "  " + wrapped(fmt::format("{}: {}", name(reason.cause), reason.text), width - 2, 4);
  return text;
}

/// What holds for all rows with figures together.
std::string witnesses(const std::vector<Row>& rows) {
  Spread room;
  Nanos low = Nanos::min(), high = Nanos::max();
  for (const Row& row : rows) {
    if (row.service.empty()) continue;
    room.p50 = std::max(room.p50, row.room.p50);
    room.p99 = std::max(room.p99, row.room.p99);
    low = std::max(low, row.clock_low);
    high = std::min(high, row.clock_high);
  }
  if (low == Nanos::min()) return "";
  std::string text = wrapped(
      fmt::format(
          "Every stamp lies between two that others made. What lies between them is the most "
          "a service time could be wrong: {} (p50) and {} (p99) in the worst row.",
          format_duration(room.p50), format_duration(room.p99)),
      width, 0);
  if (low > high) return text;
  return text +
         wrapped(fmt::format("The clocks of client and server agree: a difference below {} or "
                             "above {} is ruled out.",
                             format_duration(low), format_duration(high)),
                 width, 0);
}

std::string verdict(const Proof& proof, const Ink& ink) {
  const auto failed = std::ranges::count_if(proof.rows, std::not_fn(&Row::passed));
  const auto total = proof.rows.size();
  std::string text;
  if (proof.interrupted())
    text += fmt::format("Interrupted: {} of {} rows were played.\n", total, proof.planned);
  if (failed > 0)
    return text + ink.tone(Tone::bad, fmt::format("FAIL: {} of {} rows", failed, total)) + "\n";
  if (total == 0) return text;
  return text + ink.tone(Tone::good, fmt::format("PASS: {0} of {0} rows", total)) + "\n";
}

}  // namespace

std::string table(const Proof& proof, const Ink& ink) {
  std::string text, last;
  for (const Row& row : proof.rows) {
    if (contender(row) != last) text += head(last = contender(row), ink);
    text += line(row, ink);
  }
  return text + "\n" + witnesses(proof.rows) + verdict(proof, ink);
}

}  // namespace atonce::selfcheck
