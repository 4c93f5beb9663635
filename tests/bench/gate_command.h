#pragma once
/// `atonce gate` with arms that are scripts, which only claim to have called.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/bench/command.h"

namespace atonce::testing {

using nlohmann::json;

inline constexpr const char* quick_gate = R"(name: quick
summary: Short calls.
load: {shape: poisson, rate: 200/s, duration: 1s}
session: [{stage: ask, calls: [{request: GET /llm}]}]
limits: {caps: [20], timeout: 5s}
server: {routes: [{path: /llm, latency: {uniform: [2ms, 6ms]}}]}
)";

/// A folder with a scenario and clients that answer at once.
class Gate : public ::testing::Test {
 protected:
  Gate() { write("quick.yaml", quick_gate); }

  std::string write(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name) << text;
    return folder_ / name;
  }

  /// Path of a shell script.
  std::string script(const std::string& name, const std::string& text) {
    std::string path = write(name, "#!/bin/sh\n" + text);
    chmod(path.c_str(), 0700);
    return path;
  }

  /// "client:PATH" of a script that claims a response time of `ns` for each of 200 calls that did
  /// not fail.
  std::string client(const std::string& name, int ns, int errors = 0, const char* more = "") {
    return "client:" +
           script(name, "cat >/dev/null\n" + std::string(more) +
                            "echo '{\"calls\": 200, \"errors\": " + std::to_string(errors) +
                            ", \"wall_ns\": 1000000000, \"response_ns\": [" +
                            times(ns, 200 - errors) + "]}'\n");
  }

  Ended gate(std::vector<std::string> more) { return Command(arguments(std::move(more))).wait(); }

  std::vector<std::string> arguments(std::vector<std::string> more) {
    std::vector<std::string> all{
        "gate",         "--format", formats_,         folder_ / "quick.yaml",
        "--out",        out_,       "--slice",        slice_,
        "--warm-up",    warm_up_,   "--alpha",        alpha_,
        "--beta",       alpha_,     "--most-stalled", "0.99",
        "--most-steal", "0.99"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }

  json stored() { return json::parse(read_file(folder_ / "out/gate.json")); }
  void store(const std::string& name, const json& document) { write(name, document.dump()); }

  Folder folder_;
  std::string alpha_ = "0.05", formats_ = "json", slice_ = "100ms", warm_up_ = "20ms",
              out_ = folder_ / "out";

 private:
  static std::string times(int ns, int count) {
    std::string list;
    for (int i = 0; i < count; ++i) list += (i > 0 ? "," : "") + std::to_string(ns);
    return list;
  }
};

}  // namespace atonce::testing
