#include "bench/progress_line.h"

#include <fmt/format.h>

#include <utility>

namespace atonce {

void ProgressLine::begin(std::size_t number, std::size_t total, std::string label) {
  if (first_began_ == unset) first_began_ = now();
  number_ = number;
  total_ = total;
  label_ = std::move(label);
  if (on_terminal_) rewrite(head() + time_left());
}

void ProgressLine::show(std::string_view text) {
  if (on_terminal_) rewrite(fmt::format("{}: {}{}", head(), text, time_left()));
}

void ProgressLine::end(std::string_view text) {
  remark(fmt::format("{}: {}", head(), text));
}

void ProgressLine::remark(std::string_view text) {
  clear();
  fmt::print(out_, "{}\n", text);
  std::fflush(out_);
}

void ProgressLine::clear() {
  if (on_terminal_) rewrite("");
}

/// Cut to 79 columns: a line that wraps could not be rewritten.
void ProgressLine::rewrite(const std::string& line) {
  fmt::print(out_, "\r\x1b[K{}", line.substr(0, 79));
  std::fflush(out_);
}

std::string ProgressLine::head() const {
  return fmt::format("[{}/{}] {}", number_, total_, label_);
}

std::string ProgressLine::time_left() const {
  if (number_ < 2) return "";
  const auto finished = static_cast<std::int64_t>(number_ - 1);
  const Nanos each = (now() - first_began_) / finished;
  const auto left = std::chrono::ceil<std::chrono::seconds>(
      each * static_cast<std::int64_t>(total_ - number_ + 1));
  return fmt::format(", about {} s left", left.count());
}

}  // namespace atonce
