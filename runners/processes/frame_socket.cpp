#include "runners/processes/frame_socket.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

namespace atonce {
namespace {

struct Header {
  Message message{};
  std::uint32_t size = 0;  // of the content
};

constexpr std::size_t first_buffer = 512;

}  // namespace

void FrameSocket::put(Message message, std::string_view content, std::string_view more) {
  const Header header{message, static_cast<std::uint32_t>(content.size() + more.size())};
  out_ += bytes_of(header);
  out_ += content;
  out_ += more;
}

bool FrameSocket::flush() {
  while (!flushed()) {
    const ssize_t size = send(fd(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return errno == EAGAIN;
    sent_ += static_cast<std::size_t>(size);
  }
  out_.clear();
  sent_ = 0;
  return true;
}

bool FrameSocket::fill() {
  std::copy(in_.begin() + static_cast<std::ptrdiff_t>(begin_),
            in_.begin() + static_cast<std::ptrdiff_t>(end_), in_.begin());
  end_ -= std::exchange(begin_, 0);
  if (end_ == in_.size()) in_.resize(std::max(first_buffer, 2 * in_.size()));
  ssize_t size = -1;
  do size = recv(fd(), in_.data() + end_, in_.size() - end_, 0);
  while (size < 0 && errno == EINTR);
  if (size < 0) return errno == EAGAIN;
  end_ += static_cast<std::size_t>(size);
  return size > 0;
}

std::optional<Frame> FrameSocket::take() {
  std::string_view read{in_.data() + begin_, end_ - begin_};
  if (read.size() < sizeof(Header)) return {};
  const auto header = take_value<Header>(read);
  if (read.size() < header.size) return {};
  begin_ += sizeof header + header.size;
  return Frame{header.message, read.substr(0, header.size)};
}

}  // namespace atonce
