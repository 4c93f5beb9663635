#include "bench/tune/sim/virtual_target.h"

#include <algorithm>
#include <functional>
#include <queue>
#include <utility>

namespace atonce::tune::sim {
namespace {

/// Starting a process and reading its account.
constexpr double seconds_around = 0.3;

Nanos to_nanos(double seconds) {
  return Nanos(static_cast<std::int64_t>(seconds * 1e9));
}

}  // namespace

/// Sorts endings into blocks.
class VirtualTarget::Tally {
 public:
  Tally(const std::vector<Slo>& slos, const ProbeOrder& order, double begin)
      : slos_(slos), begin_(begin), span_(order.block.count()) {
    probe.order = order;
    probe.blocks.resize(order.blocks);
    for (Block& block : probe.blocks) {
      block.span = order.block;
      block.bad.resize(slos.size());
    }
  }

  void add(const Ending& ending) {
    const double since = ending.at - begin_;
    if (since < 0) return;
    const auto index = static_cast<std::size_t>(since / span_);
    if (index >= probe.blocks.size()) return;
    note_gap(since);
    Block& block = probe.blocks[index];
    const Nanos time = to_nanos(ending.at - ending.sent);
    ++block.calls;
    if (ending.ok)
      probe.response_time.record(time);
    else
      ++block.failed;
    for (std::size_t i = 0; i < slos_.size(); ++i)
      block.bad[i] += !ending.ok || (slos_[i].kind == Slo::Kind::latency && time > slos_[i].limit);
  }

  Probe probe;

 private:
  void note_gap(double since) {
    const double gap = since - last_;
    const Seconds response(probe.response_time.mean() * 1e-9);
    if (calls_ > 0 && is_stall(Seconds(gap), calls_ / since, response)) ++probe.stalls;
    last_ = since;
    ++calls_;
  }

  const std::vector<Slo>& slos_;
  double begin_, span_;
  double last_ = 0, calls_ = 0;
};

VirtualTarget::VirtualTarget(VirtualClient client, std::unique_ptr<VirtualServer> server,
                             std::uint64_t seed)
    : client_(std::move(client)), server_(std::move(server)), dice_(seed) {}

Seconds VirtualTarget::overhead() const {
  return Seconds(seconds_around);
}

Probe VirtualTarget::probe(const ProbeOrder& order) {
  const double began = now_;
  now_ += seconds_around;
  const double begin = now_ + order.warm_up.count();
  const double end = begin + order.block.count() * static_cast<double>(order.blocks);
  Tally tally(client_.slos, order, begin);
  server_->begin(now_);
  if (client_.vary == Vary::rate)
    play_open(static_cast<double>(order.level), end, tally);
  else
    play_closed(order.level, end, tally);
  now_ = end;
  ++probes_;
  Probe& probe = tally.probe;
  probe.began = Seconds(began);
  probe.took = Seconds(now_ - began);
  if (client_.most_rate > 0) {
    double calls = 0;
    for (const Block& block : probe.blocks) calls += static_cast<double>(block.calls);
    const double rate = calls / (end - begin);
    probe.cpu = std::min(1.0, rate / client_.most_rate);
    probe.client_limited = rate >= 0.95 * client_.most_rate;
  }
  return std::move(probe);
}

void VirtualTarget::play_closed(std::size_t level, double end, Tally& tally) {
  std::priority_queue<Ending, std::vector<Ending>, std::greater<>> endings;
  const double gap = client_.most_rate > 0 ? 1 / client_.most_rate : 0;
  double client_free = now_;
  const auto send = [&](double at) {
    // A client that has no time yet sends later, though the call was due.
    client_free = std::max(at, client_free) + gap;
    const double sent = gap > 0 ? client_free : at;
    const Reply reply = server_->call(sent, endings.size() + 1, dice_);
    endings.push({reply.at, at, reply.ok});
  };
  for (std::size_t i = 0; i < level; ++i) send(now_);
  while (endings.top().at < end) {
    const Ending ending = endings.top();
    endings.pop();
    tally.add(ending);
    send(ending.at);
  }
}

void VirtualTarget::play_open(double rate, double end, Tally& tally) {
  std::priority_queue<Ending, std::vector<Ending>, std::greater<>> endings;
  for (double at = now_ + dice_.exponential(1 / rate); at < end;
       at += dice_.exponential(1 / rate)) {
    for (; !endings.empty() && endings.top().at <= at; endings.pop()) tally.add(endings.top());
    const Reply reply = server_->call(at, endings.size() + 1, dice_);
    endings.push({reply.at, at, reply.ok});
  }
  for (; !endings.empty() && endings.top().at < end; endings.pop()) tally.add(endings.top());
}

}  // namespace atonce::tune::sim
