#include "mock_server/rate_limit.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "mock_server/canned_response.h"

namespace atonce::mock {
namespace {

constexpr std::uint64_t largest_quota = 1'000'000'000;

Nanos parse_span(const ConfigNode& node) {
  const Nanos span = node.duration();
  if (span <= Nanos::zero()) node.reject("a duration above 0");
  return span;
}

Quota parse_quota(const ConfigNode& node) {
  Quota quota;
  quota.most = node.at("most").count(1, largest_quota);
  quota.per = parse_span(node.at("per"));
  if (const auto kind = node.find("kind")) {
    if (kind->text() != "bucket" && kind->text() != "window") kind->reject("bucket or window");
    if (kind->text() == "window") quota.kind = Quota::Kind::window;
  }
  return quota;
}

TokenQuota parse_tokens(const ConfigNode& node) {
  node.allow_only({"most", "per", "kind", "bytes_per_token", "output"});
  TokenQuota tokens{.quota = parse_quota(node)};
  if (const auto bytes = node.find("bytes_per_token")) {
    tokens.bytes_per_token = bytes->count(1, 1000);
  }
  if (const auto output = node.find("output")) tokens.output = output->count(0, largest_quota);
  return tokens;
}

Ban parse_ban(const ConfigNode& node) {
  node.allow_only({"after", "within", "lasts", "answer"});
  Ban ban;
  ban.after = node.at("after").count(1, 1'000'000);
  ban.within = parse_span(node.at("within"));
  ban.lasts = parse_span(node.at("lasts"));
  if (const auto answer = node.find("answer")) {
    if (answer->text() != "403" && answer->text() != "drop") answer->reject("403 or drop");
    if (answer->text() == "drop") ban.answer = Ban::Answer::drop;
  }
  return ban;
}

Vendor parse_vendor(const ConfigNode& node) {
  const auto text = node.text();
  if (text == "openai") return Vendor::openai;
  if (text == "anthropic") return Vendor::anthropic;
  if (text != "plain") node.reject("plain, openai or anthropic");
  return Vendor::plain;
}

RateLimit parse_rate_limit(const ConfigNode& node) {
  node.allow_only({"name", "key", "requests", "tokens", "concurrent", "vendor", "ban"});
  RateLimit limit;
  limit.name = node.at("name").text();
  if (limit.name == "none") node.at("name").reject("a name other than 'none'");
  if (const auto key = node.find("key")) {
    limit.key = key->text();
    if (!is_header_name(limit.key)) key->reject("the name of a header");
  }
  if (const auto requests = node.find("requests")) {
    requests->allow_only({"most", "per", "kind"});
    limit.requests = parse_quota(*requests);
  }
  if (const auto tokens = node.find("tokens")) limit.tokens = parse_tokens(*tokens);
  if (const auto concurrent = node.find("concurrent")) limit.concurrent = concurrent->limit();
  if (const auto vendor = node.find("vendor")) limit.vendor = parse_vendor(*vendor);
  if (const auto ban = node.find("ban")) limit.ban = parse_ban(*ban);
  return limit;
}

/// A span of 0 would be no limit at all.
Nanos scaled_span(Nanos span, double factor) {
  return std::max(scaled(span, factor), Nanos{1});
}

}  // namespace

std::uint64_t TokenQuota::estimate(std::uint64_t body_bytes) const {
  return (body_bytes + bytes_per_token - 1) / bytes_per_token + output;
}

RateLimit with_time_scale(RateLimit limit, double factor) {
  if (limit.requests) limit.requests->per = scaled_span(limit.requests->per, factor);
  if (limit.tokens) limit.tokens->quota.per = scaled_span(limit.tokens->quota.per, factor);
  if (limit.ban) {
    limit.ban->within = scaled_span(limit.ban->within, factor);
    limit.ban->lasts = scaled_span(limit.ban->lasts, factor);
  }
  return limit;
}

std::vector<RateLimit> parse_rate_limits(const ConfigNode& node) {
  std::vector<RateLimit> limits;
  for (const ConfigNode& item : node.items()) {
    RateLimit limit = parse_rate_limit(item);
    if (std::ranges::count(limits, limit.name, &RateLimit::name) > 0) {
      item.at("name").fail("a limit of this name stands above");
    }
    limits.push_back(std::move(limit));
  }
  return limits;
}

std::optional<std::size_t> parse_rate_limit_name(const ConfigNode& node,
                                                 const std::vector<RateLimit>& limits) {
  if (node.text() == "none") return {};
  const auto found = std::ranges::find(limits, node.text(), &RateLimit::name);
  if (found == limits.end()) {
    std::vector<std::string_view> names{"none"};
    for (const RateLimit& limit : limits) names.push_back(limit.name);
    node.reject(fmt::format("one of: {}", fmt::join(names, ", ")));
  }
  return static_cast<std::size_t>(found - limits.begin());
}

}  // namespace atonce::mock
