#include "bench/environment.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/utsname.h>

#include <chrono>

#include "bench/build_info.h"
#include "bench/machine.h"

namespace atonce {
namespace {

std::string core_list() {
  const auto cores = usable_cores();
  return fmt::format("{} ({})", cores.size(), fmt::join(cores, ", "));
}

std::string kernel() {
  utsname system{};
  uname(&system);
  return fmt::format("{} {} {}", system.sysname, system.release, system.machine);
}

}  // namespace

std::vector<std::pair<std::string, std::string>> describe_environment() {
  auto environment = build_info();
  environment.insert(environment.end(), {{"CPU", cpu_model()},
                                         {"cores", core_list()},
                                         {"kernel", kernel()},
                                         {"clock source", clock_source()}});
  return environment;
}

std::string utc_now() {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(seconds));
}

}  // namespace atonce
