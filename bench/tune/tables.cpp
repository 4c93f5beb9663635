#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "bench/tune/report.h"
#include "core/units.h"
#include "reports/escape.h"

namespace atonce::tune {
namespace {

std::string duration(double ns) {
  return format_duration(Nanos(std::llround(ns)));
}

std::string percent(double share) {
  return fmt::format("{:.{}f} %", 100 * share, share < 0.1 ? 2 : share < 0.995 ? 1 : 0);
}

std::string rate(double per_second) {
  return format_count(per_second) + "/s";
}

std::string tail_name(const Rules& rules) {
  return fmt::format("p{:g}", 100 * tail_quantile_of(rules));
}

Tone tone_of(Standing standing) {
  if (standing == Standing::meets) return Tone::good;
  return standing == Standing::misses ? Tone::bad : Tone::plain;
}

/// Of the objective that is nearest to being missed.
std::size_t worst_objective(const Tuning& tuning, const LevelRow& row) {
  std::size_t worst = 0;
  for (std::size_t i = 1; i < row.shares.size(); ++i)
    if (row.shares[i] / tuning.rules.slos[i].share >
        row.shares[worst] / tuning.rules.slos[worst].share)
      worst = i;
  return worst;
}

std::vector<Column> figure_columns(const Rules& rules) {
  return {{.header = "level",
           .meaning = "As in the headline: cap, rate, ...",
           .number = true,
           .key = true},
          {.header = "throughput", .meaning = "Calls that ended well per second", .number = true},
          {.header = "p50", .meaning = "Median response time", .number = true},
          {.header = tail_name(rules), .meaning = "Response time", .number = true},
          {.header = "bad",
           .meaning = "Share of calls that were late or failed, of the objective that is nearest "
                      "to its limit",
           .number = true},
          {.header = "failed", .meaning = "Share of calls that failed", .number = true}};
}

std::vector<Cell> figure_cells(const Tuning& tuning, const LevelRow& row) {
  const std::string about = row.probed ? "" : "~";
  const std::size_t worst = worst_objective(tuning, row);
  return {{fmt::format("{:.0f}", row.level)},
          {about + rate(row.throughput)},
          {about + duration(row.p50)},
          {about + duration(row.tail)},
          {row.shares.empty() ? std::string(no_figure) : about + percent(row.shares[worst])},
          {about + percent(row.failed)}};
}

const LevelRow* row_of(const Answer& answer, std::optional<std::size_t> level) {
  for (const LevelRow& row : answer.rows)
    if (level && row.level == static_cast<double>(*level)) return &row;
  return nullptr;
}

std::string figures(const Tuning& tuning, const LevelRow& row) {
  std::string out;
  for (std::size_t i = 0; i < row.shares.size(); ++i)
    out += fmt::format("{}{}: {} bad [{}, {}]", i == 0 ? "" : "; ", tuning.rules.slos[i].text,
                       percent(row.shares[i]), percent(row.share_bounds[i].low),
                       percent(row.share_bounds[i].high));
  return fmt::format("{}{}{}, p50 {}", out, out.empty() ? "" : "; ", rate(row.throughput),
                     duration(row.p50));
}

}  // namespace

Table around_table(const Tuning& tuning, const Answer& answer) {
  Table table{.columns = figure_columns(tuning.rules), .rows = {}};
  for (const LevelRow& row : answer.around) {
    const bool is_answer = answer.level && row.level == static_cast<double>(*answer.level);
    table.rows.push_back({.cells = figure_cells(tuning, row), .winner = is_answer});
  }
  return table;
}

Table level_table(const Tuning& tuning, const Answer& answer) {
  Table table{.columns = figure_columns(tuning.rules), .rows = {}};
  table.columns.push_back(
      {.header = "interval of bad", .meaning = "95 % confidence interval", .number = true});
  table.columns.push_back({.header = "probes", .number = true});
  table.columns.push_back({.header = "verdict",
                           .meaning = "meets, misses: proved. undecided: given up. open: not "
                                      "measured for long enough"});
  for (const LevelRow& row : answer.rows) {
    auto cells = figure_cells(tuning, row);
    const std::size_t worst = worst_objective(tuning, row);
    cells.push_back({row.share_bounds.empty()
                         ? std::string(no_figure)
                         : fmt::format("{} to {}", percent(row.share_bounds[worst].low),
                                       percent(row.share_bounds[worst].high))});
    cells.push_back({std::to_string(row.probes)});
    cells.push_back({std::string(name(row.standing)), tone_of(row.standing)});
    const bool is_answer = answer.level && row.level == static_cast<double>(*answer.level);
    table.rows.push_back({.cells = std::move(cells), .winner = is_answer});
  }
  return table;
}

Table comparison_table(const Report& report) {
  const Rules& rules = report.tuned.front().tuning.rules;
  const bool is_knee = rules.goal != Goal::slo;
  Table table;
  table.columns = {
      {.header = "runner", .key = true},
      {.header = "set", .meaning = "The level to set", .number = true},
      {.header = is_knee ? "knee" : "interval",
       .meaning = is_knee ? "Where nearly all of the highest throughput is reached"
                          : "Of the highest that meets the objectives",
       .number = true},
      {.header = "throughput", .meaning = "There", .number = true},
      {.header = tail_name(rules), .meaning = "Response time there", .number = true},
      {.header = "CPU", .meaning = "Share of the client's cores, there", .number = true},
      {.header = "flags"}};
  for (const Tuned& tuned : report.tuned) {
    const Tuning& tuning = tuned.tuning;
    const Answer answer = answer_of(tuning);
    const LevelRow* row = row_of(answer, answer.level);
    double cpu = 0;
    for (const Probe& probe : tuning.probes)
      if (answer.level && probe.order.level == *answer.level) cpu = std::max(cpu, probe.cpu);
    std::string flags;
    for (const Flag flag : tuning.flags)
      flags += (flags.empty() ? "" : ", ") + std::string(name(flag, rules.range));
    const LevelInterval interval =
        is_knee ? tuning.knee.value_or(LevelInterval{}) : tuning.boundary;
    table.rows.push_back({.cells = {{printable_line(tuned.title())},
                                    {answer.level ? std::to_string(*answer.level) : no_figure},
                                    {interval_text(interval)},
                                    {row ? rate(row->throughput) : no_figure},
                                    {row ? duration(row->tail) : no_figure},
                                    {row ? percent(cpu) : no_figure},
                                    {flags.empty() ? no_figure : flags}}});
  }
  return table;
}

Facts answer_facts(const Tuning& tuning, const Answer& answer) {
  const Rules& rules = tuning.rules;
  Facts facts;
  const auto add = [&](const char* key, std::string value) {
    if (!value.empty()) facts.emplace_back(key, printable_line(value));
  };
  if (const LevelRow* row = row_of(answer, answer.level))
    add("at the level set", figures(tuning, *row));
  if (!rules.slos.empty()) {
    add("highest that meets all",
        interval_text(tuning.boundary) +
            (tuning.estimate > 0 ? fmt::format(", most likely {:.0f}", tuning.estimate) : ""));
    if (const LevelRow* row = row_of(answer, tuning.boundary.beyond))
      add("first proved failure",
          fmt::format("{}: {}", level_text(rules.vary, *tuning.boundary.beyond),
                      figures(tuning, *row)));
  }
  if (tuning.knee && (tuning.knee->beyond || knee_is_beyond_client(tuning)))
    add(rules.goal == Goal::slo || rules.goal == Goal::knee
            ? "knee (95 % of the highest throughput)"
            : "98 % of the highest rate",
        interval_text(*tuning.knee));
  add("what breaks beyond", answer.cause);
  add("model, to explain only", answer.model);
  add("probes", fmt::format("{} in {:.0f} s", tuning.probes.size(), tuning.used.count()));
  return facts;
}

std::vector<std::pair<std::string, std::string>> snippets(const Report& report,
                                                          const Tuned& tuned) {
  const auto level = recommended(tuned.tuning);
  if (!level) return {};
  const std::string& runner = tuned.runner;
  const Vary vary = tuned.tuning.rules.vary;
  const std::string played =
      fmt::format("atonce run {} --runner {}{}", report.played, runner,
                  tuned.transport.empty() ? "" : " --transport " + tuned.transport);
  if (vary == Vary::rate)
    return {{"scenario",
             fmt::format("load: {{shape: poisson, rate: {:g}/s, duration: {:g}s}}",
                         static_cast<double>(*level) * report.time_scale, 60 / report.time_scale)},
            {"atonce, with that load", played}};
  std::vector<std::pair<std::string, std::string>> all{
      {"atonce", fmt::format("{} --{} {}", played, name(vary), *level)}};
  const auto add = [&](const char* name, std::string line) {
    all.emplace_back(name, std::move(line));
  };
  if (vary == Vary::threads) return all;
  if (vary == Vary::connections) {
    add("scenario", fmt::format("limits: {{connections: {}}}", *level));
    add("libcurl",
        fmt::format("curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, {}L);", *level));
    add("Python httpx", fmt::format("httpx.Limits(max_connections={})", *level));
    return all;
  }
  add("scenario", fmt::format("limits: {{caps: [{}]}}", *level));
  if (runner == "asio_coroutines")
    add("Boost.Asio", fmt::format("channel<void(error_code)> slots(executor, {});", *level));
  if (runner == "curl_multi")
    add("libcurl",
        fmt::format("curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, {}L);", *level));
  if (runner == "tbb_parallel") add("oneTBB", fmt::format("tbb::task_arena arena({});", *level));
  if (runner == "thread_pool" || runner == "process_pool")
    add("C++20", fmt::format("std::counting_semaphore<> slots({});", *level));
  add("Python", fmt::format("slots = asyncio.Semaphore({})", *level));
  add("JavaScript", fmt::format("const limit = pLimit({});", *level));
  add("Go", fmt::format("slots := make(chan struct{{}}, {})", *level));
  return all;
}

}  // namespace atonce::tune
