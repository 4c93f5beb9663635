/// `atonce gate` on what others have measured: stored baselines and Google Benchmark's files.

#include <gmock/gmock.h>

#include "tests/bench/gate_command.h"

namespace atonce::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// A run of one arm against itself, stored.
class GateAgainst : public Gate {
 protected:
  GateAgainst() {
    gate({"--baseline", same_, "--candidate", same_});
    document_ = stored();
    store("stored.json", document_);
  }

  Ended against(const std::string& arm, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"--against", folder_ / "stored.json", "--candidate", arm});
    return gate(std::move(more));
  }

  /// Stores the run as if it had been in another environment.
  void store_with(const char* key, const char* value) {
    json other = document_;
    for (json& fact : other["environment"])
      if (fact["name"] == key) fact["value"] = value;
    store("stored.json", other);
  }

  const std::string same_ = client("a", 1'000'000), slow_ = client("b", 1'600'000);
  json document_;
};

TEST_F(GateAgainst, counts_in_the_same_environment) {
  const Ended exact = against(slow_);
  EXPECT_EQ(exact.exit_code, 1) << exact.err << exact.out;
  EXPECT_THAT(exact.out, HasSubstr("The baseline was measured earlier"));
}

TEST_F(GateAgainst, is_advisory_on_the_same_kind_of_machine) {
  for (const char* key : {"kernel", "boot"}) {
    store_with(key, "another");
    const Ended advisory = against(slow_);
    EXPECT_EQ(advisory.exit_code, 3) << key;
    EXPECT_THAT(advisory.out, AllOf(HasSubstr("INCONCLUSIVE (advisory)"),
                                    HasSubstr("suggests FAIL"), HasSubstr(key)));
  }
}

TEST_F(GateAgainst, a_fact_that_only_the_stored_run_has_is_a_difference) {
  json more = document_;
  more["environment"].push_back({{"name", "turbo"}, {"value", "off"}});
  store("stored.json", more);
  const Ended ended = against(slow_);
  EXPECT_EQ(ended.exit_code, 3);
  EXPECT_EQ(stored()["foreign"], json::array({{{"name", "turbo"}, {"value", "off -> nothing"}}}));
}

TEST_F(GateAgainst, is_refused_on_another_machine_and_for_other_work) {
  const Ended other_cap = against(slow_, {"--cap", "3"});
  EXPECT_EQ(other_cap.exit_code, 4);
  EXPECT_THAT(other_cap.err, HasSubstr("arm: cap 20 -> cap 3"));
  slice_ = "50ms";
  EXPECT_EQ(against(slow_).exit_code, 4);
  slice_ = "100ms";
  write("quick.yaml", quick_gate + std::string("# not quite the same\n"));
  EXPECT_EQ(against(slow_).exit_code, 4);
  write("quick.yaml", quick_gate);
  store_with("CPU", "Z80");
  const Ended foreign = against(slow_);
  EXPECT_EQ(foreign.exit_code, 4);
  EXPECT_THAT(foreign.err, HasSubstr("CPU: Z80 -> "));
}

TEST_F(GateAgainst, judges_the_stored_cells_that_are_asked_for) {
  const Ended one = against(slow_, {"--cells", "response_p95,throughput"});
  EXPECT_EQ(one.exit_code, 1) << one.err << one.out;
  EXPECT_THAT(one.out, HasSubstr("throughput: the stored run does not have it"));
  const json judged = stored();
  ASSERT_EQ(judged["cells"].size(), 1u);
  EXPECT_EQ(judged["cells"][0]["name"], "response_p95");
  EXPECT_EQ(judged["pairs"][0]["baseline"]["values"].size(), 1u);
  const Ended none = against(slow_, {"--cells", "throughput"});
  EXPECT_EQ(none.exit_code, 2);
  EXPECT_THAT(none.err, HasSubstr("nothing to compare"));
}

TEST_F(GateAgainst, a_cell_that_the_candidate_does_not_tell_is_left_out) {
  json more = document_;
  more["cells"].push_back({{"name", "overhead_p50"}, {"unit", "ns"}, {"better", "less"}});
  for (json& pair : more["pairs"])
    for (const char* side : {"baseline", "candidate"}) pair[side]["values"].push_back(1000.0);
  store("stored.json", more);
  const Ended ended = against(slow_);
  EXPECT_EQ(ended.exit_code, 1) << ended.err << ended.out;
  EXPECT_EQ(stored()["cells"].size(), 2u);
  EXPECT_THAT(stored()["left_out"].back().get<std::string>(),
              AllOf(HasSubstr("overhead_p50"), HasSubstr("does not tell it")));
}

