#pragma once

namespace CLI {
class App;
}

namespace atonce {

/// Adds `atonce doctor`; its callback sets `exit_code`, which must outlive the parsing.
void add_doctor(CLI::App& app, int& exit_code);

}  // namespace atonce
