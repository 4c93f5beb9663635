#include <fmt/format.h>

#include "bench/load_parse.h"
#include "bench/read_file.h"

namespace atonce {
namespace {

TraceColumns parse_columns(const ConfigNode& node) {
  node.allow_only({"time", "input_tokens", "output_tokens"});
  const auto name = [&](std::string_view key) {
    const auto column = node.find(key);
    return column ? std::optional(column->text()) : std::nullopt;
  };
  return {.time = name("time"),
          .input_tokens = name("input_tokens"),
          .output_tokens = name("output_tokens")};
}

Trace from_file(const ConfigNode& node, const TraceColumns& columns) {
  const std::string name = node.beside(node.text());
  const auto csv = read_file(name);
  if (!csv) node.fail(fmt::format("cannot read '{}'", name));
  try {
    return parse_trace(*csv, columns);
  } catch (const std::invalid_argument& error) {
    throw ConfigError(fmt::format("{}:{}", name, error.what()));
  }
}

Trace from_text(const ConfigNode& node, const TraceColumns& columns) {
  try {
    return parse_trace(node.text(), columns);
  } catch (const std::invalid_argument& error) {
    node.fail(fmt::format("line {}", error.what()));
  }
}

}  // namespace

Trace parse_trace_node(const ConfigNode& node) {
  node.allow_only({"file", "text", "columns", "time_scale"});
  const auto file = node.find("file"), text = node.find("text"), columns = node.find("columns");
  if (file.has_value() == text.has_value()) node.fail("needs either `file` or `text`");
  const TraceColumns named = columns ? parse_columns(*columns) : TraceColumns{};
  Trace trace = file ? from_file(*file, named) : from_text(*text, named);
  if (const auto scale = node.find("time_scale")) {
    const double factor = scale->number(1e-6, 1e6);
    for (TraceRow& row : trace.rows) row.at = scaled(row.at, factor);
  }
  return trace;
}

}  // namespace atonce
