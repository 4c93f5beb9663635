#include "mock_server/llm_config.h"

namespace atonce::mock {
namespace {

LlmApi parse_api(const ConfigNode& node) {
  const auto name = node.text();
  if (name == "openai") return LlmApi::openai;
  if (name == "anthropic") return LlmApi::anthropic;
  node.reject("openai or anthropic");
}

RoleChunk parse_role_chunk(const ConfigNode& node) {
  const auto name = node.text();
  if (name == "with_first_token") return RoleChunk::with_first_token;
  if (name == "at_once") return RoleChunk::at_once;
  node.reject("with_first_token or at_once");
}

Nanos parse_period(const ConfigNode& node) {
  const Nanos period = node.duration();
  if (period < std::chrono::milliseconds(1)) node.reject("a duration of 1ms or more");
  return period;
}

LlmWire parse_wire(const ConfigNode& node) {
  node.allow_only({"line_end", "keep_alive_comment", "bytes_per_write"});
  LlmWire wire;
  if (const auto line_end = node.find("line_end")) {
    const auto name = line_end->text();
    if (name != "lf" && name != "crlf") line_end->reject("lf or crlf");
    wire.is_crlf = name == "crlf";
  }
  if (const auto period = node.find("keep_alive_comment")) {
    wire.keep_alive_comment = parse_period(*period);
  }
  if (const auto bytes = node.find("bytes_per_write")) {
    wire.bytes_per_write = bytes->count(1, 1 << 20);
  }
  return wire;
}

}  // namespace

LlmRoute parse_llm(const ConfigNode& node) {
  node.allow_only({"api", "ttft", "gap", "tokens", "role_chunk", "tool_call", "wire"});
  LlmRoute llm;
  llm.api = parse_api(node.at("api"));
  if (const auto ttft = node.find("ttft")) llm.ttft = ttft->law();
  if (const auto gap = node.find("gap")) llm.gap = gap->law();
  if (const auto tokens = node.find("tokens")) llm.tokens = tokens->number_law();
  if (const auto role_chunk = node.find("role_chunk")) {
    llm.role_chunk = parse_role_chunk(*role_chunk);
  }
  if (const auto share = node.find("tool_call")) llm.tool_call = share->fraction();
  if (const auto wire = node.find("wire")) llm.wire = parse_wire(*wire);
  return llm;
}

}  // namespace atonce::mock
