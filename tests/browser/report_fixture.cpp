/// report_fixture DIR: writes reports of made-up results into DIR/plain, DIR/hostile, DIR/open and
/// one folder per topic, for the browser tests.

#include <cstdio>
#include <exception>
#include <filesystem>
#include <utility>

#include "reports/report.h"
#include "reports/terminal.h"
#include "tests/reports/sample_results.h"

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::fputs("usage: report_fixture DIR\n", stderr);
    return 2;
  }
  const std::filesystem::path dir = argv[1];
  const std::pair<const char*, atonce::ResultSet> all[] = {
      {"plain", atonce::sample_results()},          {"hostile", atonce::hostile_results()},
      {"open", atonce::sample_open_results()},      {"sessions", atonce::sample_session_results()},
      {"streams", atonce::sample_stream_results()}, {"steps", atonce::sample_step_results()},
      {"limits", atonce::sample_limit_results()},   {"aborts", atonce::sample_abort_results()},
      {"pool", atonce::sample_pool_results()},      {"course", atonce::sample_course_results()}};
  for (const auto& [name, results] : all) {
    atonce::write_reports(results, dir / name, {});
    std::fputs(atonce::terminal_summary(results, false, 80).c_str(), stdout);
    std::fputc('\n', stdout);
  }
} catch (const std::exception& error) {
  std::fprintf(stderr, "report_fixture: %s\n", error.what());
  return 1;
}
