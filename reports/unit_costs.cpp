#include "reports/unit_costs.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <vector>

#include "reports/comparison.h"
#include "reports/escape.h"
#include "reports/json_field.h"

namespace atonce {
namespace {

constexpr std::string_view suite = "unit_costs";

/// unit_costs/KIND/COST/units:N/...
struct Name {
  std::string kind, cost;
  std::uint64_t units = 0;
};

std::vector<std::string> parts_of(std::string_view name) {
  std::vector<std::string> parts;
  while (true) {
    const auto slash = name.find('/');
    parts.emplace_back(name.substr(0, slash));
    if (slash == name.npos) return parts;
    name.remove_prefix(slash + 1);
  }
}

std::optional<Name> suite_name(const JsonField& name) {
  const auto parts = parts_of(name.text());
  if (parts.size() < 3 || parts[0] != suite) return {};
  Name found{.kind = parts[1], .cost = parts[2], .units = 0};
  constexpr std::string_view argument = "units:";
  for (const auto& part : parts)
    if (part.starts_with(argument))
      std::from_chars(part.data() + argument.size(), part.data() + part.size(), found.units);
  if (found.cost == "memory" && found.units == 0) name.reject("a number of units in the name");
  return found;
}

/// Google Benchmark writes what JSON has no number for, such as the variation of figures that are
/// all 0, as NaN and Infinity.
std::string with_null_for_no_number(std::string_view text) {
  static constexpr std::array words{std::string_view(": NaN"), std::string_view(": Infinity"),
                                    std::string_view(": -Infinity")};
  std::string out(text);
  for (const auto word : words)
    for (auto at = out.find(word); at != out.npos; at = out.find(word, at))
      out.replace(at, word.size(), ": null");
  return out;
}

double positive(const JsonField& field) {
  const double value = field.number();
  if (!(value > 0)) field.reject("a number above 0");
  return value;
}

/// All repetitions of all benchmarks of one kind.
struct Repetitions {
  std::map<std::string, std::vector<double>> times;                 // by cost
  std::map<std::uint64_t, std::vector<double>> bytes, page_tables;  // by units
  std::map<std::string, std::string> reasons;
  std::map<std::uint64_t, std::string> memory_reasons;
};

void add(const JsonField& run, const Name& name, Repetitions& kind) {
  const auto failed = run.find("error_occurred");
  if (failed && failed->flag()) {
    auto& reason = name.units > 0 ? kind.memory_reasons[name.units] : kind.reasons[name.cost];
    reason = printable_line(run.at("error_message").text());
  } else if (name.cost == "memory") {
    kind.bytes[name.units].push_back(run.at("bytes_per_unit").number());
    kind.page_tables[name.units].push_back(run.at("page_table_bytes_per_unit").number());
  } else {
    kind.times[name.cost].push_back(1e9 / positive(run.at("items_per_second")));
  }
}

std::optional<double> median(const std::vector<double>& values) {
  const auto all = spread(values);
  if (!all) return {};
  return all->median;
}

UnitCost summed_up(Repetitions& kind) {
  UnitCost cost{.create_join = median(kind.times["create_join"]),
                .change = median(kind.times["switch"]),
                .memory = {},
                .reasons = kind.reasons,
                .memory_reasons = kind.memory_reasons};
  if (!kind.bytes.empty()) {
    const auto units = kind.bytes.rbegin()->first;
    cost.memory = {units, *median(kind.bytes[units]), *median(kind.page_tables[units])};
  }
  return cost;
}

Facts facts_of(const JsonField& context) {
  Facts facts;
  for (const auto* key :
       {"date", "CPU", "cores", "kernel", "clock source", "compiler", "build", "Boost", "TBB"})
    if (const auto value = context.find(key))
      facts.emplace_back(key, printable_line(value->text()));
  if (const auto load = context.find("load_avg")) {
    std::string numbers;
    for (const auto& number : load->items()) numbers += fmt::format("{:.2f} ", number.number());
    facts.emplace_back("load average before", numbers + "(1, 5 and 15 minutes)");
  }
  return facts;
}

}  // namespace

UnitCosts unit_costs_from_json(std::string_view text) {
  const auto document = parse_json(with_null_for_no_number(text));
  const JsonField root(document);
  const auto context = root.find("context"), benchmarks = root.find("benchmarks");
  if (!context || !benchmarks)
    throw std::runtime_error(
        "not a result of Google Benchmark, which --benchmark_out=FILE writes as JSON");
  std::map<std::string, Repetitions> kinds;
  for (const auto& run : benchmarks->items()) {
    if (const auto type = run.find("run_type"); type && type->text() == "aggregate") continue;
    if (const auto name = suite_name(run.at("name"))) add(run, *name, kinds[name->kind]);
  }
  if (kinds.empty())
    throw std::runtime_error(
        "has no results of the suite unit_costs; make them by atonce_microbench "
        "--benchmark_filter=unit_costs --benchmark_out=FILE");
  UnitCosts costs{.kinds = {}, .machine = facts_of(*context)};
  for (auto& [name, kind] : kinds) costs.kinds[name] = summed_up(kind);
  return costs;
}

UnitCosts read_unit_costs(const std::filesystem::path& file) try {
  std::ifstream in(file, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  if (!in) throw std::runtime_error("cannot be read");
  return unit_costs_from_json(text);
} catch (const std::runtime_error& error) {
  throw std::runtime_error(fmt::format("{}: {}", file.string(), error.what()));
}

}  // namespace atonce
