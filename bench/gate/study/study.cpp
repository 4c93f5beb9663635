/// How often the gate is right, on recorded slices: the tables of docs/gate.md.

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/exit_codes.h"
#include "bench/gate/study/tables.h"

namespace {

using namespace atonce::gate::study;

void print(const char* title, const std::string& table) {
  fmt::print("\n### {}\n\n{}", title, table);
  std::fflush(stdout);
}

void study(const std::filesystem::path& file, std::size_t jobs) {
  const Recording recording = read_recording(file);
  fmt::print("\n## {}\n", file.stem().string());
  print("Recorded", recording_table(recording));
  print("Answers slower", verdict_table(recording, Change::answers, jobs));
  print("Client dearer", verdict_table(recording, Change::client, jobs));
  print("Evidence", race_table(recording, jobs));
  print("Other rules", rival_table(recording, jobs / 5));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t jobs = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0;
  if (jobs < 5 || argc < 3) {
    fmt::print(stderr, "usage: atonce_gate_study JOBS GATE.JSON...\n");
    return atonce::exit_usage;
  }
  try {
    for (int i = 2; i < argc; ++i) study(argv[i], jobs);
  } catch (const std::exception& error) {
    fmt::print(stderr, "atonce_gate_study: {}\n", error.what());
    return atonce::exit_usage;
  }
}
