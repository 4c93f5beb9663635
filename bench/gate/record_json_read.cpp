#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "bench/gate/record_json.h"
#include "bench/gate/thresholds.h"
#include "bench/read_file.h"
#include "reports/json_field.h"

namespace atonce::gate {
namespace {

Nanos nanos(const JsonField& field) {
  return Nanos{field.whole<std::int64_t>()};
}

double share(const JsonField& field, double low, double high) {
  const double value = field.number();
  if (!(value >= low && value <= high))
    field.reject(fmt::format("a number from {:g} to {:g}", low, high));
  return value;
}

Facts read_facts(const JsonField& field) {
  Facts facts;
  for (const JsonField& fact : field.items())
    facts.emplace_back(fact.at("name").text(), fact.at("value").text());
  return facts;
}

Rules read_rules(const JsonField& field) {
  Rules rules;
  rules.alpha = share(field.at("alpha"), least_error_rate, most_error_rate);
  rules.beta = share(field.at("beta"), least_error_rate, most_error_rate);
  rules.tolerated = share(field.at("tolerated"), 0, 10);
  rules.regression = share(field.at("regression"), 0, 10);
  rules.most_errors = share(field.at("most_errors"), 1e-6, 1);
  rules.most_dropped = share(field.at("most_dropped"), 0, 1);
  rules.most_steal = share(field.at("most_steal"), 0, 1);
  rules.most_stalled = share(field.at("most_stalled"), 0, 1);
  rules.control_every = field.at("control_every").whole<unsigned>();
  rules.most_pairs = field.at("most_pairs").whole<std::size_t>();
  rules.most_time = nanos(field.at("most_time_ns"));
  return rules;
}

Load read_load(const JsonField& field) {
  return {.rate = field.at("rate").number(),
          .capacity = field.at("capacity").number(),
          .closed = field.at("closed").flag(),
          .warm_up = nanos(field.at("warm_up_ns")),
          .measured = nanos(field.at("measured_ns"))};
}

Slice read_slice(const JsonField& field, std::size_t cells) {
  Slice slice;
  for (const JsonField& value : field.at("values").items())
    slice.values.push_back(value.is_null() ? no_value : value.number());
  if (slice.values.size() != cells)
    field.at("values").reject(fmt::format("a value for each of {} cells", cells));
  slice.calls = field.at("calls").whole<std::uint64_t>();
  slice.errors = field.at("errors").whole<std::uint64_t>();
  slice.length = nanos(field.at("length_ns"));
  slice.around = {.steal = field.at("steal").number(),
                  .pressure = field.at("pressure").number(),
                  .involuntary_switches = field.at("involuntary_switches").whole<std::uint64_t>(),
                  .stalled = nanos(field.at("stalled_ns")),
                  .worst_stall = nanos(field.at("worst_stall_ns")),
                  .invalid = field.at("invalid").text()};
  return slice;
}

Pair read_pair(const JsonField& field, std::size_t cells) {
  return {.number = field.at("number").whole<std::uint64_t>(),
          .control = field.at("control").flag(),
          .candidate_first = field.at("candidate_first").flag(),
          .ended = nanos(field.at("ended_ns")),
          .slices = {read_slice(field.at("baseline"), cells),
                     read_slice(field.at("candidate"), cells)}};
}

CellInfo read_cell(const JsonField& field) {
  return {.name = field.at("name").text(),
          .unit = field.at("unit").text(),
          .more_is_better = field.at("better").text() == "more"};
}

Design read_design(const JsonField& field) {
  const std::string word = field.text();
  for (std::size_t i = 0; i < design_names.size(); ++i)
    if (word == design_names[i]) return static_cast<Design>(i);
  field.reject("paired, stored or benchmarks");
}

Record read(const JsonField& root) {
  if (root.at("schema").text() != schema) root.at("schema").reject(schema);
  Record record;
  record.design = read_design(root.at("design"));
  record.scenario = root.at("scenario").text();
  record.scenario_text = root.at("scenario_text").text();
  record.created = root.at("created").text();
  record.baseline = root.at("baseline").text();
  record.candidate = root.at("candidate").text();
  record.seed = root.at("seed").whole<std::uint64_t>();
  record.schedule_seed = root.at("schedule_seed").whole<std::uint64_t>();
  record.rules = read_rules(root.at("rules"));
  record.load = read_load(root.at("load"));
  for (const JsonField& cell : root.at("cells").items()) record.cells.push_back(read_cell(cell));
  for (const JsonField& why : root.at("left_out").items()) record.left_out.push_back(why.text());
  record.interrupted = root.at("interrupted").flag();
  record.failure = root.at("failure").text();
  record.environment = read_facts(root.at("environment"));
  record.foreign = read_facts(root.at("foreign"));
  for (const JsonField& pair : root.at("pairs").items())
    record.pairs.push_back(read_pair(pair, record.cells.size()));
  return record;
}

}  // namespace

Record record_from_json(std::string_view text) {
  const auto document = parse_json(text);
  return read(JsonField(document));
}

Record read_record(const std::filesystem::path& file) {
  const auto text = read_file(file.string());
  if (!text) throw UnreadableFile(fmt::format("cannot read {}", file.string()));
  try {
    return record_from_json(*text);
  } catch (const std::exception& error) {
    throw UnreadableFile(fmt::format("{}: {}", file.string(), error.what()));
  }
}

}  // namespace atonce::gate
