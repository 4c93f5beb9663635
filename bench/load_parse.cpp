#include "bench/load_parse.h"

#include <algorithm>
#include <limits>

#include "bench/config_words.h"
#include "core/open_load.h"

namespace atonce {
namespace {

constexpr double most_per_second = 1e6;
constexpr std::uint64_t most_sessions = 100'000'000;
constexpr std::size_t most_stages = 10'000;
constexpr Nanos longest = std::chrono::hours(24 * 365);

constexpr std::array<std::pair<std::string_view, LoadShape>, 7> shapes{
    {{"batch", LoadShape::batch},
     {"closed", LoadShape::closed},
     {"constant", LoadShape::constant},
     {"poisson", LoadShape::poisson},
     {"gamma", LoadShape::gamma},
     {"jitter", LoadShape::jitter},
     {"trace", LoadShape::trace}}};

Nanos parse_span(const ConfigNode& node) {
  const Nanos span = node.duration();
  if (span == Nanos{} || span > longest) node.reject("more than 0 and at most a year");
  return span;
}

double parse_rate_up_to_most(const ConfigNode& node) {
  const double rate = node.rate_or_zero();
  if (rate > most_per_second) node.reject("at most 1000000/s");
  return rate;
}

RateStage parse_rate_stage(const ConfigNode& node) {
  node.allow_only({"rate", "from", "to", "for"});
  const bool is_step = node.has("rate");
  if (is_step && (node.has("from") || node.has("to")))
    node.fail("give `rate` for a step, or `from` and `to` for a ramp");
  return {.from = parse_rate_up_to_most(node.at(is_step ? "rate" : "from")),
          .to = parse_rate_up_to_most(node.at(is_step ? "rate" : "to")),
          .span = parse_span(node.at("for"))};
}

std::vector<RateStage> parse_rate_stages(const ConfigNode& node) {
  std::vector<RateStage> stages;
  Nanos length{};
  for (const ConfigNode& stage : node.items()) {
    stages.push_back(parse_rate_stage(stage));
    length += stages.back().span;
    if (stages.size() > most_stages || length > longest)
      stage.fail("the stages are more than 10000, or take more than a year");
  }
  const auto has_rate = [](const RateStage& stage) { return stage.from > 0 || stage.to > 0; };
  if (std::ranges::none_of(stages, has_rate)) node.fail("needs a stage with a rate above 0");
  return stages;
}

RateProfile parse_bursts(const ConfigNode& node, double rate) {
  node.allow_only({"on", "off"});
  return {{{.from = rate, .to = rate, .span = parse_span(node.at("on"))},
           {.from = 0, .to = 0, .span = parse_span(node.at("off"))}},
          RateProfile::Afterwards::again};
}

/// Without a duration of its own the load lasts as long as the stages.
void parse_rate(const ConfigNode& node, Load& load) {
  const ConfigNode rate = node.at("rate");
  const auto bursts = node.find("bursts");
  if (rate.is_list()) {
    if (bursts) bursts->fail("bursts go with one rate, not with stages");
    const auto stages = parse_rate_stages(rate);
    load.rate = {stages, RateProfile::Afterwards::last_rate};
    if (node.has("duration")) return;
    for (const RateStage& stage : stages) load.duration += stage.span;
    return;
  }
  if (rate.rate() > most_per_second) rate.reject("at most 1000000/s");
  load.rate = bursts ? parse_bursts(*bursts, rate.rate()) : RateProfile(rate.rate());
}

/// Sessions due before `end` on average; of a closed load nobody knows.
double sessions_before(Nanos end, const Scenario& scenario) {
  if (has_rate(scenario.load.shape)) return scenario.load.rate.expected(end);
  return static_cast<double>(std::ranges::count_if(
      scenario.trace.rows, [end](const TraceRow& row) { return row.at < end; }));
}

bool leaves_something(const WarmUp& warm_up, const Scenario& scenario) {
  const Load& load = scenario.load;
  double sessions = std::numeric_limits<double>::infinity();
  if (load.shape == LoadShape::trace) sessions = static_cast<double>(scenario.trace.rows.size());
  if (load.sessions > 0) sessions = std::min(sessions, static_cast<double>(load.sessions));
  if (load.duration > Nanos{} && load.shape != LoadShape::closed)
    sessions = std::min(sessions, sessions_before(load.duration, scenario));
  const bool is_shorter = load.duration == Nanos{} || warm_up.span < load.duration;
  return is_shorter && static_cast<double>(warm_up.sessions) < sessions &&
         sessions_before(warm_up.span, scenario) < sessions;
}

WarmUp parse_warm_up(const ConfigNode& node, const Scenario& scenario) {
  if (scenario.load.shape == LoadShape::batch) node.fail("a batch is due at once: no warm-up");
  const std::string text = node.text();
  const bool is_count = text.find_first_not_of("0123456789") == std::string::npos;
  WarmUp warm_up;
  if (is_count)
    warm_up.sessions = node.count(0, most_sessions);
  else
    warm_up.span = node.duration();
  if (!leaves_something(warm_up, scenario))
    node.reject("a time such as 5s or a number of sessions, less than the load has");
  return warm_up;
}

void check_keys(const ConfigNode& node, LoadShape shape) {
  node.allow_only({"shape", "sessions", "rate", "bursts", "burstiness", "jitter", "trace",
                   "duration", "warm_up"});
  const auto only = [&](std::string_view key, bool fits, const char* sentence) {
    if (!fits && node.has(key)) node.at(key).fail(sentence);
  };
  only("rate", has_rate(shape),
       "a rate goes with the shapes constant, poisson, gamma and jitter only");
  only("bursts", has_rate(shape), "bursts go with a rate only");
  only("burstiness", shape == LoadShape::gamma, "a burstiness goes with the shape gamma only");
  only("jitter", shape == LoadShape::jitter, "a jitter goes with the shape jitter only");
  only("trace", shape == LoadShape::trace, "a trace goes with the shape trace only");
  only("duration", shape != LoadShape::batch,
       "a batch is over when its sessions are; it has no duration");
}

void check_bounds(const ConfigNode& node, const Load& load) {
  const bool is_whole_trace =
      load.shape == LoadShape::trace && !node.has("sessions") && !node.has("duration");
  if (load.sessions == 0 && load.duration == Nanos{} && !is_whole_trace)
    node.fail("needs `sessions`, or a `duration`, of more than 0");
}

}  // namespace

void parse_load(const ConfigNode& node, Scenario& scenario) {
  Load& load = scenario.load;
  load.shape = one_of(node.at("shape"), shapes);
  check_keys(node, load.shape);
  if (const auto sessions = node.find("sessions"))
    load.sessions = sessions->count(0, most_sessions);
  if (const auto duration = node.find("duration")) load.duration = duration->duration();
  if (has_rate(load.shape)) parse_rate(node, load);
  if (load.shape == LoadShape::gamma) load.burstiness = node.at("burstiness").number(0.01, 100);
  if (load.shape == LoadShape::jitter) load.jitter = node.at("jitter").fraction();
  if (load.shape == LoadShape::trace) scenario.trace = parse_trace_node(node.at("trace"));
  check_bounds(node, load);
  if (const auto warm_up = node.find("warm_up")) load.warm_up = parse_warm_up(*warm_up, scenario);
}

}  // namespace atonce
