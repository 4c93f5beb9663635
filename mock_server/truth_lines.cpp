#include <fmt/compile.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <span>
#include <stdexcept>

#include "mock_server/truth.h"

// Hand-written on both sides: a log has up to a million lines, and a JSON library takes ten times
// as long for them.

namespace atonce::mock {
namespace {

/// Reads what append_line() wrote: fixed fields in a fixed order.
class LineReader {
 public:
  explicit LineReader(std::string_view line) : rest_(line) {}

  void expect(std::string_view text) {
    if (!takes(text)) throw std::invalid_argument("unexpected text");
  }

  bool takes(std::string_view text) {
    const bool is_next = rest_.starts_with(text);
    if (is_next) rest_.remove_prefix(text.size());
    return is_next;
  }

  template <typename Number>
  Number number(std::string_view before) {
    expect(before);
    Number value{};
    const auto [end, error] = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
    if (error != std::errc{}) throw std::invalid_argument("not a number");
    rest_.remove_prefix(static_cast<std::size_t>(end - rest_.data()));
    return value;
  }

  Instant instant(std::string_view before) { return from_ns(number<std::int64_t>(before)); }
  Nanos span(std::string_view before) { return Nanos{number<std::int64_t>(before)}; }

  /// The text between the quotes.
  std::string_view word(std::string_view before) {
    expect(before);
    const auto word = rest_.substr(0, rest_.find('"'));
    rest_.remove_prefix(word.size());
    return word;
  }

  AttemptId id(std::string_view before) {
    expect(before);
    const auto id = attempt_id_from_hex(rest_.substr(0, 16));
    if (!id) throw std::invalid_argument("not an attempt's id");
    rest_.remove_prefix(16);
    return *id;
  }

 private:
  std::string_view rest_;
};

constexpr std::array<std::string_view, 4> ends{"kept", "left", "closed", "reset"};

FaultKind read_fault(std::string_view word) {
  const auto kind = fault_kind(word);
  if (!kind) throw std::invalid_argument("not a fault");
  return *kind;
}

ConnectionEnd read_end(std::string_view word) {
  const auto found = std::ranges::find(ends, word);
  if (found == ends.end()) throw std::invalid_argument("not an end of a connection");
  return static_cast<ConnectionEnd>(found - ends.begin());
}

AttemptTruth parse_line(std::string_view line) {
  LineReader reader(line);
  AttemptTruth truth;
  truth.id = reader.id(R"({"id":")");
  truth.arrived = reader.instant(R"(","arrived":)");
  truth.planned = reader.span(R"(,"planned":)");
  truth.queued = reader.span(R"(,"queued":)");
  truth.frozen = reader.span(R"(,"frozen":)");
  truth.first_write = reader.instant(R"(,"first_write":)");
  truth.last_write = reader.instant(R"(,"last_write":)");
  truth.closed = reader.instant(R"(,"closed":)");
  truth.connection = reader.number<std::uint32_t>(R"(,"connection":)");
  truth.status = reader.number<std::uint16_t>(R"(,"status":)");
  truth.fault = read_fault(reader.word(R"(,"fault":")"));
  truth.connection_end = read_end(reader.word(R"(","connection_end":")"));
  reader.expect("\"");
  if (reader.takes(R"(,"tokens":[)")) {
    truth.token_writes.push_back(reader.instant(""));
    while (!reader.takes("]")) truth.token_writes.push_back(reader.instant(","));
  }
  reader.expect("}");
  return truth;
}

void append_tokens(std::string& out, std::span<const Instant> writes) {
  std::string_view before = R"(,"tokens":[)";
  for (const Instant at : writes) {
    fmt::format_to(std::back_inserter(out), FMT_COMPILE("{}{}"), before, to_ns(at));
    before = ",";
  }
  out += "]";
}

}  // namespace

std::string_view name(ConnectionEnd end) {
  return ends[static_cast<std::size_t>(end)];
}

void append_line(std::string& out, const AttemptTruth& truth) {
  char id[16];
  to_hex(truth.id, id);
  fmt::format_to(
      std::back_inserter(out),
      FMT_COMPILE(
          R"({{"id":"{}","arrived":{},"planned":{},"queued":{},"frozen":{},"first_write":{},)"
          R"("last_write":{},"closed":{},"connection":{},"status":{},"fault":"{}","connection_end":"{}")"),
      std::string_view(id, sizeof id), to_ns(truth.arrived), truth.planned.count(),
      truth.queued.count(), truth.frozen.count(), to_ns(truth.first_write), to_ns(truth.last_write),
      to_ns(truth.closed), truth.connection, truth.status, name(truth.fault),
      name(truth.connection_end));
  if (!truth.token_writes.empty()) append_tokens(out, truth.token_writes);
  out += "}\n";
}

std::vector<AttemptTruth> parse_truth(std::string_view lines) {
  std::vector<AttemptTruth> log;
  log.reserve(static_cast<std::size_t>(std::ranges::count(lines, '\n')));
  while (!lines.empty()) {
    const auto size = std::min(lines.find('\n'), lines.size());
    try {
      log.push_back(parse_line(lines.substr(0, size)));
    } catch (const std::invalid_argument& error) {
      throw std::runtime_error(fmt::format("truth log, line {}: {}", log.size() + 1, error.what()));
    }
    lines.remove_prefix(std::min(size + 1, lines.size()));
  }
  return log;
}

}  // namespace atonce::mock
