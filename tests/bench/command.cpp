#include "tests/bench/command.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <thread>

namespace atonce::testing {
namespace {

std::filesystem::path new_folder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "atonce-test-XXXXXX").string();
  return mkdtemp(pattern.data());
}

[[noreturn]] void become(char* const* arguments, const char* out, const char* err) {
  const int null = open("/dev/null", O_RDONLY);
  dup2(null, STDIN_FILENO);
  dup2(open(out, O_WRONLY | O_CREAT, 0600), STDOUT_FILENO);
  dup2(open(err, O_WRONLY | O_CREAT, 0600), STDERR_FILENO);
  execv(ATONCE_PROGRAM, arguments);
  _exit(127);
}

}  // namespace

Command::Command(const std::vector<std::string>& arguments) : folder_(new_folder()) {
  auto copies = arguments;
  std::string name = "atonce";
  std::vector<char*> argv{name.data()};
  for (std::string& copy : copies) argv.push_back(copy.data());
  argv.push_back(nullptr);
  const std::string out = (folder_ / "out").string(), err = (folder_ / "err").string();
  pid_ = fork();
  if (pid_ == 0) become(argv.data(), out.c_str(), err.c_str());
}

Command::~Command() {
  if (pid_ > 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  std::filesystem::remove_all(folder_);
}

void Command::signal(int number) {
  kill(pid_, number);
}

std::string Command::out_so_far() const {
  return read_file(folder_ / "out");
}

std::string Command::err_so_far() const {
  return read_file(folder_ / "err");
}

Ended Command::wait(std::chrono::seconds limit) {
  const auto until = std::chrono::steady_clock::now() + limit;
  int status = 0;
  while (waitpid(pid_, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > until) kill(pid_, SIGKILL);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  pid_ = -1;
  Ended ended;
  ended.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  ended.out = read_file(folder_ / "out");
  ended.err = read_file(folder_ / "err");
  return ended;
}

Ended run_atonce(const std::vector<std::string>& arguments) {
  return Command(arguments).wait();
}

Folder::Folder() : path_(new_folder()) {}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace atonce::testing
