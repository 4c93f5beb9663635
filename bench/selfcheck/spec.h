#pragma once
/// What a self-check plays: known laws under known loads.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/law.h"
#include "core/result.h"
#include "core/schedule.h"

namespace atonce::selfcheck {

/// Served on "/NAME".
struct KnownLaw {
  std::string name;
  Law law;
};

/// The mock server's configuration: one route for each known law.
std::string_view server_text();
/// In the order of the routes; as the server reads them.
std::vector<KnownLaw> known_laws();

/// How often calls come.
struct KnownLoad {
  std::string_view name;
  LoadShape shape;
  double rate;              ///< calls per second
  std::uint64_t calls;      ///< of the full form: enough for p99.9
  std::uint64_t few_calls;  ///< of the short form
};
std::span<const KnownLoad> known_loads();

/// One row: a runner, a law, a load.
struct Spec {
  TrialKey key;
  std::string law;
  std::string load;
  std::uint64_t calls = 0;
  std::uint64_t seed = 1;
  double alpha = 0;   ///< probability with which one quantile of a right sample leaves its band
  std::string url{};  ///< of the mock server
  int core = -1;      ///< pin the process to this core; -1 = do not
};

/// "asio_coroutines, lognormal, low"
std::string label(const Spec& spec);

std::string to_json(const Spec& spec);
/// Throws std::exception on text that to_json() did not write.
Spec spec_from_json(const std::string& text);

}  // namespace atonce::selfcheck
