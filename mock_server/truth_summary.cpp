#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "mock_server/truth.h"

namespace atonce::mock {

std::string to_json(const TruthSummary& summary) {
  nlohmann::ordered_json statuses = nlohmann::ordered_json::object();
  for (const auto& [status, count] : summary.by_status) statuses[std::to_string(status)] = count;
  const nlohmann::ordered_json json = {
      {"attempts", summary.attempts},
      {"completed", summary.completed},
      {"aborted", summary.aborted},
      {"faulted", summary.faulted},
      {"rejected", summary.rejected},
      {"logged", summary.logged},
      {"in_flight", summary.in_flight},
      {"peak_in_flight", summary.peak_in_flight},
      {"open_connections", summary.open_connections},
      {"distinct_connections", summary.distinct_connections},
      {"by_status", statuses},
      {"rate_limited", summary.rate_limited},
      {"banned", summary.banned},
      {"bans", summary.bans},
      {"retry_after_violations", summary.retry_after_violations},
      {"refused_connections", summary.refused_connections},
      {"frozen", summary.frozen},
      {"seed", summary.seed},
      {"time_scale", summary.time_scale},
  };
  return json.dump(2) + "\n";
}

TruthSummary parse_summary(std::string_view text) {
  try {
    const auto json = nlohmann::json::parse(text);
    TruthSummary summary;
    json.at("attempts").get_to(summary.attempts);
    json.at("completed").get_to(summary.completed);
    json.at("aborted").get_to(summary.aborted);
    json.at("faulted").get_to(summary.faulted);
    json.at("rejected").get_to(summary.rejected);
    json.at("logged").get_to(summary.logged);
    json.at("in_flight").get_to(summary.in_flight);
    json.at("peak_in_flight").get_to(summary.peak_in_flight);
    json.at("open_connections").get_to(summary.open_connections);
    json.at("distinct_connections").get_to(summary.distinct_connections);
    for (const auto& [status, count] : json.at("by_status").items()) {
      summary.by_status[std::stoi(status)] = count.get<std::uint64_t>();
    }
    json.at("rate_limited").get_to(summary.rate_limited);
    json.at("banned").get_to(summary.banned);
    json.at("bans").get_to(summary.bans);
    json.at("retry_after_violations").get_to(summary.retry_after_violations);
    json.at("refused_connections").get_to(summary.refused_connections);
    json.at("frozen").get_to(summary.frozen);
    json.at("seed").get_to(summary.seed);
    json.at("time_scale").get_to(summary.time_scale);
    return summary;
  } catch (const std::exception& error) {
    throw std::runtime_error(fmt::format("not a summary of the mock server: {}", error.what()));
  }
}

std::string to_prometheus(const TruthSummary& summary) {
  std::string text;
  const auto family = [&](std::string_view name, std::string_view type, std::string_view help) {
    text += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n", name, type, help);
  };
  const auto single = [&](std::string_view name, std::string_view type, std::string_view help,
                          std::uint64_t value) {
    family(name, type, help);
    text += fmt::format("{} {}\n", name, value);
  };
  single("atonce_attempts_total", "counter", "Requests that arrived.", summary.attempts);
  single("atonce_aborted_total", "counter", "Requests whose client went away.", summary.aborted);
  single("atonce_faulted_total", "counter", "Requests ended by a fault.", summary.faulted);
  single("atonce_rejected_total", "counter", "Input that was no request.", summary.rejected);
  single("atonce_connections_total", "counter", "Connections accepted.",
         summary.distinct_connections);
  single("atonce_rate_limited_total", "counter", "Requests refused by a rate limit.",
         summary.rate_limited);
  single("atonce_banned_total", "counter", "Requests refused by a ban.", summary.banned);
  single("atonce_bans_total", "counter", "Bans that began.", summary.bans);
  single("atonce_retry_after_violations_total", "counter",
         "Requests that came before the time they were told.", summary.retry_after_violations);
  single("atonce_refused_connections_total", "counter", "Connections reset, too many being open.",
         summary.refused_connections);
  single("atonce_frozen_total", "counter", "Requests whose answer a freeze held up.",
         summary.frozen);
  single("atonce_in_flight", "gauge", "Requests being answered.", summary.in_flight);
  single("atonce_in_flight_peak", "gauge", "Most at once.", summary.peak_in_flight);
  single("atonce_connections_open", "gauge", "Open connections.", summary.open_connections);
  family("atonce_responses_total", "counter", "Responses sent in full, by status.");
  for (const auto& [status, count] : summary.by_status) {
    text += fmt::format("atonce_responses_total{{status=\"{}\"}} {}\n", status, count);
  }
  return text;
}

}  // namespace atonce::mock
