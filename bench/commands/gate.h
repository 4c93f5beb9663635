#pragma once
/// `atonce gate`.

namespace CLI {
class App;
}

namespace atonce {

void add_gate(CLI::App& app, int& exit_code);

}  // namespace atonce
