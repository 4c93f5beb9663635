/// What a CI system reads: JUnit's XML and the step summary.

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "reports/report.h"
#include "tests/reports/sample_results.h"

namespace atonce {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::string written(const ResultSet& results, const char* format, const char* file) {
  const auto dir = fs::path(testing::TempDir()) / ("atonce_ci_" + std::to_string(::getpid()));
  write_reports(results, dir, {format});
  std::ifstream in(dir / file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), {}};
  fs::remove_all(dir);
  return text;
}

std::string junit(const ResultSet& results) {
  return written(results, "junit", "junit.xml");
}
std::string summary(const ResultSet& results) {
  return written(results, "summary", "summary.md");
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t times = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++times;
  return times;
}

/// Reads the few things that our XML is made of, and nothing else.
class StrictXml {
 public:
  explicit StrictXml(std::string_view text) : rest_(text) {}

  /// What is wrong with it; empty when nothing is.
  std::string trouble() {
    if (!take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")) return "no declaration";
    while (wrong_.empty() && !rest_.empty()) step();
    if (wrong_.empty() && !open_.empty()) return "not closed: " + open_.back();
    return wrong_;
  }

 private:
  void step() {
    if (take("</")) {
      const auto name = until(">");
      if (open_.empty() || open_.back() != name) return fail("closed: " + name);
      open_.pop_back();
    } else if (take("<")) {
      element();
    } else {
      text(until_before("<"));
    }
  }

  void element() {
    const auto name = word();
    if (name.empty()) return fail("an element without a name");
    while (take(" ")) attribute();
    if (take("/>")) return;
    if (!take(">")) return fail("inside " + name);
    open_.push_back(name);
  }

  void attribute() {
    if (word().empty() || !take("=\"")) return fail("an attribute");
    text(until("\""));
  }

  void text(const std::string& content) {
    for (std::size_t i = 0; i < content.size(); ++i) {
      const char c = content[i];
      if (c == '<' || c == '>') return fail("bare: " + content);
      if (static_cast<unsigned char>(c) < 0x20 && c != '\n') return fail("a control character");
      if (c != '&') continue;
      const auto entity = content.substr(i, content.find(';', i) - i);
      if (entity != "&amp" && entity != "&lt" && entity != "&gt" && entity != "&quot" &&
          entity != "&#39")
        return fail("entity " + entity);
    }
  }

  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  std::string word() {
    std::size_t size = 0;
    while (size < rest_.size() && std::isalnum(static_cast<unsigned char>(rest_[size]))) ++size;
    return cut(size, 0);
  }
  std::string until(std::string_view end) { return cut(rest_.find(end), end.size()); }
  std::string until_before(std::string_view end) { return cut(rest_.find(end), 0); }
  std::string cut(std::size_t size, std::size_t skipped) {
    const std::string piece(rest_.substr(0, size));
    rest_.remove_prefix(std::min(rest_.size(), piece.size() + skipped));
    return piece;
  }
  void fail(std::string why) { wrong_ = std::move(why); }

  std::string_view rest_;
  std::string wrong_;
  std::vector<std::string> open_;
};

TEST(JUnit, is_well_formed_whatever_names_there_are) {
  auto all = all_samples();
  all.push_back(hostile_results());
  all.push_back(empty_results());
  for (const auto& results : all) EXPECT_EQ(StrictXml(junit(results)).trouble(), "");
}

TEST(JUnit, has_a_case_for_every_trial_with_its_figures) {
  const auto results = sample_results();
  const auto xml = junit(results);
  EXPECT_EQ(count(xml, "<testsuite "), 1u);
  EXPECT_EQ(count(xml, "<testcase "), results.trials.size());
  EXPECT_EQ(count(xml, "<property name=\"makespan_ns\""), results.trials.size());
  EXPECT_THAT(xml, HasSubstr("name=\"thread_pool/curl-easy cap 20 repetition 2\" time=\"0."));
  EXPECT_THAT(xml, HasSubstr("tests=\"108\" failures=\"1\" errors=\"0\" skipped=\"3\""));
}

TEST(JUnit, a_crash_has_failed_and_a_suspect_trial_is_skipped) {
  const auto xml = junit(sample_results());
  EXPECT_THAT(xml,
              HasSubstr("<failure type=\"crashed\" message=\"INVALID crashed: ended by signal 11 "
                        "(Segmentation fault)\">"));
  EXPECT_THAT(xml, HasSubstr("<skipped type=\"client_cpu_saturated\""));
}

TEST(JUnit, a_suspect_trial_has_failed_under_strict) {
  auto results = sample_results();
  results.strict = true;
  const auto xml = junit(results);
  EXPECT_THAT(xml, HasSubstr("failures=\"4\" errors=\"0\" skipped=\"0\""));
  EXPECT_THAT(xml, HasSubstr("<failure type=\"client_cpu_saturated\""));
  EXPECT_THAT(xml, Not(HasSubstr("<skipped")));
}

TEST(JUnit, an_invalid_trial_has_failed_with_all_its_reasons_the_worst_first) {
  auto results = sample_open_results();
  results.trials.resize(1);
  results.trials[0].verdict.reasons = {{VerdictLevel::suspect, "send_lag_high", "late"},
                                       {VerdictLevel::invalid, "not_conserved", "one is missing"}};
  const auto xml = junit(results);
  EXPECT_THAT(xml, HasSubstr("<failure type=\"not_conserved\" message=\"INVALID not_conserved: one "
                             "is missing\">INVALID not_conserved: one is missing\nSUSPECT "
                             "send_lag_high: late\n</failure>"));
}

TEST(StepSummary, begins_with_scenario_and_verdict) {
  EXPECT_THAT(summary(sample_results()),
              StartsWith("## hundred-calls\n\n**INVALID**: 34 VALID, 1 SUSPECT, 1 INVALID of 36 "
                         "configurations\n\n"));
  EXPECT_THAT(written(sample_results(), "md", "report.md"),
              StartsWith("# hundred-calls\n\n**INVALID**: 34 VALID"));
}

TEST(StepSummary, names_reasons_and_needs_no_other_file) {
  const auto text = summary(sample_results());
  EXPECT_THAT(text, HasSubstr("**SUSPECT** client_cpu_saturated"));
  EXPECT_THAT(text, Not(HasSubstr("![")));
  EXPECT_THAT(text, Not(HasSubstr("](")));
}

TEST(StepSummary, of_hostile_text_is_text) {
  const auto text = summary(hostile_results());
  EXPECT_THAT(text, Not(HasSubstr("<script>")));
  EXPECT_THAT(text, Not(HasSubstr("<img")));
}

TEST(StepSummary, fits_into_a_megabyte_however_many_trials_there_are) {
  auto results = sample_open_results();
  const auto few = results.trials;
  const std::string long_text(5000, '_');
  for (std::size_t variant = 0; variant < 20; ++variant)
    for (auto trial : few) {
      trial.key.variant = std::to_string(variant) + long_text;
      trial.verdict.reasons = {
          {VerdictLevel::suspect, "code" + std::to_string(variant), long_text}};
      results.trials.push_back(trial);
    }
  results.summary = long_text;
  const auto text = summary(results);
  EXPECT_LT(text.size(), 1u << 20);
  EXPECT_THAT(text, HasSubstr("more rows are in the report"));
}

}  // namespace
}  // namespace atonce
