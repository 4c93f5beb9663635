#pragma once
/// A virtual server of whose probes some come back changed.

#include <functional>

#include "tests/bench/tune_run.h"

namespace atonce::testing {

class Spoilt : public tune::Target {
 public:
  using Spoil = std::function<void(tune::Probe&, std::size_t number)>;
  Spoilt(tune::sim::VirtualTarget inner, Spoil spoil)
      : inner_(std::move(inner)), spoil_(std::move(spoil)) {}

  tune::Probe probe(const tune::ProbeOrder& order) override {
    tune::Probe probe = inner_.probe(order);
    spoil_(probe, ++probes_);
    return probe;
  }
  tune::Seconds elapsed() const override { return inner_.elapsed(); }
  tune::Seconds overhead() const override { return inner_.overhead(); }
  bool stopped() const override { return inner_.stopped(); }

 private:
  tune::sim::VirtualTarget inner_;
  Spoil spoil_;
  std::size_t probes_ = 0;
};

}  // namespace atonce::testing
