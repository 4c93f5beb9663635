#pragma once
/// The base of all tests that hold for every contender.

#include <gmock/gmock.h>

#include "tests/runners/play.h"
#include "tests/support/scripted_server.h"

namespace atonce {

#ifdef ATONCE_SANITIZED
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

class ConformanceTest : public testing::TestWithParam<Contender> {
 protected:
  std::unique_ptr<Played> play(const Match& match) { return atonce::play(GetParam(), match); }

  ScriptedServer server;
};

}  // namespace atonce

/// Runs the suite for every contender.
#define ATONCE_FOR_EVERY_CONTENDER(suite)                                   \
  INSTANTIATE_TEST_SUITE_P(runners, suite, testing::ValuesIn(contenders()), \
                           [](const auto& contender) { return name(contender.param); })
