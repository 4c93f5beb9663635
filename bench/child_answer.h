#pragma once
/// A question to another process of this program, and its answer.

#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "core/clock.h"

namespace atonce {

struct ChildAnswer {
  std::string text;
  std::optional<std::string> error;  ///< one sentence, and no text
};

/// This program.
inline const std::string same_program = "/proc/self/exe";

/// Runs `program` with `arguments`, gives it `question` and waits for its answer; `on_line` gets
/// what it says before that. A stop request is passed on; the child then has ten seconds to hand in
/// what it has, as it has after `limit`.
ChildAnswer ask_child(const std::string& program, const std::vector<std::string>& arguments,
                      std::string_view question, std::stop_token stop, Nanos limit,
                      const std::function<void(const std::string&)>& on_line);

/// Makes the answer; on a stop request, of what it has.
using Answer = std::function<std::string(std::stop_token)>;

/// The child's side: reads the question from standard input and prints the answer, or the exception
/// instead of it. `prepare` is called before any thread is started; from then on SIGINT and SIGTERM
/// are the stop request. Returns the exit code.
int answer_as_child(const std::function<Answer(const std::string& question)>& prepare);

}  // namespace atonce
