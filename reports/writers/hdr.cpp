#include <fmt/chrono.h>
#include <fmt/format.h>

#include <bit>
#include <cctype>
#include <ctime>
#include <string>

#include "core/units.h"
#include "reports/hdr/hdr_histogram.h"
#include "reports/report.h"

namespace atonce {
namespace {

double in_seconds(Nanos span) {
  return std::chrono::duration<double>(span).count();
}

/// Letters, digits and a few marks: safe in a file's name and in a tag.
std::string plain(std::string_view text) {
  std::string safe;
  for (const char c : text)
    safe += std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '.' ? c : '-';
  return safe;
}

/// "asio_coroutines-cap20-rep1".
std::string label(const TrialKey& key) {
  std::string text = key.runner;
  for (const std::string& part : {key.transport, key.variant})
    if (!part.empty()) text += "-" + part;
  return plain(fmt::format("{}-cap{}-rep{}", text, format_limit(key.cap), key.repetition));
}

/// Seconds since the epoch; 0 when `created` is no UTC time as RFC 3339 has it.
std::time_t epoch_seconds(const std::string& created) {
  std::tm time{};
  const char* end = strptime(created.c_str(), "%Y-%m-%dT%H:%M:%SZ", &time);
  return end && *end == '\0' ? timegm(&time) : 0;
}

/// Times in the log count from its base time, which is when the run began.
std::string log_header(const ResultSet& results) {
  const auto start = epoch_seconds(results.created);
  return fmt::format(
      "#[Logged by atonce: response time of successful calls in nanoseconds]\n"
      "#[Histogram log format version 1.3]\n"
      "#[StartTime: {}.000 (seconds since epoch), {:%a %b %d %H:%M:%S} UTC {:%Y}]\n"
      "#[BaseTime: {}.000 (seconds since epoch)]\n"
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n",
      start, fmt::gmtime(start), fmt::gmtime(start), start);
}

std::string log_line(const std::string& tag, Nanos from, Nanos length,
                     const HdrHistogram& histogram) {
  constexpr double ns_per_ms = 1e6;
  return fmt::format("Tag={},{:.9f},{:.9f},{:.3f},{}\n", tag, in_seconds(from), in_seconds(length),
                     static_cast<double>(histogram.max()) / ns_per_ms, histogram.encoded());
}

/// Whole seconds where the run has several and the slices are parts of one.
TimeSeries by_second(TimeSeries series) {
  constexpr Nanos second = std::chrono::seconds(1);
  const bool divides = series.width > Nanos{} && second % series.width == Nanos{} &&
                       std::has_single_bit(static_cast<std::uint64_t>(second / series.width));
  const Nanos covered = series.width * static_cast<std::int64_t>(series.slices.size());
  if (covered <= second) return series;
  while (divides && series.width < second) series = halved(series);
  return series;
}

std::string log_of(const ResultSet& results, const TrialResult& trial) {
  std::string log = log_header(results);
  const TimeSeries series = by_second(trial.series);
  Nanos from{};
  for (const TimeSlice& slice : series.slices) {
    log += log_line(label(trial.key), from, series.width, HdrHistogram(slice.response_time));
    from += series.width;
  }
  return log;
}

void write(const ResultSet& results, const std::filesystem::path& dir) {
  const auto folder = dir / "hdr";
  std::filesystem::create_directories(folder);
  std::string all = log_header(results);
  for (std::size_t i = 0; i < results.trials.size(); ++i) {
    const TrialResult& trial = results.trials[i];
    const HdrHistogram whole(trial.metric(Metric::response_time).ok);
    const std::string file = fmt::format("{:03}-{}", i + 1, label(trial.key));
    write_whole(folder / (file + ".hgrm"), whole.percentile_text());
    write_whole(folder / (file + ".hlog"), log_of(results, trial));
    all += log_line(label(trial.key), Nanos{}, trial.makespan, whole);
  }
  write_whole(folder / "all.hlog", all);
}

}  // namespace

extern const ReportWriter hdr_writer;
const ReportWriter hdr_writer{
    .name = "hdr",
    .summary = "hdr/*.hgrm, *.hlog: response time for HdrHistogram's tools, second by second",
    .write = write};

}  // namespace atonce
