#include "bench/gate/documents.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <stdexcept>

#include "bench/gate/measures.h"
#include "bench/gate/record_json.h"
#include "bench/gate/tables.h"
#include "reports/escape.h"
#include "reports/markdown_parts.h"
#include "reports/report.h"

namespace atonce::gate {
namespace {

std::string cell_sentence(const CellReport& cell) {
  return fmt::format("{}: {} (95 % interval {} to {}), from {} to {}", cell.info.name,
                     format_share(cell.effect), format_share(cell.low), format_share(cell.high),
                     format_value(cell.info, cell.baseline),
                     format_value(cell.info, cell.candidate));
}

std::string property(std::string_view key, const std::string& value) {
  return fmt::format("      <property name=\"{}\" value=\"{}\"/>\n", key,
                     escape_html(printable_line(value)));
}

/// What became of a cell, for JUnit: nothing for a test that passed.
std::string junit_outcome(const CellReport& cell, const Judgement& judgement) {
  const auto message = escape_html(printable_line(cell_sentence(cell)));
  if (judgement.answer == Answer::run_failed)
    return fmt::format("      <error message=\"{}\"/>\n",
                       escape_html(printable_line(judgement.reason)));
  const bool blamed = cell.state == CellState::worse || cell.state == CellState::suspected;
  if (judgement.answer == Answer::fail && blamed)
    return fmt::format("      <failure message=\"{}\"/>\n", message);
  if (cell.state == CellState::sound || cell.state == CellState::better) return {};
  return fmt::format("      <skipped message=\"undecided; {}\"/>\n", message);
}

std::string junit_case(const Record& record, const CellReport& cell, const Judgement& judgement) {
  const auto share = [](double value) {
    return std::isfinite(value) ? fmt::format("{:.5f}", value) : std::string("unknown");
  };
  return fmt::format(
      "    <testcase classname=\"atonce.gate.{}\" name=\"{}\">\n      <properties>\n{}{}{}{}"
      "      </properties>\n{}    </testcase>\n",
      escape_html(printable_line(record.scenario)), escape_html(printable_line(cell.info.name)),
      property("effect", share(cell.effect)), property("low", share(cell.low)),
      property("high", share(cell.high)), property("detectable", share(cell.detectable)),
      junit_outcome(cell, judgement));
}

/// The data of a workflow command, and its title: https://docs.github.com/actions
std::string command_text(std::string_view text, bool title) {
  std::string out;
  for (const char c : printable_line(text)) {
    if (c == '%')
      out += "%25";
    else if (title && (c == ',' || c == ':'))
      out += c == ',' ? "%2C" : "%3A";
    else
      out += c;
  }
  return out;
}

using Text = std::string (*)(const Record&, const Judgement&);

struct DocumentWriter {
  std::string_view name, file;
  Text text;
};

constexpr std::array<DocumentWriter, 8> documents{{
    {"json", "gate.json", to_json},
    {"md", "summary.md", summary_markdown},
    {"junit", "junit.xml", junit_xml},
    {"html", "gate.html", gate_html},
    {"bmf", "bmf.json", bmf_json},
    {"github", "github-benchmark.json", github_benchmark_json},
    {"gbench", "baseline.benchmark.json",
     [](const Record& record, const Judgement&) {
       return google_benchmark_json(record, Side::baseline);
     }},
    {"gbench", "candidate.benchmark.json",
     [](const Record& record, const Judgement&) {
       return google_benchmark_json(record, Side::candidate);
     }},
}};

}  // namespace

std::string summary_markdown(const Record& record, const Judgement& judgement) {
  std::string out = fmt::format("## {}\n\n", escape_markdown(headline(judgement)));
  out += fmt::format("{} against {}, scenario {}\n\n",
                     escape_markdown(printable_line(record.candidate)),
                     escape_markdown(printable_line(record.baseline)),
                     escape_markdown(printable_line(record.scenario)));
  const Table table = cell_table(judgement);
  if (!table.rows.empty()) out += markdown_table(table);
  for (const std::string& remark : remarks(record, judgement))
    out += "- " + escape_markdown(printable_line(remark)) + '\n';
  out += "\n<details><summary>The run</summary>\n\n";
  Facts facts = run_facts(record, judgement);
  facts.insert(facts.end(), record.environment.begin(), record.environment.end());
  for (auto& [key, value] : facts) value = printable_line(value);
  return out + markdown_facts(facts) + "</details>\n";
}

std::string junit_xml(const Record& record, const Judgement& judgement) {
  std::string cases;
  std::size_t failures = 0, errors = 0, skipped = 0;
  for (const CellReport& cell : judgement.cells) {
    const auto outcome = junit_outcome(cell, judgement);
    failures += outcome.find("<failure") != std::string::npos;
    errors += outcome.find("<error") != std::string::npos;
    skipped += outcome.find("<skipped") != std::string::npos;
    cases += junit_case(record, cell, judgement);
  }
  // A verdict that no cell carries, such as calls that fail, is a case of its own.
  const auto reason = escape_html(printable_line(judgement.reason));
  std::string whole;
  if (judgement.answer == Answer::fail && failures == 0) {
    ++failures;
    whole = fmt::format("<failure message=\"{}\"/>", reason);
  } else if (judgement.answer == Answer::run_failed && errors == 0) {
    ++errors;
    whole = fmt::format("<error message=\"{}\"/>", reason);
  } else if (judgement.answer == Answer::inconclusive) {
    ++skipped;
    whole = fmt::format("<skipped message=\"{}\"/>", reason);
  }
  const auto name = escape_html(printable_line(record.scenario));
  cases += fmt::format(
      "    <testcase classname=\"atonce.gate.{}\" name=\"verdict\">{}</testcase>\n", name, whole);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n  <testsuite name=\"atonce gate "
      "{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{}  </testsuite>\n"
      "</testsuites>\n",
      name, judgement.cells.size() + 1, failures, errors, skipped, cases);
}

std::string annotations(const Record& record, const Judgement& judgement) {
  const auto title = command_text("atonce gate: " + record.scenario, true);
  const auto line = [&](std::string_view level, std::string_view text) {
    return fmt::format("::{} title={}::{}\n", level, title, command_text(text, false));
  };
  if (judgement.answer == Answer::pass) return {};
  const bool bad = judgement.answer != Answer::inconclusive;
  std::string out = line(bad ? "error" : "warning", headline(judgement));
  for (const CellReport& cell : judgement.cells)
    if (cell.state == CellState::worse || cell.state == CellState::suspected)
      out += line(bad ? "error" : "warning", cell_sentence(cell));
  return out;
}

void check_document_names(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (std::ranges::count(documents, name, &DocumentWriter::name) > 0) continue;
    std::string known;
    for (const DocumentWriter& document : documents)
      known += (known.empty() ? "" : ", ") + std::string(document.name);
    throw std::invalid_argument(
        fmt::format("--format: there is no '{}'; the formats are: {}", name, known));
  }
}

void write_documents(const Record& record, const Judgement& judgement,
                     const std::filesystem::path& dir, const std::vector<std::string>& names) {
  check_document_names(names);
  std::filesystem::create_directories(dir);
  for (const DocumentWriter& document : documents)
    if (names.empty() || std::ranges::count(names, document.name) > 0)
      write_whole(dir / document.file, document.text(record, judgement));
}

}  // namespace atonce::gate
