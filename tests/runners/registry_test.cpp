#include <gmock/gmock.h>

#include <sstream>

#include "runners/runner.h"

namespace atonce {
namespace {

TEST(Registry, has_exactly_the_runners_of_the_build_in_their_order) {
  std::vector<std::string> built;
  std::istringstream list{ATONCE_RUNNERS};
  for (std::string runner; std::getline(list, runner, ',');) built.push_back(runner);

  std::vector<std::string> registered;
  for (const RunnerEntry* entry : all_runners()) registered.emplace_back(entry->name);
  EXPECT_EQ(registered, built);
}

TEST(Registry, finds_every_runner_by_its_name) {
  for (const RunnerEntry* entry : all_runners()) {
    EXPECT_EQ(find_runner(entry->name), entry);
    EXPECT_FALSE(entry->summary.empty());
  }
  EXPECT_EQ(find_runner("no_such_runner"), nullptr);
}

}  // namespace
}  // namespace atonce
