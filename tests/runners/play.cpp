#include "tests/runners/play.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <future>
#include <ostream>
#include <thread>

#include "tests/support/processes.h"

namespace atonce {
namespace {

using namespace std::chrono_literals;

RunnerConfig config_of(const Contender& contender, const Match& match) {
  RunnerConfig config;
  config.target = parse_target(match.url);
  config.cap = match.policy.cap;
  config.most_parallel = match.schedule.call_count();
  config.connections = std::min(match.connections, match.policy.cap);
  config.transport = contender.transport;
  config.keep_alive = match.keep_alive;
  config.spin = match.spin;
  return config;
}

void run_one(const Contender& contender, const Match& match, std::stop_token stop, Played& out) {
  const auto runner = contender.entry->make(config_of(contender, match));
  out.begun = now();
  Dispatcher work(match.schedule, match.policy, out.recorder, out.begun);
  runner->run(work, std::move(stop));
  out.ended = now();
  out.finished = work.finished();
  out.left_in_flight = work.in_flight();
  out.ledger = work.ledger();
}

void watch(std::future<void>& run, std::stop_source& stop) {
  if (run.wait_for(30s) == std::future_status::ready) return;
  ADD_FAILURE() << "the run did not end within 30 seconds";
  stop.request_stop();
  if (run.wait_for(10s) == std::future_status::ready) return;
  std::fputs("a stopped run did not end within 10 seconds: giving up\n", stderr);
  std::abort();
}

}  // namespace

std::string name(const Contender& contender) {
  std::string text{contender.entry->name};
  if (!contender.transport.empty()) text += "_" + contender.transport;
  std::ranges::replace(text, '-', '_');
  return text;
}

void PrintTo(const Contender& contender, std::ostream* out) {
  *out << name(contender);
}

std::vector<Contender> contenders() {
  std::vector<Contender> all;
  for (const RunnerEntry* entry : all_runners()) {
    if (entry->model == Model::none) continue;
    if (entry->model == Model::processes && !can_fork_with_threads) continue;
    if (entry->transports.empty()) all.push_back({entry, ""});
    for (const auto transport : entry->transports) all.push_back({entry, std::string(transport)});
  }
  return all;
}

std::unique_ptr<Played> play(const Contender& contender, const Match& match) {
  auto played = std::make_unique<Played>();
  std::stop_source stop;
  auto run = std::async(std::launch::async, run_one, contender, std::cref(match), stop.get_token(),
                        std::ref(*played));
  std::thread meanwhile;
  if (match.meanwhile) meanwhile = std::thread(match.meanwhile, std::ref(stop));
  watch(run, stop);
  if (meanwhile.joinable()) meanwhile.join();
  run.get();

  EXPECT_TRUE(played->finished);
  EXPECT_EQ(played->left_in_flight, 0u);
  EXPECT_TRUE(played->ledger.conserved());
  return played;
}

Request get(const std::string& target) {
  Request request;
  request.target = target;
  return request;
}

Schedule batch(const std::string& target, std::uint64_t count) {
  return stages({{target}}, count);
}

Schedule stages(const std::vector<std::vector<std::string>>& targets, std::uint64_t sessions) {
  std::vector<Request> requests;
  SessionPlan plan;
  for (const auto& stage : targets) {
    StagePlan& planned = plan.stages.emplace_back();
    if (plan.stages.size() > 1)
      planned.after = {static_cast<std::uint16_t>(plan.stages.size() - 2)};
    for (const std::string& target : stage) {
      planned.calls.push_back(static_cast<std::uint32_t>(requests.size()));
      requests.push_back(get(target));
    }
  }
  // make_schedule() takes 0 for "not bounded by a number".
  if (sessions == 0)
    return {
        .requests = std::move(requests), .plans = {std::move(plan)}, .arrivals = {}, .closed = {}};
  return make_schedule({.shape = LoadShape::batch, .sessions = sessions}, std::move(plan),
                       std::move(requests), 1);
}

}  // namespace atonce