/// One benchmark as Google Benchmark writes it, as far as it is read.
json repetitions(const std::string& name, double microseconds, int count) {
  json list = json::array();
  for (int i = 0; i < count; ++i)
    list.push_back({{"name", name},
                    {"run_type", "iteration"},
                    {"repetition_index", i},
                    {"real_time", 1.0},
                    {"cpu_time", microseconds * (100 + i % 3) / 100},
                    {"time_unit", "us"}});
  list.push_back({{"name", name + "_mean"}, {"run_type", "aggregate"}, {"cpu_time", 1.0}});
  return list;
}

class GateBenchmarks : public Gate {
 protected:
  void add(json& file, const json& benchmark) {
    file.insert(file.end(), benchmark.begin(), benchmark.end());
  }
  Ended judge() {
    return run_atonce({"gate", "--out", folder_ / "out", "--format", "json", "--gbench",
                       write("old.json", json{{"benchmarks", old_}}.dump()),
                       write("new.json", json{{"benchmarks", new_}}.dump())});
  }

  json old_ = json::array(), new_ = json::array();
};

TEST_F(GateBenchmarks, are_judged_and_what_is_not_known_of_them_is_said) {
  add(old_, repetitions("parse", 100, 20));
  add(new_, repetitions("parse", 120, 20));
  const Ended slower = judge();
  EXPECT_EQ(slower.exit_code, 1) << slower.err << slower.out;
  EXPECT_THAT(slower.out, AllOf(HasSubstr("101 us"), HasSubstr("121 us"),
                                HasSubstr("no control arm"), HasSubstr("random order")));
  new_ = old_;
  EXPECT_EQ(judge().exit_code, 0);
  EXPECT_EQ(
      run_atonce({"gate", "--gbench", write("bad.json", "{}"), folder_ / "new.json"}).exit_code, 2);
}

TEST_F(GateBenchmarks, seven_repetitions_are_the_least_that_can_end_in_a_verdict) {
  add(old_, repetitions("parse", 100, 7));
  add(new_, repetitions("parse", 1000, 7));
  const Ended seven = judge();
  EXPECT_EQ(seven.exit_code, 1) << seven.err << seven.out;
  new_ = repetitions("parse", 1000, 6);
  const Ended six = judge();
  EXPECT_EQ(six.exit_code, 2);
  EXPECT_THAT(six.err, HasSubstr("parse: 6 repetitions are too few for any verdict, it takes 7"));
}

TEST_F(GateBenchmarks, that_say_nothing_are_left_out_by_name_and_the_others_judged) {
  for (json* file : {&old_, &new_}) {
    add(*file, repetitions("parse", file == &old_ ? 100 : 300, 20));
    add(*file, repetitions("short", 100, 3));
    add(*file, repetitions("idle", 0, 20));
    add(*file, repetitions("broken", 100, 20));
  }
  add(old_, repetitions("gone", 100, 20));
  add(new_, repetitions("fresh", 100, 20));
  for (json& entry : new_)
    if (entry["name"] == "broken" && entry["repetition_index"] == 4)
      entry = {{"name", "broken"},
               {"run_type", "iteration"},
               {"error_occurred", true},
               {"error_message", "no file"}};
  const Ended ended = judge();
  EXPECT_EQ(ended.exit_code, 1) << ended.err << ended.out;
  const json left_out = stored()["left_out"];
  ASSERT_EQ(left_out.size(), 5u);
  const std::vector<std::string> reasons{"short: 3 repetitions are too few",
                                         "idle: a repetition took no time, in the first file",
                                         "broken: a repetition failed: no file, in the second file",
                                         "gone: not in ", "fresh: not in "};
  for (std::size_t i = 0; i < reasons.size(); ++i)
    EXPECT_THAT(left_out[i].get<std::string>(), ::testing::StartsWith(reasons[i]));
  EXPECT_EQ(stored()["cells"].size(), 1u);
}

TEST_F(GateBenchmarks, the_one_with_the_fewest_repetitions_is_named) {
  for (json* file : {&old_, &new_}) {
    add(*file, repetitions("parse", file == &old_ ? 100 : 300, 20));
    add(*file, repetitions("short", file == &old_ ? 100 : 300, 9));
  }
  EXPECT_THAT(judge().out, HasSubstr("all repetitions after 9: short has no more"));
}

}  // namespace
}  // namespace atonce::testing
