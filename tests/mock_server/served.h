#pragma once
/// A mock server of a test's own, with its account at hand.

#include <string>
#include <thread>
#include <vector>

#include "mock_server/server.h"
#include "mock_server/truth.h"
#include "tests/mock_server/raw_client.h"

namespace atonce::mock {

class Served {
 public:
  /// `yaml` as in a configuration file.
  explicit Served(const std::string& yaml)
      : server_(parse_server_config(ConfigNode::parse(yaml, "test.yaml"))) {}

  std::uint16_t port() const { return server_.port(); }

  std::string page(const std::string& path) const { return RawClient(port()).get(path).body; }
  TruthSummary summary() const { return parse_summary(page("/_atonce/summary")); }
  std::vector<AttemptTruth> truth() const { return parse_truth(page("/_atonce/truth")); }

  RawResponse post(const std::string& target) const {
    RawClient client(port());
    client.send("POST " + target + " HTTP/1.1\r\n\r\n");
    return client.receive();
  }
  TruthSummary reset(const std::string& query = "") const {
    return parse_summary(post("/_atonce/reset" + query).body);
  }

  /// Waits until `reached` holds for the summary; false when it did not within ten seconds.
  template <typename Condition>
  bool wait_until(Condition reached) const {
    for (int i = 0; i < 2000 && !reached(summary()); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return reached(summary());
  }

 private:
  Server server_;
};

}  // namespace atonce::mock
