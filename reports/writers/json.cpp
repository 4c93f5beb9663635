#include "reports/report.h"
#include "reports/result_json.h"

namespace atonce {

extern const ReportWriter json_writer;
const ReportWriter json_writer{
    .name = "json",
    .summary = "result.json: every figure, from which all other formats can be made again",
    .write = [](const ResultSet& results, const std::filesystem::path& dir) {
      write_whole(dir / "result.json", to_json(results));
    }};

}  // namespace atonce
