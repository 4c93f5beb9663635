/// report_fixture DIR: writes reports of made-up results into DIR/plain, DIR/hostile and DIR/open,
/// for the browser tests.

#include <cstdio>
#include <exception>
#include <filesystem>

#include "reports/report.h"
#include "reports/terminal.h"
#include "tests/reports/sample_results.h"

int main(int argc, char** argv) try {
  if (argc != 2) {
    std::fputs("usage: report_fixture DIR\n", stderr);
    return 2;
  }
  const std::filesystem::path dir = argv[1];
  atonce::write_reports(atonce::sample_results(), dir / "plain", {});
  atonce::write_reports(atonce::hostile_results(), dir / "hostile", {});
  atonce::write_reports(atonce::sample_open_results(), dir / "open", {});
  std::fputs(atonce::terminal_summary(atonce::sample_results(), false, 80).c_str(), stdout);
} catch (const std::exception& error) {
  std::fprintf(stderr, "report_fixture: %s\n", error.what());
  return 1;
}
