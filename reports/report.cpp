#include "reports/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <stdexcept>

namespace atonce {

const ReportWriter* find_report_writer(std::string_view wanted) {
  const auto table = all_report_writers();
  const auto found = std::ranges::find(table, wanted, &ReportWriter::name);
  return found == table.end() ? nullptr : *found;
}

std::vector<const ReportWriter*> report_writers_named(const std::vector<std::string>& names) {
  const auto table = all_report_writers();
  if (names.empty()) return {table.begin(), table.end()};
  std::vector<const ReportWriter*> writers;
  for (const auto& name : names) {
    writers.push_back(find_report_writer(name));
    if (writers.back()) continue;
    std::vector<std::string_view> known;
    for (const auto* writer : table) known.push_back(writer->name);
    throw std::invalid_argument(
        fmt::format("no report format \"{}\"; there are {}", name, fmt::join(known, ", ")));
  }
  return writers;
}

void write_reports(const ResultSet& results, const std::filesystem::path& dir,
                   const std::vector<std::string>& names) {
  const auto writers = report_writers_named(names);
  std::filesystem::create_directories(dir);
  for (const auto* writer : writers) writer->write(results, dir);
}

void write_whole(const std::filesystem::path& file, std::string_view content) {
  auto unfinished = file;
  unfinished += ".part";
  std::ofstream out(unfinished, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  if (!out) {
    std::error_code ignored;
    std::filesystem::remove(unfinished, ignored);
    throw std::runtime_error(fmt::format("{} cannot be written", file.string()));
  }
  std::filesystem::rename(unfinished, file);
}

}  // namespace atonce
