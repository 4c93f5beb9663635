#include "bench/tune/display.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/tune/answer.h"
#include "bench/tune/statistics.h"
#include "core/units.h"
#include "reports/escape.h"

namespace atonce::tune {
namespace {

constexpr std::size_t line_width = 79;  // a line that wraps could not be rewritten

std::string figures(const Rules& rules, const Probe& probe) {
  if (!probe.invalid.empty()) return "not usable: " + probe.invalid;
  if (probe.blocks.empty()) return "stopped";
  double quantile = 0.99, worst = 0;
  for (std::size_t i = 0; i < rules.slos.size(); ++i) {
    if (rules.slos[i].kind == Slo::Kind::latency) quantile = rules.slos[i].quantile;
    worst = std::max(worst, share_of(probe.blocks, i).value());
  }
  const Mean rate =
      rate_of(probe.blocks, [](const Block& block) { return static_cast<double>(block.calls); });
  return fmt::format("{}/s, p{:g} {}{}{}", format_count(rate.value), 100 * quantile,
                     format_duration(probe.response_time.quantile(quantile)),
                     rules.slos.empty() ? "" : fmt::format(", {:.2f} % bad", 100 * worst),
                     probe.client_limited ? ", client at its limit" : "");
}

std::string standing_of(const Tuning& so_far, std::size_t level) {
  for (const Verdict& verdict : so_far.verdicts)
    if (verdict.level == level && verdict.standing != Standing::open)
      return fmt::format(": {}", name(verdict.standing));
  return {};
}

}  // namespace

void Display::probe_begins(const Tuning& so_far, const ProbeOrder& order) {
  label_ = fmt::format("{:4.0f} of {:.0f} s  {:<7}  {}", so_far.used.count(),
                       so_far.rules.budget.count(), name(order.purpose),
                       level_text(so_far.rules.vary, order.level));
  if (on_terminal_) rewrite(label_);
}

void Display::probe_goes_on(std::uint64_t calls) {
  if (on_terminal_) rewrite(fmt::format("{}: {} calls", label_, calls));
}

void Display::probe_ended(const Tuning& so_far) {
  const Probe& probe = so_far.probes.back();
  clear();
  fmt::print(out_, "{}: {}{}\n", label_, printable_line(figures(so_far.rules, probe)),
             standing_of(so_far, probe.order.level));
  std::fflush(out_);
}

void Display::clear() {
  if (dirty_) fmt::print(out_, "\r\x1b[K");
  dirty_ = false;
}

void Display::rewrite(const std::string& line) {
  fmt::print(out_, "\r\x1b[K{}", shorten(line, line_width));
  dirty_ = true;
  std::fflush(out_);
}

}  // namespace atonce::tune
