#include "tests/reports/sample_results.h"

#include <algorithm>
#include <array>
#include <functional>
#include <queue>

#include "core/random.h"

namespace atonce {
namespace {

constexpr std::uint64_t seed = 7;
constexpr std::uint32_t calls = 100;

struct Kind {
  const char* runner;
  const char* transport;
  double overhead_us, cpu_us, memory_kib;
  bool serial = false, floor = false;
};

constexpr std::array<Kind, 9> kinds{{{"asio_coroutines", "", 120, 55, 9},
                                     {"curl_multi", "", 180, 95, 42},
                                     {"null", "", 0, 1.5, 0, false, true},
                                     {"sync_serial", "cpp-httplib", 150, 80, 0, true},
                                     {"sync_serial", "curl-easy", 170, 90, 0, true},
                                     {"tbb_parallel", "cpp-httplib", 260, 130, 95},
                                     {"tbb_parallel", "curl-easy", 300, 150, 120},
                                     {"thread_pool", "cpp-httplib", 240, 120, 88},
                                     {"thread_pool", "curl-easy", 280, 140, 110}}};

double draw(std::uint64_t id, std::uint64_t stream) {
  return uniform01(seed, id * 64 + stream, Stream::service);
}

Nanos from_us(double value) {
  return Nanos{static_cast<std::int64_t>(value * 1e3)};
}

Nanos delay_of(std::uint32_t call) {
  return from_us(25e3 + 50e3 * draw(call, 0));
}

struct Played {
  std::vector<std::pair<Nanos, Nanos>> spans;  // start, end
  Nanos makespan{};
};

/// Greedy list scheduling, each call taking `extra` more than its delay.
Played play(std::size_t cap, const std::function<Nanos(std::uint32_t)>& extra) {
  std::priority_queue<Nanos, std::vector<Nanos>, std::greater<>> free_at;
  for (std::size_t i = 0; i < std::min<std::size_t>(cap, calls); ++i) free_at.push(Nanos{});
  Played played;
  for (std::uint32_t call = 0; call < calls; ++call) {
    const auto start = free_at.top();
    free_at.pop();
    const auto end = start + delay_of(call) + extra(call);
    free_at.push(end);
    played.spans.emplace_back(start, end);
    played.makespan = std::max(played.makespan, end);
  }
  return played;
}

std::vector<InFlightPoint> in_flight(const Played& played) {
  std::vector<std::pair<Nanos, int>> steps;
  for (const auto& [start, end] : played.spans) {
    steps.emplace_back(start, 1);
    steps.emplace_back(end, -1);
  }
  std::ranges::sort(steps);
  std::vector<InFlightPoint> points;
  int now = 0;
  for (const auto& [at, step] : steps) {
    now += step;
    if (!points.empty() && points.back().at == at) points.pop_back();
    points.push_back({at, static_cast<std::uint32_t>(now)});
  }
  return points;
}

/// Slices of a hundredth of the makespan.
TimeSeries series(const Played& played) {
  TimeSeries series{.width = played.makespan / 100 + Nanos{1}};
  series.slices.resize(100);
  for (const auto& [start, end] : played.spans) {
    const auto slice = [&](Nanos at) -> TimeSlice& {
      return series.slices[static_cast<std::size_t>(at / series.width)];
    };
    ++slice(start).offered;
    ++slice(end).ok;
    slice(end).peak_in_flight = 1 + slice(end).ok;
    slice(end).cpu += std::chrono::microseconds(60);
    slice(end).response_time = merged(slice(end).response_time, {{Histogram::bucket_of(end), 1}});
    slice(start).send_lag = merged(slice(start).send_lag, {{Histogram::bucket_of(from_us(20)), 1}});
  }
  return series;
}

void set_usage(TrialResult& trial, const Kind& kind) {
  trial.usage = {.cpu_user = from_us(kind.cpu_us * calls * 0.4),
                 .cpu_system = from_us(kind.cpu_us * calls * 0.6),
                 .wall = trial.makespan,
                 .cores = 1,
                 .voluntary_switches = calls,
                 .involuntary_switches = 3,
                 .memory_before = 6 << 20,
                 .memory_peak = 0};
  trial.usage.memory_peak = trial.usage.memory_before +
                            static_cast<std::uint64_t>(kind.memory_kib * 1024 *
                                                       static_cast<double>(trial.peak_in_flight));
}

TrialResult make_trial(const Kind& kind, std::size_t kind_number, std::size_t cap, unsigned rep) {
  TrialResult trial;
  trial.key = {
      kind.runner, kind.transport, cap, cap, kind.serial ? 1 : std::min<std::size_t>(cap, 100), rep,
      ""};
  const std::uint64_t id = kind_number * 1000 + std::min<std::size_t>(cap, 500) * 7 + rep;
  const auto extra = [&](std::uint32_t call) {
    if (kind.floor) return Nanos{900} - delay_of(call);
    const double spread = draw(id * calls + call, 1);
    return from_us(kind.overhead_us * (0.5 + spread + 6 * std::max(0.0, spread - 0.95) * 20));
  };
  const auto played = play(kind.serial ? 1 : cap, extra);
  for (std::uint32_t call = 0; call < calls; ++call) {
    const auto& [start, end] = played.spans[call];
    trial.metrics[index(Metric::response_time)].ok.record(end);
    trial.metrics[index(Metric::service_time)].ok.record(end - start);
    trial.metrics[index(Metric::cap_wait)].ok.record(start);
    trial.metrics[index(Metric::send_lag)].ok.record(
        from_us(20 * (1 + draw(id * calls + call, 2))));
    if (!kind.floor) trial.metrics[index(Metric::client_overhead)].ok.record(extra(call));
  }
  trial.ledger.scheduled = trial.attempts = calls;
  trial.ledger.calls[index(Outcome::ok)] = trial.attempt_outcomes[index(Outcome::ok)] = calls;
  trial.sessions_ok = calls;
  trial.makespan = played.makespan;
  trial.ideal_makespan = play(cap, [](std::uint32_t) { return Nanos{}; }).makespan;
  trial.in_flight = in_flight(played);
  trial.series = series(played);
  trial.arrivals = {.due = calls, .sent = calls};
  trial.course = {Nanos{50'000'000}, Nanos{51'000'001}};
  trial.occupancy = {.handed_out = played.makespan * 3, .sampled = played.makespan * 3 - Nanos{7}};
  trial.head_room = {.files = 30, .files_limit = 20'000, .connections = 10, .ports = 28'232};
  trial.peak_in_flight = kind.serial ? 1 : std::min<std::size_t>(cap, calls);
  set_usage(trial, kind);
  if (!kind.floor)
    trial.server = ServerWitness{.attempts = calls,
                                 .peak_in_flight = trial.peak_in_flight,
                                 .distinct_connections = trial.peak_in_flight};
  return trial;
}

void spoil(TrialResult& trial) {
  const auto is = [&](const char* runner, const char* transport, std::size_t cap) {
    return trial.key.runner == runner && trial.key.transport == transport && trial.key.cap == cap;
  };
  if (is("tbb_parallel", "curl-easy", unlimited) && trial.key.repetition == 1) {
    trial.status = TrialStatus::crashed;
    trial.error = "ended by signal 11 (Segmentation fault)";
    trial.verdict.reasons = {{VerdictLevel::invalid, "crashed", trial.error}};
  }
  if (is("thread_pool", "curl-easy", 20)) {
    trial.ledger.calls[index(Outcome::ok)] -= 2;
    trial.ledger.calls[index(Outcome::reset)] += 1;
    trial.ledger.calls[index(Outcome::read_timeout)] += 1;
  }
  if (is("thread_pool", "cpp-httplib", unlimited))
    trial.verdict.reasons = {{VerdictLevel::suspect, "client_cpu_saturated",
                              "the client used 0.97 of the 1 cores it could use"}};
}

/// As if it had gone on for twenty seconds, in slices of 200 ms that are all alike; the first two
/// seconds are the warm-up.
void lengthen(TrialResult& trial) {
  TimeSlice all;
  for (const auto& slice : trial.series.slices) {
    all.response_time = merged(all.response_time, slice.response_time);
    all.send_lag = merged(all.send_lag, slice.send_lag);
  }
  all.offered = all.ok = calls;
  all.peak_in_flight = trial.peak_in_flight;
  all.cpu = std::chrono::milliseconds(6);
  trial.series = {.width = std::chrono::milliseconds(200),
                  .slices = std::vector<TimeSlice>(100, all)};
  trial.makespan = std::chrono::seconds(20);
  trial.arrivals = {.due = 10'000, .sent = 10'000, .last_due = trial.makespan, .steady = true};
  trial.warm_up = {.counts = {.calls = 1000, .calls_ok = 1000, .attempts = 1000},
                   .until = std::chrono::seconds(2)};
}

ResultSet header() {
  return {.scenario = "hundred-calls",
          .summary = "One hundred slow calls: how much does concurrency save, and at which cap?",
          .scenario_text = "name: hundred-calls\ncalls: 100\nlatency: {uniform: [250ms, 750ms]}\n",
          .shape = LoadShape::batch,
          .seed = seed,
          .time_scale = 0.1,
          .target = "mock server",
          .created = "2024-05-01T12:00:00Z",
          .interrupted = false,
          .planned_trials = 0,
          .environment = {{"CPU", "a made-up one"},
                          {"Cores", "2"},
                          {"Kernel", "6.1.0"},
                          {"Compiler", "g++ 12.2"},
                          {"Pinning", "server on core 0, client on core 1"}},
          .trials = {}};
}

}  // namespace

ResultSet sample_results() {
  auto results = header();
  for (const std::size_t cap : {std::size_t{1}, std::size_t{10}, std::size_t{20}, unlimited})
    for (std::size_t kind = 0; kind < kinds.size(); ++kind)
      for (unsigned repetition = 0; repetition < 3; ++repetition) {
        results.trials.push_back(make_trial(kinds[kind], kind, cap, repetition));
        spoil(results.trials.back());
      }
  results.planned_trials = results.trials.size();
  return results;
}

ResultSet sample_open_results() {
  auto results = sample_results();
  results.scenario = "steady-stream";
  results.shape = LoadShape::poisson;
  std::erase_if(results.trials, [](const TrialResult& trial) { return trial.key.repetition > 0; });
  results.planned_trials = results.trials.size();
  return results;
}

ResultSet sample_course_results() {
  auto results = sample_open_results();
  results.scenario = "steady-course";
  std::erase_if(results.trials, [](const TrialResult& trial) {
    return trial.key.cap != 20 || trial.key.transport == "curl-easy";
  });
  for (auto& trial : results.trials) lengthen(trial);
  results.planned_trials = results.trials.size();
  return results;
}

ResultSet empty_results() {
  return header();
}

ResultSet hostile_results() {
  auto results = sample_results();
  results.scenario = "<script>document.title='owned'</script>";
  results.summary =
      "\"><img src=x onerror=alert(1)> | `code` | [link](http://example.invalid) {{data}}";
  results.scenario_text = "name: </pre></script><script>alert(1)</script>\n```\n# not a heading\n";
  results.target = "'; DROP TABLE trials; --";
  results.created = "=cmd()";
  results.environment = {{"</dd><b>",
                          "\xE2\x80\xAE"
                          "desrever"},
                         {"CPU\x1b[31m", "bad \xFF byte"}};
  const std::array<std::string, 4> runners{
      "</script><b>&\"'", "=cmd(\"a\",1)", "two\nlines|\xD7\xA2\xD7\x91\xD7\xA8\xD7\x99\xD7\xAA",
      "a_very_long_name_that_goes_on_and_on_\xF0\x9F\x98\x80_and_on"};
  results.calls = {{"<img src=x onerror=alert(3)>", "</script><b>|`\x1b[2J"}};
  for (auto& trial : results.trials) {
    trial.key.variant = "<i>\x1b[2J";
    trial.lanes.example = trial.lanes.median = {{.attempts = 1,
                                                 .outcome = Outcome::ok,
                                                 .done = std::chrono::milliseconds(50),
                                                 .sent = Nanos{}}};
    trial.key.runner = runners[trial.key.runner.size() % runners.size()];
    if (trial.status == TrialStatus::crashed)
      trial.verdict.reasons = {
          {VerdictLevel::invalid, "<i>code</i>", "<script>alert(2)</script>\x07"}};
  }
  results.interrupted = true;
  results.planned_trials += 10;
  return results;
}

}  // namespace atonce
