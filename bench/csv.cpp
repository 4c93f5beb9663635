#include "bench/csv.h"

#include <algorithm>
#include <stdexcept>

namespace atonce {

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
}

bool CsvReader::next(std::vector<std::string>& cells) {
  while (is_blank_line()) {
  }
  line_ = next_line_;
  if (rest_.empty()) return false;
  cells.clear();
  for (;;) {
    cells.push_back(rest_.starts_with('"') ? quoted_cell() : plain_cell());
    if (rest_.empty() || skip_line_end()) return true;
    if (!rest_.starts_with(',')) throw std::invalid_argument("a comma must follow a quoted cell");
    rest_.remove_prefix(1);
  }
}

/// Skips one, if it is there.
bool CsvReader::is_blank_line() {
  const auto first = rest_.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) rest_ = {};
  if (first == std::string_view::npos || rest_[first] != '\n') return false;
  rest_.remove_prefix(first + 1);
  ++next_line_;
  return true;
}

std::string CsvReader::plain_cell() {
  const std::string_view cell = rest_.substr(0, rest_.find_first_of(",\r\n"));
  rest_.remove_prefix(cell.size());
  return std::string(cell);
}

/// A quote inside is written twice.
std::string CsvReader::quoted_cell() {
  std::string cell;
  for (;;) {
    const auto end = rest_.find('"', 1);
    if (end == std::string_view::npos) throw std::invalid_argument("a quoted cell is not closed");
    cell += rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    if (!rest_.starts_with('"')) break;
    cell += '"';
  }
  next_line_ += static_cast<std::size_t>(std::ranges::count(cell, '\n'));
  return cell;
}

bool CsvReader::skip_line_end() {
  const std::size_t size = rest_.starts_with("\r\n")                            ? 2
                           : rest_.starts_with('\n') || rest_.starts_with('\r') ? 1
                                                                                : 0;
  rest_.remove_prefix(size);
  if (size > 0) ++next_line_;
  return size > 0;
}

}  // namespace atonce
