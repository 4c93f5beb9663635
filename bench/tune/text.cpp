#include <fmt/format.h>
#include <fmt/ranges.h>

#include "bench/tune/report.h"
#include "reports/escape.h"
#include "reports/markdown_parts.h"
#include "reports/terminal_table.h"

namespace atonce::tune {
namespace {

std::string headline_of(const Report& report, const Tuned& tuned, const Answer& answer) {
  const std::string who = report.tuned.size() > 1 ? tuned.title() + ": " : "";
  return printable_line(who + answer.headline);
}

std::string terminal_part(const Report& report, const Tuned& tuned, const Ink& ink,
                          std::size_t width) {
  const Answer answer = answer_of(tuned.tuning);
  const Tone tone = !answer.level ? Tone::bad : answer.is_complete ? Tone::good : Tone::caution;
  std::string out =
      ink.bold(ink.tone(tone, wrapped(headline_of(report, tuned, answer), width, 2))) + '\n';
  for (const auto& [key, value] : answer_facts(tuned.tuning, answer))
    out += wrapped(key + ": " + value, width, 4);
  if (!answer.around.empty())
    out += '\n' + terminal_table(around_table(tuned.tuning, answer), width, ink);
  if (!answer.remarks.empty()) out += '\n';
  for (const std::string& remark : answer.remarks)
    out += wrapped("- " + printable_line(remark), width, 2);
  const auto lines = snippets(report, tuned);
  if (!lines.empty()) out += '\n';
  for (const auto& [name, line] : lines)
    out += ink.faint(wrapped(name + ": " + printable_line(line), width, 4));
  return out;
}

std::string markdown_part(const Report& report, const Tuned& tuned) {
  const Answer answer = answer_of(tuned.tuning);
  std::string out = fmt::format("## {}\n\n", escape_markdown(headline_of(report, tuned, answer)));
  out += markdown_facts(answer_facts(tuned.tuning, answer));
  if (!answer.around.empty()) out += markdown_table(around_table(tuned.tuning, answer));
  for (const std::string& remark : answer.remarks)
    out += "- " + escape_markdown(printable_line(remark)) + '\n';
  out += "\nAll levels that were probed:\n\n";
  out += markdown_table(level_table(tuned.tuning, answer));
  std::string lines;
  for (const auto& [name, line] : snippets(report, tuned))
    lines += fmt::format("{}: {}\n", name, printable_line(line));
  return lines.empty() ? out : out + markdown_fenced(lines);
}

}  // namespace

std::string left_out_text(const Report& report) {
  std::string out;
  if (!report.left_out.empty())
    out = fmt::format("Left out: {}.", fmt::join(report.left_out, "; "));
  if (!report.not_played.empty())
    out += fmt::format("{}Interrupted before these were played: {}.", out.empty() ? "" : " ",
                       fmt::join(report.not_played, ", "));
  return out;
}

std::string terminal_text(const Report& report, bool colour, int asked_width) {
  const auto width = terminal_width_of(asked_width);
  const Ink ink(colour);
  std::string out;
  for (const Tuned& tuned : report.tuned)
    out += (out.empty() ? "" : "\n") + terminal_part(report, tuned, ink, width);
  if (report.tuned.size() > 1) out += '\n' + terminal_table(comparison_table(report), width, ink);
  if (const auto left_out = left_out_text(report); !left_out.empty())
    out += '\n' + wrapped(left_out, width, 2);
  return out;
}

std::string tune_markdown(const Report& report) {
  std::string out =
      fmt::format("# Tuning: {}\n\n{}\n\n", escape_markdown(printable_line(report.scenario)),
                  escape_markdown(printable_line(report.command)));
  if (report.tuned.size() > 1) out += markdown_table(comparison_table(report));
  for (const Tuned& tuned : report.tuned) out += markdown_part(report, tuned);
  if (const auto left_out = left_out_text(report); !left_out.empty()) out += left_out + "\n\n";
  return out + "<details><summary>Machine</summary>\n\n" + markdown_facts(report.environment) +
         "</details>\n";
}

}  // namespace atonce::tune
