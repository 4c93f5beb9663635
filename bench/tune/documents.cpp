#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "bench/tune/report.h"
#include "reports/report.h"

namespace atonce::tune {
namespace {

struct DocumentWriter {
  std::string_view name, file;
  std::string (*text)(const Report&);
};

constexpr std::array<DocumentWriter, 3> documents{{
    {"json", "tune.json", tune_json},
    {"md", "tune.md", tune_markdown},
    {"html", "tune.html", tune_html},
}};

}  // namespace

void check_document_names(const std::vector<std::string>& names) {
  for (const std::string& name : names)
    if (std::ranges::count(documents, name, &DocumentWriter::name) == 0)
      throw std::invalid_argument(
          fmt::format("--format: there is no '{}'; the formats are: json, md, html", name));
}

void write_documents(const Report& report, const std::filesystem::path& dir,
                     const std::vector<std::string>& names) {
  check_document_names(names);
  std::filesystem::create_directories(dir);
  for (const DocumentWriter& document : documents)
    if (names.empty() || std::ranges::count(names, document.name) > 0)
      write_whole(dir / document.file, document.text(report));
}

}  // namespace atonce::tune
