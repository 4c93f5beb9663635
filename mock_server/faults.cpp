#include "mock_server/faults.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/random.h"
#include "mock_server/header_config.h"

namespace atonce::mock {
namespace {

constexpr std::array<std::string_view, 11> names{
    "",          "reset",          "close",           "stall", "status",     "banned",
    "end_early", "truncated_json", "malformed_chunk", "drip",  "error_event"};

/// Shares such as 33.3% do not add up exactly.
constexpr double rounding = 1e-9;

FaultKind parse_kind(const ConfigNode& node, RouteKind route) {
  const auto kind = fault_kind(node.text());
  const bool is_known = kind && *kind != FaultKind::none && *kind != FaultKind::banned;
  if (route == RouteKind::llm && !is_known) {
    node.reject(
        "reset, close, stall, status, end_early, truncated_json, malformed_chunk, drip or "
        "error_event");
  }
  if (!is_known || (route == RouteKind::plain && needs_stream(*kind))) {
    node.reject("reset, close, stall or status");
  }
  return *kind;
}

void parse_status(Fault& fault, const ConfigNode& node) {
  fault.status = static_cast<std::uint16_t>(node.at("status").count(200, 599));
  if (const auto wait = node.find("retry_after")) fault.retry_after = wait->duration();
  if (const auto form = node.find("retry_after_as")) {
    fault.retry_after_form = parse_retry_after_form(*form);
  }
  if (const auto headers = node.find("headers")) fault.headers = parse_headers(*headers);
}

void parse_place(Fault& fault, const ConfigNode& node, RouteKind route) {
  if (needs_stream(fault.kind)) fault.after = 0.5;
  if (const auto at_once = node.find("at_once")) {
    fault.at_once = at_once->flag();
    if (fault.at_once && needs_stream(fault.kind)) at_once->fail("this fault needs a stream");
  }
  if (const auto after = node.find("after")) {
    const bool fits = route == RouteKind::llm && fault.kind != FaultKind::status && !fault.at_once;
    if (!fits) after->fail("only a fault within the stream of a route with llm takes this");
    fault.after = after->fraction();
  }
}

void refuse(const ConfigNode& node, std::initializer_list<const char*> keys, FaultKind kind) {
  for (const char* key : keys) {
    const auto stray = node.find(key);
    if (stray) stray->fail(fmt::format("only `fault: {}` takes this", name(kind)));
  }
}

Fault parse_fault(const ConfigNode& node, RouteKind route) {
  node.allow_only({"fault", "share", "at_once", "first", "status", "retry_after", "retry_after_as",
                   "headers", "after", "pause"});
  Fault fault;
  fault.kind = parse_kind(node.at("fault"), route);
  fault.share = node.at("share").fraction();
  if (const auto first = node.find("first")) fault.first = first->count(1, 65535);
  parse_place(fault, node, route);
  if (fault.kind == FaultKind::status) {
    parse_status(fault, node);
  } else {
    refuse(node, {"status", "retry_after", "retry_after_as", "headers"}, FaultKind::status);
  }
  if (fault.kind == FaultKind::drip) {
    fault.pause = node.at("pause").duration();
  } else {
    refuse(node, {"pause"}, FaultKind::drip);
  }
  return fault;
}

}  // namespace

std::string_view name(FaultKind kind) {
  return names[static_cast<std::size_t>(kind)];
}

std::optional<FaultKind> fault_kind(std::string_view name) {
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return {};
  return static_cast<FaultKind>(found - names.begin());
}

bool needs_stream(FaultKind kind) {
  return kind >= FaultKind::end_early;
}

StreamFault within_stream(const Fault& fault, std::size_t tokens, double time_scale) {
  const auto after = static_cast<std::size_t>(fault.after.value() * static_cast<double>(tokens));
  const bool is_on_token = fault.kind == FaultKind::truncated_json;
  return {.kind = fault.kind,
          .at = std::min(after, is_on_token ? tokens - 1 : tokens),
          .pause = scaled(fault.pause, time_scale)};
}

std::vector<Fault> parse_faults(const ConfigNode& node, RouteKind kind) {
  std::vector<Fault> faults;
  double sum = 0;
  for (const ConfigNode& item : node.items()) {
    sum += faults.emplace_back(parse_fault(item, kind)).share;
    if (sum > 1 + rounding) item.at("share").fail("the shares add up to more than 100 %");
  }
  return faults;
}

const Fault* draw_fault(std::span<const Fault> faults, std::uint64_t seed, AttemptId id) {
  if (faults.empty()) return nullptr;
  double left = uniform01(seed, id.packed(), Stream::fault);
  for (const Fault& fault : faults) {
    if (left < fault.share) return &fault;
    left -= fault.share;
  }
  return nullptr;
}

}  // namespace atonce::mock
