#include "bench/gate/arm.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <stdexcept>

#include "bench/read_file.h"
#include "core/config.h"
#include "core/units.h"
#include "mock_server/server_config.h"
#include "runners/runner.h"

namespace atonce::gate {
namespace {

constexpr std::size_t usual_cap = 20;
constexpr const char* usual_runner = "asio_coroutines";

[[noreturn]] void reject(const std::string& arm, const std::string& why) {
  throw std::invalid_argument(fmt::format("'{}': {}", arm, why));
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t from = 0; from <= text.size();) {
    const auto comma = std::min(text.find(',', from), text.size());
    parts.push_back(text.substr(from, comma - from));
    from = comma + 1;
  }
  return parts;
}

bool is_program(const std::string& path) {
  return std::filesystem::is_regular_file(path) && access(path.c_str(), X_OK) == 0;
}

std::string program_at(const std::string& arm, const std::string& path) {
  if (!is_program(path)) reject(arm, fmt::format("{} is not a program", path));
  return std::filesystem::canonical(path).string();
}

std::size_t number_above_0(const std::string& arm, const std::string& value) {
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc{} || end != value.data() + value.size() || number == 0)
    reject(arm, fmt::format("expected a whole number above 0, got '{}'", value));
  return number;
}

double factor(const std::string& arm, const std::string& value) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  const bool whole = error == std::errc{} && end == value.data() + value.size();
  if (!whole || !(number >= 1e-3 && number <= 1e3))
    reject(arm, fmt::format("expected a factor from 0.001 to 1000, got '{}'", value));
  return number;
}

void set(Arm& arm, const std::string& part) {
  const auto equals = part.find('=');
  const std::string key = part.substr(0, equals);
  if (equals == std::string::npos || equals + 1 == part.size())
    reject(arm.text, fmt::format("expected KEY=VALUE, got '{}'", part));
  const std::string value = part.substr(equals + 1);
  ArmSettings& settings = arm.settings;
  if (key == "runner")
    settings.runner = value;
  else if (key == "transport")
    settings.transport = value;
  else if (key == "variant")
    settings.variant = value;
  else if (key == "cap")
    settings.cap = number_above_0(arm.text, value);
  else if (key == "connections")
    settings.connections = number_above_0(arm.text, value);
  else if (key == "threads")
    settings.threads = number_above_0(arm.text, value);
  else if (key == "time_scale")
    settings.time_scale = factor(arm.text, value);
  else if (key == "server")
    settings.server = value;
  else
    reject(arm.text, fmt::format("there is no key '{}'; the keys are: runner, transport, variant, "
                                 "cap, connections, threads, time_scale, server",
                                 key));
}

/// What stands before the settings. False when it is a setting itself.
bool set_kind(Arm& arm, const std::string& head) {
  if (head == "this") return true;
  if (head.starts_with("http://") || head.starts_with("https://")) {
    parse_target(head);
    arm.kind = Arm::Kind::url;
    arm.url = head;
  } else if (head.starts_with("build:")) {
    arm.kind = Arm::Kind::build;
    arm.program = program_at(arm.text, head.substr(6));
  } else if (head.starts_with("client:")) {
    arm.kind = Arm::Kind::client;
    arm.program = program_at(arm.text, head.substr(7));
  } else if (is_program(head)) {
    arm.kind = Arm::Kind::build;
    arm.program = program_at(arm.text, head);
  } else {
    if (head.find('=') == std::string::npos)
      reject(arm.text,
             "expected build:PATH, client:PATH, http://HOST:PORT, this, or KEY=VALUE,...");
    return false;
  }
  return true;
}

void read_server(Arm& arm) {
  const std::string& file = arm.settings.server;
  if (file.empty()) return;
  if (!arm.mock_server()) reject(arm.text, "`server` is of the mock server, which a URL replaces");
  const auto text = read_file(file);
  if (!text) reject(arm.text, fmt::format("cannot read '{}'", file));
  arm.server_text = *text;
  const auto root = ConfigNode::parse(arm.server_text, file);
  mock::parse_server_config(root.is_map() && root.has("server") ? root.at("server") : root);
}

void fill_in(ArmSettings& settings, const Scenario& scenario) {
  if (settings.runner.empty())
    settings.runner = scenario.runners.empty() ? usual_runner : scenario.runners.front();
  const Scenario played = with_variant(scenario, settings.variant);
  if (settings.cap == 0)
    for (const std::size_t cap : played.caps)
      if (cap != unlimited) settings.cap = std::max(settings.cap, cap);
  if (settings.cap == 0) settings.cap = usual_cap;
  if (settings.connections == 0)
    settings.connections = played.connections == 0 ? settings.cap : played.connections;
}

void check(const Arm& arm) {
  if (arm.kind == Arm::Kind::build || arm.kind == Arm::Kind::client) return;
  const RunnerEntry* entry = find_runner(arm.settings.runner);
  if (!entry)
    reject(arm.text, fmt::format("there is no runner '{}' (`atonce list`)", arm.settings.runner));
  const auto& transport = arm.settings.transport;
  if (!transport.empty() && !std::ranges::count(entry->transports, transport))
    reject(arm.text, fmt::format("{} has no transport '{}'", entry->name, transport));
}

}  // namespace

Arm parse_arm(const std::string& text, const ArmSettings& defaults, const Scenario& scenario) {
  Arm arm{.text = text, .program = {}, .url = {}, .settings = defaults, .server_text = {}};
  const auto parts = split(text);
  const bool kind = set_kind(arm, parts.front());
  std::for_each(parts.begin() + (kind ? 1 : 0), parts.end(),
                [&](const std::string& part) { set(arm, part); });
  read_server(arm);
  fill_in(arm.settings, scenario);
  check(arm);
  return arm;
}

}  // namespace atonce::gate
