#include "core/llm_event.h"

#include <algorithm>
#include <array>
#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/src.hpp>
#include <span>

namespace atonce {
namespace {

namespace json = boost::json;

enum class Key : unsigned char {
  other,
  element,  // of an array
  arguments,
  choices,
  completion_tokens,
  content,
  delta,
  error,
  function,
  output_tokens,
  partial_json,
  reasoning_content,
  text,
  thinking,
  tool_calls,
  type,
  usage,
};

constexpr std::array<std::pair<std::string_view, Key>, 15> keys{
    {{"arguments", Key::arguments},
     {"choices", Key::choices},
     {"completion_tokens", Key::completion_tokens},
     {"content", Key::content},
     {"delta", Key::delta},
     {"error", Key::error},
     {"function", Key::function},
     {"output_tokens", Key::output_tokens},
     {"partial_json", Key::partial_json},
     {"reasoning_content", Key::reasoning_content},
     {"text", Key::text},
     {"thinking", Key::thinking},
     {"tool_calls", Key::tool_calls},
     {"type", Key::type},
     {"usage", Key::usage}}};

Key key_named(std::string_view name) {
  const auto* const found = std::ranges::find(keys, name, &std::pair<std::string_view, Key>::first);
  return found == keys.end() ? Key::other : found->second;
}

/// What one event's JSON says, as far as it is measured.
struct Facts {
  bool has_choices_key = false;
  bool has_choice = false;
  bool has_content = false;
  bool has_error = false;
  std::optional<std::uint32_t> tokens;
};

/// Called back by Boost.JSON's parser; keeps the path to the current value.
class FactsHandler {
 public:
  static constexpr std::size_t max_object_size = SIZE_MAX, max_array_size = SIZE_MAX,
                               max_key_size = SIZE_MAX, max_string_size = SIZE_MAX;
  using error_code = json::error_code;
  using string_view = json::string_view;

  Facts facts;

  bool on_document_begin(error_code&) { return true; }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) {
    facts.has_error |= at({Key::error});
    push(Key::other);
    return true;
  }
  bool on_object_end(std::size_t, error_code&) { return pop(); }
  bool on_array_begin(error_code&) {
    push(Key::element);
    return true;
  }
  bool on_array_end(std::size_t size, error_code&) {
    pop();
    facts.has_choice |= size > 0 && at({Key::choices});
    return true;
  }
  bool on_key_part(string_view, std::size_t, error_code&) { return true; }
  bool on_key(string_view tail, std::size_t size, error_code&) {
    // A key that came in parts has an escape in it; none that matters here has.
    const bool whole = tail.size() == size;
    set(whole ? key_named({tail.data(), tail.size()}) : Key::other);
    facts.has_choices_key |= at({Key::choices});
    return true;
  }
  bool on_string_part(string_view, std::size_t, error_code&) { return true; }
  bool on_string(string_view, std::size_t size, error_code&) {
    facts.has_error |= at({Key::error});
    facts.has_content |= size > 0 && is_content();
    return true;
  }
  bool on_number_part(string_view, error_code&) { return true; }
  bool on_int64(std::int64_t value, string_view, error_code&) {
    return on_number(static_cast<std::uint64_t>(std::max<std::int64_t>(value, 0)));
  }
  bool on_uint64(std::uint64_t value, string_view, error_code&) { return on_number(value); }
  bool on_double(double, string_view, error_code&) { return true; }
  bool on_bool(bool, error_code&) { return true; }
  bool on_null(error_code&) { return true; }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  /// Nothing that is measured lies deeper.
  static constexpr std::size_t deepest = 8;

  void push(Key key) {
    ++depth_;
    set(key);
  }
  bool pop() {
    --depth_;
    return true;
  }
  void set(Key key) {
    if (depth_ > 0 && depth_ <= deepest) path_[depth_ - 1] = key;
  }
  bool at(std::initializer_list<Key> path) const {
    return depth_ == path.size() && std::ranges::equal(path, std::span(path_).first(depth_));
  }
  bool is_content() const {
    using enum Key;
    return at({choices, element, delta, content}) ||
           at({choices, element, delta, reasoning_content}) ||
           at({choices, element, delta, tool_calls, element, function, arguments}) ||
           at({delta, text}) || at({delta, partial_json}) || at({delta, thinking});
  }
  bool on_number(std::uint64_t value) {
    if (at({Key::usage, Key::completion_tokens}) || at({Key::usage, Key::output_tokens}))
      facts.tokens = static_cast<std::uint32_t>(std::min<std::uint64_t>(value, UINT32_MAX));
    return true;
  }

  std::array<Key, deepest> path_{};
  std::size_t depth_ = 0;
};

/// Nothing when `text` is not a JSON document.
std::optional<Facts> facts_of(std::string_view text) {
  json::basic_parser<FactsHandler> parser{json::parse_options{}};
  json::error_code error;
  const std::size_t used = parser.write_some(false, text.data(), text.size(), error);
  if (error || used != text.size() || !parser.done()) return {};
  return parser.handler().facts;
}

}  // namespace

EventMeaning LlmEvents::read(const SseEvent& event) {
  if (api_ == Api::other) return EventMeaning::token;
  if (event.data == "[DONE]" && api_ != Api::anthropic) {
    api_ = Api::openai;
    return EventMeaning::end;
  }
  const auto facts = facts_of(event.data);
  if (api_ == Api::unknown) {
    if (event.type == "message_start")
      api_ = Api::anthropic;
    else if (facts && facts->has_choices_key)
      api_ = Api::openai;
    else if (!facts || !(facts->has_error || event.type == "error" || event.type == "ping"))
      api_ = Api::other;
  }
  if (api_ == Api::other) return EventMeaning::token;
  if (!facts) return EventMeaning::malformed;
  if (facts->tokens) usage_tokens_ = facts->tokens;
  if (facts->has_error || event.type == "error") return EventMeaning::error;
  if (event.type == "message_stop") return EventMeaning::end;
  if (facts->has_content) return EventMeaning::token;
  const bool is_choice = facts->has_choice || event.type.starts_with("content_block");
  return is_choice ? EventMeaning::choice : EventMeaning::other;
}

}  // namespace atonce
