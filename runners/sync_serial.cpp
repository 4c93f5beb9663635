#include "runners/blocking/carry_calls.h"

namespace atonce {
namespace {

class SyncSerial final : public Runner {
 public:
  explicit SyncSerial(const RunnerConfig& config)
      : client_(make_blocking_client(config.transport, resolve(config.target), config.keep_alive)),
        spin_(config.spin) {}

  void run(Dispatcher& work, std::stop_token stop) override {
    BlockingDispatcher desk(work, std::move(stop), spin_);
    carry_calls(desk, *client_);
  }

 private:
  std::unique_ptr<BlockingClient> client_;
  const Nanos spin_;
};

}  // namespace

extern const RunnerEntry sync_serial_runner;
const RunnerEntry sync_serial_runner{
    .name = "sync_serial",
    .summary = "one thread, one call after the other, whatever the cap",
    .model = Model::serial,
    .transports = blocking_transports(),
    .threads = [](const RunnerConfig&) -> std::size_t { return 1; },
    .make = [](const RunnerConfig& config) -> std::unique_ptr<Runner> {
      return std::make_unique<SyncSerial>(config);
    }};

}  // namespace atonce
