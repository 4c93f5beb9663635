#pragma once
/// A small HTTP server for one page.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace atonce {

/// Serves `page()` as /metrics on 127.0.0.1 from a thread of its own, one request per connection,
/// to a few clients at once; who takes longer than 5 s or asks for too much is hung up on.
class MetricsServer {
 public:
  /// Port 0: any free one. The thread runs on `core`; -1 = any. Throws std::invalid_argument when
  /// it cannot listen.
  MetricsServer(std::uint16_t port, int core, std::function<std::string()> page);
  ~MetricsServer();

  std::uint16_t port() const;

 private:
  struct Site;
  std::unique_ptr<Site> site_;
};

}  // namespace atonce
