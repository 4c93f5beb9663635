#pragma once
/// The contract of a contender.

#include <cstdint>
#include <memory>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/dispatcher.h"

namespace atonce {

/// Where requests go: an http:// base URL, taken apart.
struct Target {
  std::string host;  ///< as in the URL, without brackets
  std::uint16_t port = 80;
  std::string base_path;  ///< "" or "/v1", never with a trailing slash
  std::string authority;  ///< value of the Host header
};

/// Throws std::invalid_argument with a sentence when `url` is not a usable http:// URL.
Target parse_target(const std::string& url);
/// Whether the host is a name or an address of the loopback interface, judged without the network.
bool is_local(const Target& target);

struct RunnerConfig {
  Target target;
  std::size_t cap = 1;               ///< as in Policy; a runner may size itself by it
  std::size_t connections = 1;       ///< most open connections; `unlimited` for no limit
  std::size_t threads = 0;           ///< threads that carry calls; 0 = the runner's default
  std::size_t most_parallel = 1;     ///< most calls the schedule could ever have in flight
  std::size_t offload_threads = 32;  ///< of an event loop, for steps that are taken off it
  std::string transport;             ///< one of the entry's transports; empty = the first
  bool keep_alive = true;
  Nanos spin{};  ///< sleep until this long before an attempt is due, then look without sleeping
};

/// Plays a schedule against a target and leaves one sample per attempt with the dispatcher.
/// Construct = make ready (threads, handles, name resolution; unmeasured). run() = measured.
/// Destroy = tear down.
///  1. Every attempt handed out is completed exactly once.
///  2. No attempt is sent that the dispatcher did not hand out, so none starts before it is due and
///     unblocked, and never more than the cap are in flight.
///  3. A request that fails is a sample with an Outcome. Only the constructor throws.
///  4. After run() returns nothing of it is in flight. A request on `stop` makes run() return in
///     bounded time.
class Runner {
 public:
  virtual ~Runner() = default;
  virtual void run(Dispatcher& work, std::stop_token stop) = 0;
  /// Ids of the children of this process that carry its calls now: what they use is its own.
  virtual std::vector<int> processes() const { return {}; }
};

/// How a runner waits, for grouping in reports.
enum class Model : unsigned char {
  none,
  serial,
  threads,
  tasks,
  coroutines,
  event_loop,
  processes
};
std::string_view name(Model model);

/// What a runner's own file says about it.
struct RunnerEntry {
  std::string_view name;
  std::string_view summary;  ///< one line for `atonce list`
  Model model;
  std::vector<std::string_view> transports;  ///< first = default; empty = it has but one
  /// Threads that carry calls under `config`, as reported in results.
  std::size_t (*threads)(const RunnerConfig& config);
  std::unique_ptr<Runner> (*make)(const RunnerConfig& config);
};

/// All runners of this build, in the order of runners/CMakeLists.txt.
std::span<const RunnerEntry* const> all_runners();
/// Null when there is none with that name.
const RunnerEntry* find_runner(std::string_view name);
/// Throws std::invalid_argument, with the names there are, when there is none with that name.
const RunnerEntry& runner_named(std::string_view name);

}  // namespace atonce
