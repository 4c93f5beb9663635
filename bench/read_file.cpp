#include "bench/read_file.h"

#include <filesystem>
#include <fstream>
#include <iterator>

namespace atonce {

std::optional<std::string> read_file(const std::string& path) {
  std::error_code ignored;
  std::ifstream in(path, std::ios::binary);
  if (!std::filesystem::is_regular_file(path, ignored) || !in) return {};
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

}  // namespace atonce
