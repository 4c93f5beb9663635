#include "mock_server/operator_pages.h"

#include <fmt/format.h>

#include <charconv>
#include <stdexcept>

namespace atonce::mock {
namespace {

// Well under a millisecond of formatting, or about one line when it has many tokens.
constexpr std::size_t lines_per_slice = 500;
constexpr std::size_t bytes_per_slice = 128 << 10;

Task<TruthSummary> summarize(Site& site) {
  TruthSummary summary;
  for (auto& shard : site.shards) {
    summary = co_await run_on(*shard, [&] {
      shard->log.add_to(summary);
      summary.seed = shard->delays->seed();
      summary.time_scale = shard->delays->time_scale();
      return summary;
    });
  }
  summary.in_flight = site.tally.in_flight();
  summary.peak_in_flight = site.tally.peak_in_flight();
  co_return summary;
}

template <typename Number>
Number parse_number(std::string_view name, std::string_view text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    throw std::invalid_argument(fmt::format("{}: expected a number", name));
  }
  return value;
}

struct ResetRequest {
  std::optional<std::uint64_t> seed;
  std::optional<double> time_scale;
  bool keeps_course = false;  ///< only the account is set anew, the server stays what it is
};

/// Of "seed=7&time_scale=0.1". Throws std::invalid_argument.
ResetRequest parse_reset(std::string_view query) {
  ResetRequest request;
  while (!query.empty()) {
    const auto parameter = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(parameter.size() + 1, query.size()));
    const auto equals = std::min(parameter.find('='), parameter.size());
    const auto name = parameter.substr(0, equals);
    const auto value = parameter.substr(std::min(equals + 1, parameter.size()));
    if (name == "seed") {
      request.seed = parse_number<std::uint64_t>(name, value);
    } else if (name == "time_scale") {
      request.time_scale = parse_number<double>(name, value);
    } else if (parameter == "course=keep") {
      request.keeps_course = true;
    } else {
      throw std::invalid_argument("expected seed=N, time_scale=X and course=keep only");
    }
  }
  if (request.keeps_course && request.time_scale)
    throw std::invalid_argument("time_scale: expected without course=keep, which goes on in time");
  const double scale = request.time_scale.value_or(1);
  const bool is_usable = scale >= 1e-6 && scale <= 1e6;
  if (!is_usable) throw std::invalid_argument("time_scale: expected 0.000001 to 1000000");
  return request;
}

Task<TruthSummary> reset(Site& site, ResetRequest request) {
  std::shared_ptr<const Delays> delays;
  std::shared_ptr<Freezes> freezes;
  for (auto& shard : site.shards) {
    delays = co_await run_on(*shard, [&] {
      if (!delays) {
        delays = std::make_shared<const Delays>(
            site.config.routes, request.seed.value_or(shard->delays->seed()),
            request.time_scale.value_or(shard->delays->time_scale()));
        freezes = request.keeps_course
                      ? shard->freezes
                      : std::make_shared<Freezes>(site.config.freezes, delays->time_scale());
      }
      shard->delays = delays;
      shard->freezes = freezes;
      shard->log.reset();
      return delays;
    });
  }
  site.tally.reset();
  site.retry_watch.clear();
  if (!request.keeps_course) {
    site.rate_limits.reset(delays->time_scale());
    site.routes.reset_workers(delays->time_scale());
  }
  co_return co_await summarize(site);
}

Task<bool> send_page(Wire& wire, std::uint16_t status, std::string_view type, std::string body) {
  const CannedResponse page(status, {{"Content-Type", std::string(type)}}, std::move(body));
  const bool head_only = wire.head().method == "HEAD";
  const auto sent = co_await wire.send(page.head(wire.persistence()),
                                       head_only ? std::string_view{} : page.body());
  co_return sent&& wire.persistence() != Persistence::closes;
}

struct Slice {
  std::uint64_t era = 0;
  std::size_t next = 0;  // the first line of the next one
  std::string lines;
};

Slice format_slice(const TruthLog& log, std::size_t first) {
  Slice slice{.era = log.era(), .next = first, .lines = {}};
  const auto attempts = log.attempts();
  const std::size_t last = std::min(first + lines_per_slice, attempts.size());
  while (slice.next < last && slice.lines.size() < bytes_per_slice) {
    append_line(slice.lines, attempts[slice.next++]);
  }
  return slice;
}

/// The log of one thread as chunks, a slice at a time so that others get their turn.
Task<bool> stream_log(Shard& shard, Wire& wire) {
  std::optional<std::uint64_t> era;
  for (std::size_t first = 0;;) {
    const Slice slice =
        co_await run_on(shard, [&shard, first] { return format_slice(shard.log, first); });
    if (slice.lines.empty() || era.value_or(slice.era) != slice.era) co_return true;
    era = slice.era;
    first = slice.next;
    const auto chunk_head = fmt::format("{:x}\r\n", slice.lines.size());
    const auto sent = co_await wire.send(chunk_head, slice.lines + "\r\n");
    if (!sent) co_return false;
  }
}

Task<bool> stream_truth(Site& site, Wire& wire) {
  const auto head = render_head(200, {{"Content-Type", "application/x-ndjson"}},
                                "Transfer-Encoding: chunked", wire.persistence());
  const auto begun = co_await wire.send(head, "");
  bool is_open = begun.has_value();
  for (auto shard = site.shards.begin(); is_open && shard != site.shards.end(); ++shard) {
    is_open = co_await stream_log(**shard, wire);
  }
  if (!is_open) co_return false;
  const auto ended = co_await wire.send("0\r\n\r\n", "");
  co_return ended&& wire.persistence() != Persistence::closes;
}

Task<bool> answer_reset(Site& site, Wire& wire) {
  ResetRequest request;
  std::string mistake;
  try {
    request = parse_reset(wire.head().query());
  } catch (const std::invalid_argument& error) {
    mistake = error.what();
  }
  if (!mistake.empty()) {
    co_return co_await send_page(wire, 400, "application/json",
                                 fmt::format("{{\"error\": \"{}\"}}\n", mistake));
  }
  co_return co_await send_page(wire, 200, "application/json",
                               to_json(co_await reset(site, request)));
}

constexpr std::string_view directory =
    R"({"error": "no such page", "pages": ["GET /_atonce/summary", "GET /_atonce/truth", )"
    R"("POST /_atonce/reset?seed=N&time_scale=X", "POST /_atonce/reset?seed=N&course=keep", )"
    R"("GET /metrics"]})"
    "\n";

}  // namespace

bool is_operator_path(std::string_view path) {
  return path.starts_with("/_atonce/") || path == "/metrics";
}

Task<bool> answer_operator(Site& site, Wire& wire) {
  const std::string_view path = wire.head().path();
  const bool is_read = wire.head().method == "GET" || wire.head().method == "HEAD";
  if (path == "/_atonce/reset" && wire.head().method == "POST") {
    co_return co_await answer_reset(site, wire);
  }
  if (path == "/_atonce/truth" && wire.head().method == "GET") {
    co_return co_await stream_truth(site, wire);
  }
  if (path == "/_atonce/summary" && is_read) {
    co_return co_await send_page(wire, 200, "application/json", to_json(co_await summarize(site)));
  }
  if (path == "/metrics" && is_read) {
    co_return co_await send_page(wire, 200, "text/plain; version=0.0.4",
                                 to_prometheus(co_await summarize(site)));
  }
  co_return co_await send_page(wire, 404, "application/json", std::string(directory));
}

}  // namespace atonce::mock
