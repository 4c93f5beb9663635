#include <gmock/gmock.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>

#include "reports/report.h"
#include "reports/result_json.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

std::string content_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// A folder of its own for each test, removed at the end.
class Writers : public testing::Test {
 protected:
  Writers()
      : dir_(fs::path(testing::TempDir()) /
             (std::string("atonce_") +
              testing::UnitTest::GetInstance()->current_test_info()->name() +
              std::to_string(::getpid()))) {
    fs::remove_all(dir_);
  }
  ~Writers() override { fs::remove_all(dir_); }

  std::map<std::string, std::string> written(const ResultSet& results,
                                             const std::vector<std::string>& formats = {}) const {
    fs::remove_all(dir_);
    write_reports(results, dir_, formats);
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(dir_))
      if (entry.is_regular_file())
        files[fs::relative(entry.path(), dir_).string()] = content_of(entry.path());
    return files;
  }

  fs::path dir_;
};

TEST_F(Writers, the_program_knows_every_writer_that_the_build_lists) {
  std::istringstream listed(ATONCE_LISTED_WRITERS);
  std::vector<std::string> names;
  for (std::string name; std::getline(listed, name, ',');) names.push_back(name);
  std::vector<std::string> known;
  for (const auto* writer : all_report_writers()) known.emplace_back(writer->name);
  EXPECT_EQ(known, names);
}

TEST_F(Writers, all_files_are_there_and_no_part_is_left) {
  std::set<std::string> names;
  std::size_t of_trials = 0;
  for (const auto& [name, content] : written(sample_results())) {
    const bool of_a_trial = name.starts_with("hdr/") && name != "hdr/all.hlog";
    of_trials += of_a_trial;
    if (!of_a_trial) names.insert(name);
    EXPECT_FALSE(content.empty()) << name;
  }
  EXPECT_THAT(names,
              testing::UnorderedElementsAre(
                  "report.html", "report.md", "results.csv", "result.json", "charts/makespan.svg",
                  "charts/percentiles.svg", "charts/in_flight.svg", "charts/client_overhead.svg",
                  "charts/send_lag.svg", "charts/cpu_per_call.svg", "charts/memory_per_call.svg",
                  "junit.xml", "summary.md", "benchmark.json", "hdr/all.hlog"));
  EXPECT_EQ(of_trials, 2 * sample_results().trials.size());
}

TEST_F(Writers, the_stored_result_gives_the_same_bytes_again) {
  const auto first = written(hostile_results());
  EXPECT_EQ(written(result_from_json(first.at("result.json"))), first);
}

TEST_F(Writers, a_format_alone_gives_the_same_bytes_as_all_together) {
  const auto all = written(sample_open_results());
  for (const auto* writer : all_report_writers())
    for (const auto& [name, content] : written(sample_open_results(), {std::string(writer->name)}))
      EXPECT_EQ(content, all.at(name)) << name;
}

TEST_F(Writers, an_unknown_format_is_refused_before_anything_is_written) {
  EXPECT_THROW(write_reports(sample_results(), dir_, {"json", "pdf"}), std::invalid_argument);
  EXPECT_FALSE(fs::exists(dir_));
}

TEST_F(Writers, an_empty_set_gives_reports_without_charts) {
  const auto files = written(empty_results());
  EXPECT_EQ(files.size(), 8u);
  EXPECT_THAT(files.at("report.html"), HasSubstr("No trial gave a figure"));
}

TEST_F(Writers, a_write_that_fails_leaves_the_old_file) {
  fs::create_directories(dir_);
  write_whole(dir_ / "file", "old");
  fs::create_directories(dir_ / "file.part");
  EXPECT_THROW(write_whole(dir_ / "file", "new"), std::runtime_error);
  EXPECT_EQ(content_of(dir_ / "file"), "old");
}

