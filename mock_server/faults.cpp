#include "mock_server/faults.h"

#include <algorithm>
#include <array>

#include "core/random.h"

namespace atonce::mock {
namespace {

constexpr std::array<std::string_view, 6> names{"", "reset", "close", "stall", "status", "banned"};

/// Shares such as 33.3% do not add up exactly.
constexpr double rounding = 1e-9;

FaultKind parse_kind(const ConfigNode& node) {
  const auto kind = fault_kind(node.text());
  if (!kind || *kind == FaultKind::none || *kind == FaultKind::banned) {
    node.reject("reset, close, stall or status");
  }
  return *kind;
}

Fault parse_fault(const ConfigNode& node) {
  node.allow_only({"fault", "share", "at_once", "status", "retry_after"});
  Fault fault;
  fault.kind = parse_kind(node.at("fault"));
  fault.share = node.at("share").fraction();
  if (const auto at_once = node.find("at_once")) fault.at_once = at_once->flag();
  if (fault.kind == FaultKind::status) {
    fault.status = static_cast<std::uint16_t>(node.at("status").count(200, 599));
    if (const auto wait = node.find("retry_after")) fault.retry_after = wait->duration();
    return fault;
  }
  for (const char* key : {"status", "retry_after"}) {
    if (const auto stray = node.find(key)) stray->fail("only `fault: status` takes this");
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

std::vector<Fault> parse_faults(const ConfigNode& node) {
  std::vector<Fault> faults;
  double sum = 0;
  for (const ConfigNode& item : node.items()) {
    sum += faults.emplace_back(parse_fault(item)).share;
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
