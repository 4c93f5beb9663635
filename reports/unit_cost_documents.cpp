#include <fmt/format.h>

#include <algorithm>

#include "reports/assets.h"
#include "reports/escape.h"
#include "reports/html_parts.h"
#include "reports/markdown_parts.h"
#include "reports/report.h"
#include "reports/terminal_table.h"
#include "reports/unit_costs.h"

namespace atonce {
namespace {

constexpr const char* title = "Unit costs of concurrency";
constexpr const char* command =
    "atonce_microbench --benchmark_filter=unit_costs --benchmark_out=unit_costs.json\n"
    "atonce report --unit-costs unit_costs.json\n";
constexpr const char* none_missing = "Every figure was measured.";

std::string markdown(const UnitCosts& costs) {
  const auto table = unit_cost_table(costs);
  const auto gaps = unit_cost_gaps(costs);
  std::string out = fmt::format("# {}\n\n**{}**\n\n", title, unit_cost_headline(costs));
  out += markdown_table(table) + markdown_meanings(table) + "## Not measured\n\n";
  for (const auto& gap : gaps) out += "- " + escape_markdown(gap) + '\n';
  if (gaps.empty()) out += std::string(none_missing) + '\n';
  return out + "\n## Machine\n\n" + markdown_facts(costs.machine) + markdown_fenced(command);
}

std::string html(const UnitCosts& costs) {
  const auto table = unit_cost_table(costs);
  std::string gaps;
  for (const auto& gap : unit_cost_gaps(costs))
    gaps += fmt::format("<li>{}</li>\n", escape_html(gap));
  if (gaps.empty()) gaps = fmt::format("<li>{}</li>\n", none_missing);
  return html_filled(unit_costs_html(), {{"head", html_head(title)},
                                         {"title", title},
                                         {"headline", escape_html(unit_cost_headline(costs))},
                                         {"table", html_table(table, {})},
                                         {"meanings", html_meanings(table)},
                                         {"gaps", gaps},
                                         {"machine", html_facts(costs.machine)},
                                         {"command", escape_html(command)}});
}

}  // namespace

std::string unit_cost_terminal(const UnitCosts& costs, bool colour, int asked_width) {
  const auto width = terminal_width_of(asked_width);
  const Ink ink(colour);
  auto out = ink.bold(wrapped(unit_cost_headline(costs), width, 0)) + '\n';
  out += terminal_table(unit_cost_table(costs), width, ink);
  const auto gaps = unit_cost_gaps(costs);
  if (!gaps.empty()) out += '\n';
  for (const auto& gap : gaps) out += wrapped("- " + gap, width, 2);
  return out;
}

void write_unit_costs(const UnitCosts& costs, const std::filesystem::path& dir) {
  std::filesystem::create_directories(dir);
  write_whole(dir / "unit_costs.md", markdown(costs));
  write_whole(dir / "unit_costs.html", html(costs));
}

}  // namespace atonce
