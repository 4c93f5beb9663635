#include <cstdint>
#include <optional>

#include "reports/escape.h"

namespace atonce {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

struct Decoded {
  char32_t code = 0;
  std::size_t length = 1;
};

/// Bytes that follow a lead byte, and nothing for a byte that cannot lead.
std::optional<std::size_t> followers(unsigned char lead) {
  if (lead < 0x80) return 0;
  if (lead >= 0xC2 && lead <= 0xDF) return 1;
  if (lead >= 0xE0 && lead <= 0xEF) return 2;
  if (lead >= 0xF0 && lead <= 0xF4) return 3;
  return {};
}

/// The code point at the start of `text`; nothing when it is not well-formed UTF-8 (Unicode 15,
/// table 3-7: no overlong forms, no surrogates, nothing above U+10FFFF).
std::optional<Decoded> decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const auto more = followers(lead);
  if (!more || text.size() <= *more) return {};
  if (*more == 0) return Decoded{lead, 1};
  char32_t code = lead & (0x3Fu >> *more);
  for (std::size_t i = 1; i <= *more; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if ((byte & 0xC0) != 0x80) return {};
    code = code << 6 | (byte & 0x3Fu);
  }
  constexpr char32_t smallest[] = {0, 0x80, 0x800, 0x10000};
  if (code < smallest[*more] || (code >= 0xD800 && code <= 0xDFFF) || code > 0x10FFFF) return {};
  return Decoded{code, *more + 1};
}

bool is_line_break(char32_t code) {
  return code == '\n' || code == 0x85 || code == 0x2028 || code == 0x2029;
}

/// Controls, marks that change the direction of text, and code points that XML forbids.
bool is_unfit(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x061C ||
         (code >= 0x200E && code <= 0x200F) || (code >= 0x202A && code <= 0x202E) ||
         (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF || (code & 0xFFFE) == 0xFFFE;
}

std::string printable(std::string_view text, bool keep_lines) {
  std::string out;
  while (!text.empty()) {
    const auto decoded = decode(text);
    const auto bytes = text.substr(0, decoded ? decoded->length : 1);
    text.remove_prefix(bytes.size());
    if (!decoded) {
      out += replacement;
    } else if (is_line_break(decoded->code)) {
      out += keep_lines ? '\n' : ' ';
    } else if (decoded->code == '\r' && text.starts_with('\n')) {
      continue;
    } else if (decoded->code == '\t') {
      out += keep_lines ? '\t' : ' ';
    } else {
      out += is_unfit(decoded->code) ? replacement : bytes;
    }
  }
  return out;
}

}  // namespace

std::string printable_line(std::string_view text) {
  return printable(text, false);
}

std::string printable_text(std::string_view text) {
  return printable(text, true);
}

}  // namespace atonce
