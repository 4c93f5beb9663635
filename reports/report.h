#pragma once
/// The contract of a report writer.

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace atonce {

/// What a writer's own file says about it. What it writes depends on the results alone, byte for
/// byte: no clock, no random names.
struct ReportWriter {
  std::string_view name;     ///< as in --format
  std::string_view summary;  ///< one line for the help text, begins with the file that it writes
  /// Writes below `dir`, which exists, replacing older files whole. Throws std::runtime_error with
  /// one sentence when it cannot.
  void (*write)(const ResultSet& results, const std::filesystem::path& dir);
};

/// All writers of this build, in the order of reports/CMakeLists.txt.
std::span<const ReportWriter* const> all_report_writers();
/// Null when there is none with that name.
const ReportWriter* find_report_writer(std::string_view name);

/// The named writers; all of them when `names` is empty. Throws std::invalid_argument, which lists
/// the known names, on an unknown one.
std::vector<const ReportWriter*> report_writers_named(const std::vector<std::string>& names);

/// Makes `dir` and writes it with report_writers_named(names). An unknown name throws before
/// anything is written.
void write_reports(const ResultSet& results, const std::filesystem::path& dir,
                   const std::vector<std::string>& names);

/// Replaces `file` by one with this content, so that a reader sees the old or the new one, never a
/// part. Throws std::runtime_error.
void write_whole(const std::filesystem::path& file, std::string_view content);

}  // namespace atonce
