#include "tests/support/silent_listener.h"

namespace atonce {

SilentListener::SilentListener() : listener_(listen_on_loopback(0)), port_(local_port(listener_)) {
  // A backlog of 0 holds one connection; the rest make sure of it.
  constexpr int fillers = 4;
  for (int i = 0; i < fillers; ++i) fillers_.push_back(begin_connect(port_));
}

}  // namespace atonce
