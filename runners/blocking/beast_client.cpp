#include "runners/blocking/beast_client.h"

#include <unistd.h>

#include <utility>

#include "runners/beast_response.h"
#include "runners/blocking/timed_socket.h"
#include "runners/request_text.h"

namespace atonce {
namespace {

/// The parser of the coroutine runner over a socket that blocks its thread.
class BeastClient final : public BlockingClient {
 public:
  BeastClient(const Endpoint& endpoint, bool keep_alive)
      : endpoint_(endpoint), keep_alive_(keep_alive), texts_(endpoint.target, keep_alive) {}
  ~BeastClient() override { disconnect(); }

  void arm() override { interrupt_.clear(); }
  void abort() override { interrupt_.raise(); }

  void exchange(const Attempt& attempt, ResponseReader& reader) noexcept override {
    response_.begin(reader, attempt.request->method == "HEAD");
    reader.end(play(attempt, reader.sample()));
    if (!keep_alive_ || !response_.reusable()) disconnect();
  }

 private:
  Outcome play(const Attempt& attempt, Sample& sample) {
    if (endpoint_.addresses.empty()) return Outcome::dns;
    const Limit limit{attempt.give_up_at, interrupt_};
    Fault fault = connect(limit, sample);
    if (fault == Fault::none) {
      sample.at.connected = sample.at.sent = now();
      TimedSocket socket(fd_, limit);
      // A server may refuse a request before it has read it all: its answer counts, not our failure
      // to write the rest. Where the limit struck, it strikes again.
      send(socket, texts_.of(*attempt.request, attempt.id));
      if (const auto outcome = receive(socket)) return *outcome;
      fault = socket.fault();
    }
    return outcome_of(fault, attempt, sample.at.connected != unset).value_or(Outcome::closed_early);
  }

  Fault connect(const Limit& limit, Sample& sample) {
    if (fd_ >= 0 && is_stale(fd_)) disconnect();
    sample.reused_connection = fd_ >= 0;
    if (sample.reused_connection) return Fault::none;
    const Connection connection = connect_to(endpoint_, limit);
    fd_ = connection.fd;
    return connection.fault;
  }

  static void send(TimedSocket& socket, std::string_view text) {
    while (!text.empty()) {
      const ssize_t written = socket.write(text.data(), text.size());
      if (written <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  /// Nothing when there is a fault.
  std::optional<Outcome> receive(TimedSocket& socket) {
    for (;;) {
      const auto room = response_.room();
      const ssize_t size = socket.read(room.data(), room.size());
      if (size < 0) return {};
      const auto outcome = response_.add(static_cast<std::size_t>(size), size == 0, now());
      if (outcome) return outcome;
    }
  }

  void disconnect() {
    if (fd_ >= 0) close(std::exchange(fd_, -1));
  }

  const Endpoint endpoint_;
  const bool keep_alive_;
  RequestTexts texts_;
  Interrupt interrupt_;
  BeastResponse response_;
  int fd_ = -1;
};

}  // namespace

std::unique_ptr<BlockingClient> make_beast_client(const Endpoint& endpoint, bool keep_alive) {
  return std::make_unique<BeastClient>(endpoint, keep_alive);
}

}  // namespace atonce
