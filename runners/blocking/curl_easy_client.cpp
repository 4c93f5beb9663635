#include "runners/blocking/curl_easy_client.h"

#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <vector>

#include "runners/curl_request.h"

namespace atonce {
namespace {

/// curl_easy_perform() cannot be woken up from outside. Shutting its socket down can: the sockets
/// are tracked under a mutex, so that abort() never touches a descriptor that was closed.
class CurlEasyClient final : public BlockingClient {
 public:
  CurlEasyClient(const Endpoint& endpoint, bool keep_alive) : request_(endpoint, keep_alive) {
    CURL* const curl = request_.handle();
    curl_easy_setopt(curl, CURLOPT_MAXCONNECTS, 1L);
    curl_easy_setopt(curl, CURLOPT_OPENSOCKETDATA, this);
    curl_easy_setopt(
        curl, CURLOPT_OPENSOCKETFUNCTION, +[](void* self, curlsocktype, curl_sockaddr* address) {
          return static_cast<CurlEasyClient*>(self)->open(*address);
        });
    curl_easy_setopt(curl, CURLOPT_CLOSESOCKETDATA, this);
    curl_easy_setopt(
        curl, CURLOPT_CLOSESOCKETFUNCTION, +[](void* self, curl_socket_t socket) {
          return static_cast<CurlEasyClient*>(self)->close(socket);
        });
    // The last resort, at most a second late: an abort just before connect() finds nothing to shut.
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
    curl_easy_setopt(
        curl, CURLOPT_XFERINFOFUNCTION,
        +[](void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> int {
          return static_cast<CurlEasyClient*>(self)->aborted();
        });
  }

  void arm() override {
    const std::lock_guard lock(mutex_);
    aborted_ = false;
  }

  void abort() override {
    const std::lock_guard lock(mutex_);
    aborted_ = true;
    for (const curl_socket_t socket : open_sockets_) shutdown(socket, SHUT_RDWR);
  }

  void exchange(const Attempt& attempt, ResponseReader& reader) noexcept override {
    request_.begin(attempt, reader);
    const CURLcode code = curl_easy_perform(request_.handle());
    if (aborted())
      request_.finish(Outcome::cancelled);
    else
      request_.finish(code);
  }

 private:
  bool aborted() {
    const std::lock_guard lock(mutex_);
    return aborted_;
  }

  curl_socket_t open(const curl_sockaddr& address) {
    const std::lock_guard lock(mutex_);
    if (aborted_) return CURL_SOCKET_BAD;
    const int opened = socket(address.family, address.socktype | SOCK_CLOEXEC, address.protocol);
    if (opened >= 0) open_sockets_.push_back(opened);
    return opened;
  }

  int close(curl_socket_t socket) {
    const std::lock_guard lock(mutex_);
    std::erase(open_sockets_, socket);
    return ::close(socket);
  }

  std::mutex mutex_;
  bool aborted_ = false;
  std::vector<curl_socket_t> open_sockets_;
  CurlRequest request_;  // last: closing its connection calls back
};

}  // namespace

std::unique_ptr<BlockingClient> make_curl_easy_client(const Endpoint& endpoint, bool keep_alive) {
  return std::make_unique<CurlEasyClient>(endpoint, keep_alive);
}

}  // namespace atonce
