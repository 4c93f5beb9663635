#include "mock_server/llm_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace atonce::mock {
namespace {

using nlohmann::json;

constexpr std::size_t most_choices = 128;

[[noreturn]] void refuse(std::string_view field, std::string_view expected) {
  throw std::invalid_argument(fmt::format("{}: expected {}", field, expected));
}

/// Null when it is missing or null itself.
const json* find(const json& object, const char* field) {
  const auto found = object.find(field);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

const json& require(const json& body, const char* field) {
  const json* value = find(body, field);
  if (value == nullptr)
    throw std::invalid_argument(fmt::format("missing required field: {}", field));
  return *value;
}

bool flag(const json& object, const char* field) {
  const json* value = find(object, field);
  if (value == nullptr) return false;
  if (!value->is_boolean()) refuse(field, "true or false");
  return value->get<bool>();
}

std::optional<std::size_t> count(const json& body, const char* field, std::size_t most) {
  const json* value = find(body, field);
  if (value == nullptr) return {};
  const bool is_count = value->is_number_unsigned() && value->get<std::uint64_t>() >= 1;
  if (!is_count) refuse(field, "a whole number of at least 1");
  return std::min<std::uint64_t>(value->get<std::uint64_t>(), most);
}

std::string required_name(const json& object, std::string_view whose) {
  const json* name = object.is_object() ? find(object, "name") : nullptr;
  if (name == nullptr || !name->is_string()) refuse(whose, "an object with a name");
  return name->dump();
}

/// A content is a text, or a list of parts some of which have one.
std::size_t text_size(const json& content) {
  if (content.is_string()) return content.get_ref<const std::string&>().size();
  std::size_t size = 0;
  if (!content.is_array()) return size;
  for (const json& part : content) {
    const json* text = part.is_object() ? find(part, "text") : nullptr;
    if (text != nullptr && text->is_string()) size += text->get_ref<const std::string&>().size();
  }
  return size;
}

std::size_t prompt_tokens(const json& messages) {
  if (!messages.is_array()) refuse("messages", "a list");
  std::size_t size = 0;
  for (const json& message : messages) {
    if (!message.is_object()) refuse("messages", "objects with a role and a content");
    const json* content = find(message, "content");
    if (content != nullptr) size += text_size(*content);
  }
  return std::max<std::size_t>(size / 4, 1);
}

/// OpenAI wraps what Anthropic writes plainly: {"type": "function", "function": {"name": ...}}.
const json& definition(LlmApi api, const json& tool) {
  if (api == LlmApi::anthropic || !tool.is_object()) return tool;
  const json* function = find(tool, "function");
  return function == nullptr ? tool : *function;
}

/// Of "auto", or of {"type": "auto"}; "function" or "tool" when it names one.
std::string kind_of_choice(const json* choice) {
  if (choice == nullptr) return "auto";
  const json* kind = choice->is_object() ? find(*choice, "type") : choice;
  if (kind == nullptr || !kind->is_string()) refuse("tool_choice", "a word, or an object with one");
  return kind->get<std::string>();
}

void read_tools(LlmRequest& request, LlmApi api, const json& body) {
  const json* tools = find(body, "tools");
  if (tools == nullptr) return;
  if (!tools->is_array()) refuse("tools", "a list");
  if (tools->empty()) return;
  request.tool = required_name(definition(api, tools->front()), "tools");
  const json* choice = find(body, "tool_choice");
  const std::string kind = kind_of_choice(choice);
  request.tool_use = kind == "none"   ? ToolUse::never
                     : kind == "auto" ? ToolUse::possible
                                      : ToolUse::forced;
  if (kind == "function" || kind == "tool") {
    request.tool = required_name(definition(api, *choice), "tool_choice");
  }
}

void read_openai(LlmRequest& request, const json& body) {
  request.choices = count(body, "n", most_choices).value_or(1);
  request.max_tokens = count(body, "max_completion_tokens", most_tokens);
  if (!request.max_tokens) request.max_tokens = count(body, "max_tokens", most_tokens);
  const json* options = find(body, "stream_options");
  if (options != nullptr && !options->is_object()) refuse("stream_options", "an object");
  request.include_usage = options != nullptr && flag(*options, "include_usage");
}

}  // namespace

LlmRequest parse_llm_request(LlmApi api, std::string_view text) {
  const json body = json::parse(text, nullptr, false);
  if (!body.is_object()) throw std::invalid_argument("the body is not a JSON object");
  LlmRequest request;
  const json& model = require(body, "model");
  if (!model.is_string()) refuse("model", "a text");
  request.model = model.dump();
  request.prompt_tokens = prompt_tokens(require(body, "messages"));
  request.is_stream = flag(body, "stream");
  if (api == LlmApi::openai) read_openai(request, body);
  if (api == LlmApi::anthropic) {
    require(body, "max_tokens");
    request.max_tokens = count(body, "max_tokens", most_tokens);
  }
  read_tools(request, api, body);
  return request;
}

}  // namespace atonce::mock
