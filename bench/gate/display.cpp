#include "bench/gate/display.h"

#include <fmt/format.h>

#include <algorithm>

#include "bench/gate/tables.h"
#include "bench/gate/thresholds.h"
#include "core/units.h"
#include "reports/escape.h"
#include "reports/terminal_table.h"

namespace atonce::gate {
namespace {

constexpr std::size_t line_width = 79;  // a line that wraps could not be rewritten
constexpr std::size_t pairs_a_line = 10;

/// How near the evidence is to what is needed, on its own scale, the logarithm.
int progress(double log_wealth, double enough) {
  return static_cast<int>(100 * std::clamp(log_wealth / enough, 0.0, 1.0));
}

std::string state_line(const Record& record, const Judge& judge) {
  const auto passed = std::ranges::count(judge.passed(), true);
  const auto used = std::chrono::floor<std::chrono::seconds>(record.pairs.back().ended);
  const auto most = std::chrono::ceil<std::chrono::seconds>(record.rules.most_time);
  if (judge.suspects())
    return fmt::format("pair {}, {} of {} s: looks worse; is the baseline like itself?",
                       record.pairs.size(), used.count(), most.count());
  return fmt::format("pair {}, {} of {} s: to FAIL {} %, cells passed {} of {}, control {} %{}",
                     record.pairs.size(), used.count(), most.count(),
                     progress(judge.contest().worse(), enough_for_fail(record.rules)), passed,
                     record.cells.size(),
                     progress(std::max(judge.control().worse(), judge.control().better()),
                              enough_for_control_alarm(record.rules)),
                     judge.dropped() > 0 ? fmt::format(", dropped {}", judge.dropped()) : "");
}

Tone tone_of(Answer answer) {
  if (answer == Answer::pass) return Tone::good;
  return answer == Answer::inconclusive ? Tone::caution : Tone::bad;
}

}  // namespace

Display::~Display() {
  if (dirty_) fmt::print(out_, "\r\x1b[K");
  std::fflush(out_);
}

void Display::prepares(std::string_view what) {
  if (on_terminal_) rewrite(std::string(what));
}

void Display::pair_ended(const Record& record, const Judge& judge) {
  const std::string line = state_line(record, judge);
  if (on_terminal_) {
    rewrite(line);
  } else if (record.pairs.size() % pairs_a_line == 0) {
    fmt::print(out_, "{}\n", line);
    std::fflush(out_);
  }
}

void Display::rewrite(const std::string& line) {
  dirty_ = true;
  fmt::print(out_, "\r\x1b[K{}", shorten(line, line_width));
  std::fflush(out_);
}

std::string terminal_text(const Record& record, const Judgement& judgement, bool colour,
                          int asked_width) {
  const auto width = terminal_width_of(asked_width);
  const Ink ink(colour);
  std::string out =
      ink.bold(ink.tone(tone_of(judgement.answer), wrapped(headline(judgement), width, 2)));
  out += '\n';
  if (!judgement.cells.empty()) out += terminal_table(cell_table(judgement), width, ink) + '\n';
  for (const std::string& remark : remarks(record, judgement))
    out += wrapped("- " + printable_line(remark), width, 2);
  for (const auto& [key, value] : run_facts(record, judgement))
    out += ink.faint(wrapped(key + ": " + printable_line(value), width, 2));
  return out;
}

}  // namespace atonce::gate
