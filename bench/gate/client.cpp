/// A client of the user's own, as an arm.

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <vector>

#include "bench/child_process.h"
#include "bench/gate/player.h"
#include "core/units.h"
#include "reports/json_field.h"

namespace atonce::gate {
namespace {

constexpr int protocol = 1;
constexpr Nanos patience = std::chrono::seconds(60);

nlohmann::json request_json(const Request& request) {
  return {{"method", request.method},
          {"target", request.target},
          {"headers", request.headers},
          {"body", request.body}};
}

double nearest_rank(std::vector<double>& values, double p) {
  if (values.empty()) return no_value;
  const auto rank = static_cast<std::size_t>(std::ceil(p * static_cast<double>(values.size())));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::ranges::nth_element(values, at);
  return *at;
}

std::vector<double> numbers(const JsonField& document, const char* key) {
  std::vector<double> values;
  if (const auto list = document.find(key))
    for (const JsonField& value : list->items()) values.push_back(value.number());
  return values;
}

PlayedSlice read_slice(const JsonField& said) {
  PlayedSlice slice;
  auto set = [&](Measure measure, double value) {
    slice.values[static_cast<std::size_t>(measure)] = value;
  };
  auto response = numbers(said, "response_ns");
  auto overhead = numbers(said, "overhead_ns");
  slice.calls = said.at("calls").whole<std::uint64_t>();
  slice.errors = said.at("errors").whole<std::uint64_t>();
  set(Measure::response_p50, nearest_rank(response, 0.5));
  set(Measure::response_p95, nearest_rank(response, 0.95));
  set(Measure::overhead_p50, nearest_rank(overhead, 0.5));
  set(Measure::overhead_p95, nearest_rank(overhead, 0.95));
  const double wall = said.at("wall_ns").number();
  if (wall > 0 && slice.calls >= slice.errors) {
    slice.throughput = static_cast<double>(slice.calls - slice.errors) / wall * 1e9;
    set(Measure::throughput, slice.throughput);
  }
  if (const auto cpu = said.find("cpu_ns"); cpu && slice.calls > 0)
    set(Measure::cpu_per_call, cpu->number() / static_cast<double>(slice.calls));
  return slice;
}

std::string how_it_ended(std::optional<int> code) {
  if (!code) return "it did not end in time";
  return *code > 128 ? fmt::format("it died of signal {}", *code - 128)
                     : fmt::format("exit code {}", *code);
}

}  // namespace

std::string client_task(const Scenario& scenario, const SliceOrder& order, const std::string& url) {
  Scenario played = with_variant(scenario, order.arm->settings.variant);
  if (played.session.stages.size() != 1)
    throw SliceFailed("a client program plays scenarios with one stage only");
  play_slice(played, order.load);
  const Schedule schedule = schedule_of(played, order.number);
  nlohmann::json requests = nlohmann::json::array(), calls = nlohmann::json::array();
  for (const Request& request : schedule.requests) requests.push_back(request_json(request));
  for (const std::uint32_t call : played.session.stages.front().calls) calls.push_back(call);
  nlohmann::json due = nlohmann::json::array();
  for (const Arrival& arrival : schedule.arrivals) due.push_back(arrival.due.count());
  return nlohmann::json{{"atonce_client", protocol},
                        {"url", url},
                        {"shape", schedule.closed ? "closed" : "open"},
                        {"cap", order.arm->settings.cap},
                        {"warm_up_ns", order.load.warm_up.count()},
                        {"measured_ns", order.load.measured.count()},
                        {"timeout_ns", scaled(played.timeout, played.time_scale).count()},
                        {"seed", seed_of(played, order.number)},
                        {"requests", requests},
                        {"calls", calls},
                        {"due_ns", due}}
      .dump();
}

PlayedSlice client_slice(const std::string& line) try {
  const auto document = parse_json(line);
  return read_slice(JsonField(document));
} catch (const SliceFailed&) {
  throw;
} catch (const std::exception& error) {
  throw SliceFailed(
      fmt::format("the client said something else than docs/gate.md asks for: {}", error.what()));
}

PlayedSlice play_client(const Scenario& scenario, const SliceOrder& order, const std::string& url,
                        std::stop_token stop) {
  ChildProcess child(order.program, {});
  if (!child.send_input(client_task(scenario, order, url) + "\n", stop, order.time_to_read)) {
    if (stop.stop_requested()) return {};
    throw SliceFailed(fmt::format("the client did not read its task from standard input within {}",
                                  format_duration(order.time_to_read)));
  }
  const Instant give_up = now() + order.load.warm_up + order.load.measured + patience;
  std::string last;
  for (bool ended = false; !ended && now() < give_up && !stop.stop_requested();) {
    std::string line;
    const auto read = child.read_line(line, now() + std::chrono::milliseconds(50));
    ended = read == ChildProcess::Read::end;
    if (read == ChildProcess::Read::line && !line.empty()) last = line;
  }
  if (stop.stop_requested()) return {};
  const auto code = child.wait(now() + std::chrono::seconds(2));
  if (code != 0) throw SliceFailed("the client failed: " + how_it_ended(code));
  return client_slice(last);
}

}  // namespace atonce::gate
