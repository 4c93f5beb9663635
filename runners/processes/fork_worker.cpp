#include "runners/processes/fork_worker.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>

#include <array>
#include <cerrno>
#include <exception>
#include <system_error>

#include "runners/processes/worker.h"

namespace atonce {
namespace {

/// Blocks all signals: until the child has handlers of its own, one would run its parent's.
class SignalPause {
 public:
  SignalPause() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalPause() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalPause(const SignalPause&) = delete;
  SignalPause& operator=(const SignalPause&) = delete;

 private:
  sigset_t before_;
};

void reset_signals() {
  for (int number = 1; number < NSIG; ++number) signal(number, SIG_DFL);
  signal(SIGINT, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
}

struct WorkerSockets {
  int orders = 3;
  int aborts = 4;
};

/// The other workers' sockets are among what is closed: their ends must show.
WorkerSockets keep_sockets_only(int orders, int aborts) {
  const WorkerSockets kept;
  const int above = kept.aborts + 1;
  const std::array copies{fcntl(orders, F_DUPFD, above), fcntl(aborts, F_DUPFD, above),
                          open("/dev/null", O_RDWR)};
  dup2(copies[0], kept.orders);
  dup2(copies[1], kept.aborts);
  dup2(copies[2], STDIN_FILENO);
  dup2(copies[2], STDOUT_FILENO);
  closefrom(above);
  return kept;
}

void work(const WorkerSetup& setup, const WorkerSockets& sockets) {
  Descriptor orders(sockets.orders);
  Descriptor aborts(sockets.aborts);
  try {
    const auto client = make_blocking_client(setup.transport, setup.endpoint, setup.keep_alive);
    Worker(std::move(orders), std::move(aborts), *client).serve();
  } catch (const std::exception& error) {
    FrameSocket pool(std::move(orders));
    pool.put(Message::ready, error.what());
    pool.flush();
  }
}

[[noreturn]] void be_worker(const WorkerSetup& setup, int orders, int aborts,
                            pid_t parent) noexcept {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  prctl(PR_SET_NAME, "atonce-worker");
  reset_signals();
  work(setup, keep_sockets_only(orders, aborts));
  _exit(0);
}

}  // namespace

pid_t fork_worker(const WorkerSetup& setup, const Descriptor& orders, const Descriptor& aborts) {
  const pid_t parent = getpid();
  const SignalPause pause;
  const pid_t id = fork();
  if (id == 0) be_worker(setup, orders.get(), aborts.get(), parent);
  if (id < 0) throw std::system_error(errno, std::generic_category(), "fork");
  return id;
}

}  // namespace atonce
