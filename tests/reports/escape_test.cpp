#include "reports/escape.h"

#include <gmock/gmock.h>

#include <array>
#include <cstdio>
#include <memory>

namespace atonce {
namespace {

TEST(Printable, controls_and_marks_that_reorder_become_visible) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(printable_line("a\x1b[31mb"), "a" + mark + "[31mb");
  EXPECT_EQ(printable_line("a\xE2\x80\xAE"
                           "b"),
            "a" + mark + "b");
  EXPECT_EQ(printable_line("a\r\nb\tc\xE2\x80\xA8"
                           "d"),
            "a b c d");
  EXPECT_EQ(printable_text("a\r\nb\tc"), "a\nb\tc");
  EXPECT_EQ(printable_line("\xD7\xA2\xF0\x9F\x98\x80"), "\xD7\xA2\xF0\x9F\x98\x80");
}

TEST(Printable, what_is_not_utf8_is_replaced_byte_by_byte) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(printable_line("\xFFx"), mark + "x");
  EXPECT_EQ(printable_line("\xC0\xAF"), mark + mark);                        // overlong
  EXPECT_EQ(printable_line("\xED\xA0\x80"), mark + mark + mark);             // surrogate
  EXPECT_EQ(printable_line("\xF4\x90\x80\x80"), mark + mark + mark + mark);  // above U+10FFFF
  EXPECT_EQ(printable_line("\xE2\x82"), mark + mark);                        // cut off
  EXPECT_EQ(printable_line(std::string("\0", 1)), mark);
}

TEST(Escape, html_leaves_no_markup) {
  EXPECT_EQ(escape_html("<a href=\"x\" b='&'>"), "&lt;a href=&quot;x&quot; b=&#39;&amp;&#39;&gt;");
}

TEST(Escape, json_in_html_cannot_end_the_script) {
  EXPECT_EQ(escape_json_in_html(R"("</script><!--")"), R"("\u003c/script>\u003c!--")");
}

TEST(Escape, markdown_keeps_names_readable_and_neutralises_the_rest) {
  EXPECT_EQ(escape_markdown("curl_multi"), "curl_multi");
  EXPECT_EQ(escape_markdown("_a_ *b* `c` |d| <e> [f](g)"),
            "\\_a\\_ \\*b\\* \\`c\\` \\|d\\| \\<e\\> \\[f\\](g)");
}

TEST(Escape, csv_quotes_and_disarms_formulas) {
  EXPECT_EQ(csv_field("plain"), "plain");
  EXPECT_EQ(csv_field("a,\"b\""), "\"a,\"\"b\"\"\"");
  EXPECT_EQ(csv_field("=cmd()"), "'=cmd()");
  EXPECT_EQ(csv_field("@x"), "'@x");
  EXPECT_EQ(csv_field("-1+1"), "'-1+1");
  EXPECT_EQ(csv_field("a\nb"), "\"a\nb\"");
}

TEST(Escape, a_shell_reads_back_the_word) {
  for (const std::string word : {"plain", "two words", "it's", "$(id)", "`x`", "a\\b\"c", ""}) {
    const auto command = "printf %s " + shell_word(word);
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::array<char, 64> buffer{};
    const auto length = fread(buffer.data(), 1, buffer.size(), pipe.get());
    EXPECT_EQ(std::string(buffer.data(), length), word);
  }
}

TEST(Shorten, counts_characters_not_bytes) {
  EXPECT_EQ(display_width("\xC3\xA4\xC3\xB6"), 2u);
  EXPECT_EQ(shorten("abc", 3), "abc");
  EXPECT_EQ(shorten("abcd", 3), "ab…");
  EXPECT_EQ(shorten("\xC3\xA4\xC3\xB6\xC3\xBC!", 3), "\xC3\xA4\xC3\xB6…");
}

}  // namespace
}  // namespace atonce