TEST_F(Writers, the_headline_is_in_every_page) {
  const auto files = written(sample_open_results(), {"html", "md"});
  EXPECT_THAT(files.at("report.html"), HasSubstr("answered fastest"));
  EXPECT_THAT(files.at("report.md"), HasSubstr("answered fastest"));
}

TEST_F(Writers, hostile_text_is_text_in_html) {
  const auto page = written(hostile_results(), {"html"}).at("report.html");
  EXPECT_THAT(page, Not(HasSubstr("<script>document.title")));
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, Not(HasSubstr("<img src=x")));
  EXPECT_THAT(page, Not(HasSubstr("</dd><b>")));
  EXPECT_THAT(page, HasSubstr("{{data}}"));
}

TEST_F(Writers, hostile_text_is_text_in_markdown) {
  const auto page = written(hostile_results(), {"md"}).at("report.md");
  EXPECT_THAT(page, HasSubstr("# \\<script\\>document"));
  EXPECT_THAT(page, Not(HasSubstr("\n# not a heading\n```\n")));
  EXPECT_THAT(page, HasSubstr("\n````\nname:"));
}

/// RFC 4180, strictly.
std::vector<std::vector<std::string>> parse_csv(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, {""});
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto& field = rows.back().back();
    if (quoted && text[i] == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      field += text[i++];
    } else if (text[i] == '"') {
      quoted = !quoted;
    } else if (!quoted && text[i] == ',') {
      rows.back().emplace_back();
    } else if (!quoted && text[i] == '\r') {
      rows.push_back({""});
      ++i;
    } else {
      field += text[i];
    }
  }
  rows.pop_back();
  return rows;
}

TEST_F(Writers, csv_has_a_row_per_trial_and_no_formula) {
  const auto results = hostile_results();
  const auto rows = parse_csv(written(results, {"csv"}).at("results.csv"));
  ASSERT_EQ(rows.size(), results.trials.size() + 1);
  for (const auto& row : rows) {
    ASSERT_EQ(row.size(), rows.front().size());
    for (const auto& field : row)
      EXPECT_FALSE(field.starts_with("=") || field.starts_with("@")) << field;
  }
  EXPECT_THAT(rows[0], testing::IsSupersetOf({"variant", "tokens_per_s", "server_banned"}));
  EXPECT_EQ(rows[1][0].substr(0, 1), results.trials[0].key.runner.substr(0, 1));
}

TEST_F(Writers, csv_has_the_ends_of_intervals_and_the_samples_they_rest_on) {
  const auto rows = parse_csv(written(sample_open_results(), {"csv"}).at("results.csv"));
  const auto field = [&](const std::string& header) {
    const auto found = std::ranges::find(rows[0], header);
    return found == rows[0].end() ? "no " + header
                                  : rows[1][static_cast<std::size_t>(found - rows[0].begin())];
  };
  EXPECT_EQ(field("response_time_samples"), "100");
  EXPECT_LE(std::stod(field("response_time_p50_low_ns")), std::stod(field("response_time_p50_ns")));
  EXPECT_GE(std::stod(field("response_time_p50_high_ns")),
            std::stod(field("response_time_p50_ns")));
  EXPECT_EQ(field("response_time_p99_low_ns"), "") << "a hundred calls are too few";
  EXPECT_EQ(field("response_time_interval"), "order_statistics");
}

TEST_F(Writers, intervals_and_marks_are_in_every_page) {
  const auto files = written(sample_results(), {"html", "md", "json"});
  EXPECT_THAT(files.at("report.html"), HasSubstr("<bdi>74.2 ms</bdi><small>["));
  EXPECT_THAT(files.at("report.html"), HasSubstr("title=\"p99 needs 459 calls, there are 100\""));
  EXPECT_THAT(files.at("report.md"), HasSubstr("74.1 ms†"));
  EXPECT_THAT(files.at("report.md"), HasSubstr("Student's t on the logarithms"));
  EXPECT_THAT(files.at("result.json"), HasSubstr("{\"samples\":100,\"samples_needed\":459}"));
}

}  // namespace
}  // namespace atonce
