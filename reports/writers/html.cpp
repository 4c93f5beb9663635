#include "reports/html_page.h"
#include "reports/report.h"

namespace atonce {

extern const ReportWriter html_writer;
const ReportWriter html_writer{
    .name = "html",
    .summary = "report.html: the whole report in one file that needs no network",
    .write = [](const ResultSet& results, const std::filesystem::path& dir) {
      write_whole(dir / "report.html", html_page(make_document(results)));
    }};

}  // namespace atonce
