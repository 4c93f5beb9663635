#include "bench/trace.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <span>
#include <stdexcept>

#include "bench/csv.h"
#include "bench/timestamp.h"
#include "core/ascii.h"

namespace atonce {
namespace {

using Cells = std::vector<std::string>;

constexpr std::uint32_t most_tokens = 10'000'000;

// Without spaces, '_' and '-', in which traces differ.
constexpr std::string_view time_names[] = {
    "timestamp", "time", "arrival", "arrivedat", "starttime", "arrivaltime", "arrivaltimestamp"};
constexpr std::string_view input_names[] = {"contexttokens", "inputtokens",   "inputlength",
                                            "inputlen",      "prompttokens",  "promptlength",
                                            "promptlen",     "requesttokens", "numprefilltokens"};
constexpr std::string_view output_names[] = {
    "generatedtokens", "outputtokens", "outputlength",   "outputlen",      "completiontokens",
    "responsetokens",  "decodetokens", "responselength", "numdecodetokens"};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string letters_of(std::string_view name) {
  std::string letters(name);
  std::erase_if(letters, [](char c) { return c == ' ' || c == '\t' || c == '_' || c == '-'; });
  return letters;
}

bool is_one_of(std::span<const std::string_view> names, std::string_view header) {
  const std::string letters = letters_of(header);
  return std::ranges::any_of(
      names, [&](std::string_view name) { return equal_ignoring_case(name, letters); });
}

/// Which column holds what.
struct Layout {
  std::size_t columns = 0;
  std::optional<std::size_t> time, input, output;
};

std::optional<std::size_t> column(const Cells& header, const std::optional<std::string>& wanted,
                                  std::span<const std::string_view> known, const char* key) {
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string_view name = trimmed(header[i]);
    if (wanted ? !equal_ignoring_case(name, *wanted) : !is_one_of(known, name)) continue;
    if (found)
      throw std::invalid_argument(
          fmt::format("the columns '{}' and '{}' could both be the one for `{}`: name it in "
                      "`columns`",
                      trimmed(header[*found]), name, key));
    found = i;
  }
  if (!found && wanted)
    throw std::invalid_argument(fmt::format("there is no column '{}'; the columns are: {}", *wanted,
                                            fmt::join(header, ", ")));
  return found;
}

Layout layout_of(const Cells& header, const TraceColumns& columns) {
  Layout layout{.columns = header.size(),
                .time = column(header, columns.time, time_names, "time"),
                .input = column(header, columns.input_tokens, input_names, "input_tokens"),
                .output = column(header, columns.output_tokens, output_names, "output_tokens")};
  if (!layout.time)
    throw std::invalid_argument(fmt::format(
        "no column has the name of a time, such as timestamp: name it in `columns`; they are: {}",
        fmt::join(header, ", ")));
  return layout;
}

std::uint32_t tokens(const Cells& cells, const std::optional<std::size_t>& column,
                     const Cells& header) {
  if (!column) return 0;
  const std::string_view text = trimmed(cells[*column]);
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  if (!is_whole || value > most_tokens)
    throw std::invalid_argument(fmt::format("{}: expected a whole number up to {}, got '{}'",
                                            trimmed(header[*column]), most_tokens, text));
  return value;
}

/// Reads rows and holds what they must have in common.
class RowReader {
 public:
  RowReader(Cells header, const TraceColumns& columns)
      : header_(std::move(header)), layout_(layout_of(header_, columns)) {}

  const Layout& layout() const { return layout_; }

  TraceRow read(const Cells& cells) {
    if (cells.size() != layout_.columns)
      throw std::invalid_argument(
          fmt::format("expected {} cells as in the header, got {}", layout_.columns, cells.size()));
    return {.at = time(trimmed(cells[*layout_.time])),
            .input_tokens = tokens(cells, layout_.input, header_),
            .output_tokens = tokens(cells, layout_.output, header_)};
  }

 private:
  Nanos time(std::string_view text) {
    const std::string_view name = trimmed(header_[*layout_.time]);
    try {
      const Timestamp stamp = parse_timestamp(text);
      if (stamp.is_date_time != is_date_time_.value_or(stamp.is_date_time))
        throw std::invalid_argument("some rows have a number of seconds, others a date");
      is_date_time_ = stamp.is_date_time;
      return stamp.since_zero;
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(fmt::format("{}: {}", name, error.what()));
    }
  }

  const Cells header_;
  const Layout layout_;
  std::optional<bool> is_date_time_;
};

Trace read_rows(CsvReader& csv, const TraceColumns& columns) {
  Cells cells;
  if (!csv.next(cells)) throw std::invalid_argument("expected a header line");
  RowReader reader(cells, columns);
  Trace trace;
  trace.has_input_tokens = reader.layout().input.has_value();
  trace.has_output_tokens = reader.layout().output.has_value();
  while (csv.next(cells)) trace.rows.push_back(reader.read(cells));
  if (trace.rows.empty()) throw std::invalid_argument("expected a row after the header");
  return trace;
}

}  // namespace

Trace parse_trace(std::string_view csv, const TraceColumns& columns) {
  CsvReader reader(csv);
  Trace trace;
  try {
    trace = read_rows(reader, columns);
  } catch (const std::invalid_argument& error) {
    throw std::invalid_argument(fmt::format("{}: {}", reader.line(), error.what()));
  }
  std::ranges::stable_sort(trace.rows, {}, &TraceRow::at);
  const Nanos first = trace.rows.front().at;
  for (TraceRow& row : trace.rows) row.at -= first;
  return trace;
}

}  // namespace atonce
