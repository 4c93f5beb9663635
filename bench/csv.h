#pragma once
/// Comma-separated values as RFC 4180 has them: quoted cells, lines that end with LF or CRLF.

#include <string>
#include <string_view>
#include <vector>

namespace atonce {

class CsvReader {
 public:
  /// `text` is not copied. A byte order mark at its start is skipped.
  explicit CsvReader(std::string_view text);

  /// The next row that is not blank; false at the end. Throws std::invalid_argument when a quoted
  /// cell is not closed, or something follows its end.
  bool next(std::vector<std::string>& cells);

  /// Of the row that was read last, from 1: where it begins.
  std::size_t line() const { return line_; }

 private:
  bool is_blank_line();
  std::string plain_cell();
  std::string quoted_cell();
  bool skip_line_end();

  std::string_view rest_;
  std::size_t line_ = 0, next_line_ = 1;
};

}  // namespace atonce
