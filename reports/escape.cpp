#include "reports/escape.h"

#include <algorithm>
#include <cctype>
#include <functional>

namespace atonce {
namespace {

/// Replaces each character for which `replacement` gives a text that is not empty.
template <class Replacement>
std::string replaced(std::string_view text, Replacement replacement) {
  std::string out;
  for (const char c : text) {
    const std::string_view other = replacement(c);
    if (other.empty()) {
      out += c;
    } else {
      out += other;
    }
  }
  return out;
}

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

}  // namespace

std::string escape_html(std::string_view text) {
  return replaced(text, [](char c) -> std::string_view {
    switch (c) {
      case '&':
        return "&amp;";
      case '<':
        return "&lt;";
      case '>':
        return "&gt;";
      case '"':
        return "&quot;";
      case '\'':
        return "&#39;";
      default:
        return {};
    }
  });
}

std::string escape_json_in_html(std::string_view json) {
  return replaced(json, [](char c) -> std::string_view { return c == '<' ? "\\u003c" : ""; });
}

std::string escape_markdown(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    // GitHub takes no underscore inside a word for emphasis: names like curl_multi stay readable.
    const bool inside_word =
        c == '_' && i > 0 && i + 1 < text.size() && is_word(text[i - 1]) && is_word(text[i + 1]);
    if (std::string_view("\\`*_[]<>|#~&$").find(c) != std::string_view::npos && !inside_word)
      out += '\\';
    out += c;
  }
  return out;
}

std::string csv_field(std::string_view text) {
  const bool formula = !text.empty() && std::string_view("=+-@\t\r").find(text[0]) < 6;
  std::string safe = formula ? "'" + std::string(text) : std::string(text);
  if (safe.find_first_of(",\"\r\n") == std::string::npos) return safe;
  return '"' + replaced(safe, [](char c) -> std::string_view { return c == '"' ? "\"\"" : ""; }) +
         '"';
}

std::string shell_word(std::string_view text) {
  const auto plain = [](char c) {
    return is_word(c) || std::string_view("_-./:@%+,=").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::ranges::all_of(text, plain)) return std::string(text);
  return '\'' +
         replaced(text, [](char c) -> std::string_view { return c == '\'' ? "'\\''" : ""; }) + '\'';
}

std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, std::not_fn(is_continuation)));
}

std::string shorten(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  std::size_t end = 0;
  for (std::size_t columns = 0; end < text.size(); ++end)
    if (!is_continuation(text[end]) && ++columns == width) break;
  return std::string(text.substr(0, end)) + "…";
}

std::string shorten_name(std::string_view text, std::size_t width) {
  const auto dot = text.rfind(" · ");
  if (dot == std::string_view::npos || display_width(text) <= width) return shorten(text, width);
  const auto end = text.substr(dot);
  const auto needed = display_width(end);
  if (needed > width - width / 3) return shorten(text, width);
  return shorten(text.substr(0, dot), width - needed) + std::string(end);
}

}  // namespace atonce
