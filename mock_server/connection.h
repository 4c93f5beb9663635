#pragma once
/// One client: its requests are answered one after the other, each at its instant.

#include <memory>
#include <variant>

#include "mock_server/rate_limiter.h"
#include "mock_server/site.h"
#include "mock_server/token_stream.h"
#include "mock_server/wire.h"
#include "mock_server/worker_pool.h"

namespace atonce::mock {

/// Lives on its shard's thread; run() keeps it alive through a shared pointer of the caller's.
class Connection : public std::enable_shared_from_this<Connection>, private WorkerPool::Waiter {
 public:
  /// `site` and `shard` must outlive it.
  Connection(Site& site, Shard& shard, Socket socket);
  ~Connection() override;

  /// Returns when the connection is over.
  Task<void> run();

  void enforce_limits(Instant time) { wire_.enforce_limits(time); }
  void close() { wire_.close(); }

 private:
  enum class Visit : unsigned char { served, refused, gone };

  Task<void> reject(Wire::Received received);
  // Those that return a bool say whether the connection stays open.
  Task<bool> serve(Wire::Received received);
  Task<bool> refuse(TruthLog::Entry& entry, std::uint16_t status);
  Task<bool> play(TruthLog::Entry& entry, const ServedRoute& route);
  Task<Visit> take_worker(AttemptTruth& truth, const ServedRoute& route);
  Task<Visit> use_worker(TruthLog::Entry& entry, const ServedRoute& route);
  Task<bool> converse(TruthLog::Entry& entry, const ServedRoute& route);
  Task<bool> answer(TruthLog::Entry& entry, const ServedRoute& route, const LlmRequest& request,
                    const Fault* fault);
  Task<bool> play_stream(TruthLog::Entry& entry, TokenStream& stream);
  Task<bool> end_stream(TruthLog::Entry& entry, const TokenStream& stream);
  Task<bool> respond(TruthLog::Entry& entry, const CannedResponse& response,
                     Persistence persistence);
  Task<bool> play_limited(TruthLog::Entry& entry, const ServedRoute& route, RateLimiter& limiter);
  /// Null when none is to strike.
  const Fault* drawn_fault(const ServedRoute& route, AttemptId id) const;
  Task<bool> strike(TruthLog::Entry& entry, const ServedRoute& route, const Fault& fault);
  Task<bool> fail(TruthLog::Entry& entry, const ServedRoute& route, const Fault& fault);
  Task<bool> serve_operator();
  bool is_frozen() const;
  /// Waits for the end of the freeze; whether the client stays as long.
  Task<bool> outlast_freeze(TruthLog::Entry& entry);
  struct Struck {};
  using PreparedAnswer = std::variant<Struck, CannedResponse, std::unique_ptr<TokenStream>>;
  PreparedAnswer prepare(AttemptTruth& truth, const ServedRoute& route, const LlmRequest& request,
                         const Fault* fault) const;
  bool give_up(TruthLog::Entry& entry);
  void note_refusal(const TruthLog::Entry& entry, const RateLimiter::Admission& admission,
                    Instant at);
  void tell_to_wait(Instant at, Nanos wait);
  void leave_flight(TruthLog::Entry& entry);
  /// Of an LLM route, if it has one.
  void free_worker(const AttemptTruth& truth, FaultKind fault);
  bool end_by(FaultKind fault, ConnectionEnd end, TruthLog::Entry& entry);
  void on_turn(const Turn& turn) override;

  Site& site_;
  Shard& shard_;
  Wire wire_;
  const std::uint32_t number_;
  const std::uint64_t era_;
  bool is_counted_ = true;                  // not the operator's
  Turn turn_;                               // the last one it was given
  const ServedRoute* at_worker_ = nullptr;  // the LLM route that it occupies a worker of
  std::optional<RateLimiter::Pass> pass_;
  std::string extra_headers_;  // of this attempt's response, whole lines
};

}  // namespace atonce::mock
