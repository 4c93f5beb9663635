#pragma once
/// Known laws through every runner: are the numbers right on this machine?

#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "bench/selfcheck/row.h"

namespace atonce::selfcheck {

/// What a person asked for.
struct Wanted {
  std::vector<std::string> runners;     ///< empty = all that send something
  std::vector<std::string> transports;  ///< empty = each runner's own default
  std::vector<std::string> laws;        ///< empty = all
  std::uint64_t seed = 1;
  bool is_short = false;
};

/// Probability with which a right harness leaves a band of the law anywhere in a table.
inline constexpr double whole_alpha = 1e-4;

/// The rows, runner by runner; without the server's URL and a core. Throws std::invalid_argument,
/// which names the wrong value and the right ones.
std::vector<Spec> plan(const Wanted& wanted);

/// Told before each row, and after it.
struct Watcher {
  std::function<void(std::size_t number, std::size_t total, const Spec& spec)> begins;
  std::function<void(const Row& row)> ends;
};

/// Starts the mock server and plays each row in a process of its own. After a stop request the row
/// in progress and the rest are left out.
std::vector<Row> play_all(std::vector<Spec> specs, std::stop_token stop, const Watcher& watcher);

/// The child's side: reads a spec, plays and judges it, prints the row. Returns the exit code.
int play_row_as_child();

/// A table, as it is written and shown.
struct Proof {
  std::string created;  ///< UTC
  std::uint64_t seed = 1;
  bool is_short = false;
  std::size_t planned = 0;  ///< rows
  std::vector<std::pair<std::string, std::string>> environment;
  std::vector<Row> rows;

  bool interrupted() const { return rows.size() < planned; }
  bool passed() const;
};

inline constexpr std::string_view proof_schema = "atonce.selfcheck/1";
std::string to_json(const Proof& proof);

}  // namespace atonce::selfcheck
