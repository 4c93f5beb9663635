#include "runners/readiness.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace atonce {
namespace {

int checked(int fd, const char* what) {
  if (fd < 0) throw std::system_error(errno, std::generic_category(), what);
  return fd;
}

/// Sleeps with nanosecond limits where the kernel has epoll_pwait2 (5.11), else rounds up to
/// milliseconds.
int wait_for_events(int epoll, std::span<epoll_event> events, Instant until) {
  const auto most = static_cast<int>(events.size());
  if (until == never) return epoll_wait(epoll, events.data(), most, -1);
  const Nanos left = std::max(until - now(), Nanos{0});
  const auto whole = std::chrono::floor<std::chrono::seconds>(left);
  const timespec limit{.tv_sec = whole.count(), .tv_nsec = (left - whole).count()};
  const int count = epoll_pwait2(epoll, events.data(), most, &limit, nullptr);
  if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
  const auto rounded = std::chrono::ceil<std::chrono::milliseconds>(left);
  return epoll_wait(epoll, events.data(), most, static_cast<int>(rounded.count()));
}

}  // namespace

Readiness::Readiness()
    : epoll_(checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
      wake_(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")) {
  watch(wake_, true, false);
}

Readiness::~Readiness() {
  close(wake_);
  close(epoll_);
}

void Readiness::watch(int fd, bool read, bool write) {
  const auto place = static_cast<std::size_t>(fd);
  if (interests_.size() <= place) interests_.resize(place + 1);
  Interest& interest = interests_[place];
  interest.wanted = (read ? EPOLLIN : 0u) | (write ? EPOLLOUT : 0u);
  if (interest.wanted != 0 && interest.wanted != interest.registered) change(fd, interest.wanted);
}

void Readiness::change(int fd, std::uint32_t events) {
  Interest& interest = interests_[static_cast<std::size_t>(fd)];
  const int operation = events == 0                ? EPOLL_CTL_DEL
                        : interest.registered == 0 ? EPOLL_CTL_ADD
                                                   : EPOLL_CTL_MOD;
  epoll_event event{};
  event.events = events;
  event.data.fd = fd;
  checked(epoll_ctl(epoll_, operation, fd, &event), "epoll_ctl");
  interest.registered = events;
}

void Readiness::forget(int fd) {
  const auto place = static_cast<std::size_t>(fd);
  if (interests_.size() > place) interests_[place] = {};  // closing takes it out of the epoll set
}

void Readiness::remove(int fd) {
  change(fd, 0);
  forget(fd);
}

std::span<const ReadySocket> Readiness::wait(Instant until) {
  std::array<epoll_event, 256> events;
  const int count = wait_for_events(epoll_, events, until);
  ready_.clear();
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    const int fd = event.data.fd;
    if (fd == wake_) {
      eventfd_t ignored;
      eventfd_read(wake_, &ignored);
    } else if (interests_[static_cast<std::size_t>(fd)].wanted == 0) {
      change(fd, 0);
    } else {
      ready_.push_back({.fd = fd,
                        .readable = (event.events & EPOLLIN) != 0,
                        .writable = (event.events & EPOLLOUT) != 0,
                        .failed = (event.events & (EPOLLERR | EPOLLHUP)) != 0});
    }
  }
  return ready_;
}

void Readiness::wake() noexcept {
  eventfd_write(wake_, 1);
}

}  // namespace atonce
