#include "bench/child_answer.h"

#include <fmt/format.h>
#include <signal.h>

#include <cstdio>
#include <exception>
#include <iostream>
#include <iterator>

#include "bench/child_process.h"
#include "bench/stop_signals.h"

namespace atonce {
namespace {

using std::chrono::milliseconds;

/// The child writes any lines, then one of these two, then its text.
constexpr std::string_view result_mark = "result";
constexpr std::string_view error_mark = "error";

/// For a child that was told to stop, to hand in what it has.
constexpr Nanos grace = std::chrono::seconds(10);

std::string describe_end(std::optional<int> exit_code) {
  if (!exit_code) return "the trial's process did not end";
  if (*exit_code > 128)
    return fmt::format("the trial's process died of signal {}", *exit_code - 128);
  return fmt::format("the trial's process ended with exit code {} and no result", *exit_code);
}

}  // namespace

ChildAnswer ask_child(const std::string& program, const std::vector<std::string>& arguments,
                      std::string_view question, std::stop_token stop, Nanos limit,
                      const std::function<void(const std::string&)>& on_line) {
  ChildProcess child(program, arguments);
  if (!child.send_input(question, stop))
    return {.text = "", .error = "the trial's process did not read its task"};
  Instant give_up = now() + limit;
  bool stopping = false;
  std::string mark, text;
  for (;;) {
    if (!stopping && (stop.stop_requested() || now() >= give_up)) {
      stopping = true;
      give_up = now() + grace;
      child.signal(SIGINT);
    }
    if (stopping && now() >= give_up) break;
    std::string line;
    const auto read = child.read_line(line, now() + milliseconds(50));
    if (read == ChildProcess::Read::end) break;
    if (read == ChildProcess::Read::nothing_yet) continue;
    if (!mark.empty())
      text += line + "\n";
    else if (line == result_mark || line == error_mark)
      mark = line;
    else
      on_line(line);
  }
  const auto exit_code = child.wait(now() + std::chrono::seconds(1));
  if (mark == error_mark) return {.text = "", .error = text.substr(0, text.find('\n'))};
  if (mark != result_mark || exit_code != 0) return {.text = "", .error = describe_end(exit_code)};
  return {.text = std::move(text), .error = {}};
}

int answer_as_child(const std::function<Answer(const std::string&)>& prepare) {
  try {
    const Answer answer = prepare({std::istreambuf_iterator<char>(std::cin), {}});
    const StopSignals signals;
    fmt::print("{}\n{}", result_mark, answer(signals.token()));
  } catch (const std::exception& error) {
    fmt::print("{}\n{}\n", error_mark, error.what());
  }
  std::fflush(stdout);
  return 0;
}

}  // namespace atonce
