#include "bench/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

namespace atonce {
namespace {

constexpr std::size_t longest_line = std::size_t{256} << 20;
/// How often a wait looks whether it is to be stopped.
constexpr Nanos glance = std::chrono::milliseconds(50);

struct Pipe {
  int read_end = -1;
  int write_end = -1;
};

Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
  return {ends[0], ends[1]};
}

/// In the child, between fork and exec: async-signal-safe calls only.
[[noreturn]] void become(const char* program, char* const* arguments, const Pipe& input,
                         const Pipe& output, pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(127);
  setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  dup2(input.read_end, STDIN_FILENO);
  dup2(output.write_end, STDOUT_FILENO);
  close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC);  // not every library opens them so
  execv(program, arguments);
  _exit(127);
}

int milliseconds_until(Instant until) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000));
}

/// Ends what is left of the group of a child that is dead or dying. As long as it has not been
/// waited for, no other process has its number.
int wait_for_group(pid_t leader) {
  kill(-leader, SIGKILL);
  int status = 0;
  waitpid(leader, &status, 0);
  return status;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments)
    : ChildProcess("/proc/self/exe", arguments) {}

ChildProcess::ChildProcess(const std::string& program, const std::vector<std::string>& arguments) {
  std::string name = "atonce";
  std::vector<char*> argv{name.data()};
  auto copies = arguments;
  for (std::string& copy : copies) argv.push_back(copy.data());
  argv.push_back(nullptr);

  const Pipe input = make_pipe();
  const Pipe output = make_pipe();
  const pid_t self = getpid();
  pid_ = fork();
  if (pid_ == 0) become(program.c_str(), argv.data(), input, output, self);
  const int error = errno;
  close(input.read_end);
  close(output.write_end);
  input_ = input.write_end;
  output_ = output.read_end;
  fcntl(input_, F_SETFL, O_NONBLOCK);
  if (pid_ < 0) throw std::system_error(error, std::generic_category(), "fork");
}

ChildProcess::~ChildProcess() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);  // by itself too: it may not have made its group yet
    wait_for_group(pid_);
  }
  if (input_ >= 0) close(input_);
  close(output_);
}

bool ChildProcess::send_input(std::string_view text, const std::stop_token& stop, Nanos limit) {
  const Instant until = now() + limit;
  bool ended = false;
  while (!text.empty() && !ended && now() < until && !stop.stop_requested()) {
    pollfd room{.fd = input_, .events = POLLOUT, .revents = 0};
    poll(&room, 1, milliseconds_until(std::min(until, now() + glance)));
    const ssize_t written = write(input_, text.data(), text.size());
    if (written >= 0)
      text.remove_prefix(static_cast<std::size_t>(written));
    else
      ended = errno != EAGAIN && errno != EINTR;  // what it says tells why
  }
  close(std::exchange(input_, -1));
  return text.empty() || ended;
}

ChildProcess::Read ChildProcess::read_line(std::string& line, Instant until) {
  for (bool late = false;; late = now() >= until) {
    if (const auto end = buffered_.find('\n', searched_); end != std::string::npos) {
      line.assign(buffered_, 0, end);
      buffered_.erase(0, end + 1);
      searched_ = 0;
      return Read::line;
    }
    searched_ = buffered_.size();
    if (searched_ > longest_line)
      throw std::runtime_error("a child process wrote a line of more than 256 MiB");
    if (late) return Read::nothing_yet;
    pollfd ready{.fd = output_, .events = POLLIN, .revents = 0};
    if (poll(&ready, 1, milliseconds_until(until)) <= 0) return Read::nothing_yet;
    std::array<char, 65536> bytes;
    const ssize_t size = read(output_, bytes.data(), bytes.size());
    if (size <= 0) return Read::end;
    buffered_.append(bytes.data(), static_cast<std::size_t>(size));
  }
}

void ChildProcess::signal(int number) {
  if (pid_ > 0) kill(pid_, number);
}

std::optional<int> ChildProcess::wait(Instant until) {
  for (;;) {
    siginfo_t ended{};
    if (waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        ended.si_pid == pid_) {
      const int status = wait_for_group(std::exchange(pid_, -1));
      return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    }
    if (now() >= until) return {};
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

}  // namespace atonce
