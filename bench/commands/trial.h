#pragma once

namespace CLI {
class App;
}

namespace atonce {

/// Adds `atonce trial`, which is not for people: it plays one trial for the process above it. Its
/// callback sets `exit_code`, which must outlive the parsing.
void add_trial(CLI::App& app, int& exit_code);

}  // namespace atonce
