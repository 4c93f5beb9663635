#include "runners/blocking/interrupt.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <system_error>

namespace atonce {

Interrupt::Interrupt() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Interrupt::~Interrupt() {
  close(fd_);
}

void Interrupt::raise() noexcept {
  if (!raised_.exchange(true, std::memory_order_acq_rel)) eventfd_write(fd_, 1);
}

void Interrupt::clear() noexcept {
  eventfd_t value = 0;
  if (raised_.exchange(false, std::memory_order_acq_rel)) eventfd_read(fd_, &value);
}

}  // namespace atonce
