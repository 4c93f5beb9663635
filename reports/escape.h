#pragma once
/// Foreign text made safe for each place in which it is shown.

#include <cstddef>
#include <string>
#include <string_view>

namespace atonce {

/// Valid UTF-8 without control characters and without the marks that reorder text; each becomes
/// U+FFFD, and line breaks become spaces. Every other function here expects such text.
std::string printable_line(std::string_view text);
/// The same, but line breaks (as "\n") and tabs stay.
std::string printable_text(std::string_view text);

/// For HTML and XML, in text and between quotes.
std::string escape_html(std::string_view text);
/// For the inside of <script type="application/json">: no "<" is left, the JSON means the same.
std::string escape_json_in_html(std::string_view json);
/// For running text and table cells of GitHub's Markdown.
std::string escape_markdown(std::string_view text);
/// A whole CSV field (RFC 4180). A text that a spreadsheet would take for a formula gets a leading
/// apostrophe.
std::string csv_field(std::string_view text);
/// An argument of a POSIX shell command.
std::string shell_word(std::string_view text);

/// Columns that the text takes up in a terminal, one per code point.
std::size_t display_width(std::string_view text);
/// The text cut to `width` columns, ending in "…" when something was cut.
std::string shorten(std::string_view text, std::size_t width);
/// The same, but what stands behind the last " · " is kept whole where it leaves a third of the
/// width to the rest: "thread_pool/cpp… · fail_fast".
std::string shorten_name(std::string_view text, std::size_t width);

}  // namespace atonce
