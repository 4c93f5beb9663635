#include "runners/endpoint.h"

#include <arpa/inet.h>
#include <netdb.h>

#include <array>
#include <cstring>
#include <memory>

namespace atonce {

Endpoint resolve(const Target& target) {
  Endpoint endpoint{.target = target, .addresses = {}};
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  if (getaddrinfo(target.host.c_str(), std::to_string(target.port).c_str(), &hints, &found) != 0)
    return endpoint;

  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner{found, &freeaddrinfo};
  for (const addrinfo* each = found; each; each = each->ai_next) {
    SocketAddress& address = endpoint.addresses.emplace_back();
    std::memcpy(&address.storage, each->ai_addr, each->ai_addrlen);
    address.size = each->ai_addrlen;
  }
  return endpoint;
}

bool is_numeric(const Target& target) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(AF_INET, target.host.c_str(), address.data()) == 1 ||
         inet_pton(AF_INET6, target.host.c_str(), address.data()) == 1;
}

std::string to_text(const SocketAddress& address) {
  std::array<char, NI_MAXHOST> host{};
  getnameinfo(address.get(), address.size, host.data(), host.size(), nullptr, 0, NI_NUMERICHOST);
  const std::string text = host.data();
  return address.storage.ss_family == AF_INET6 ? "[" + text + "]" : text;
}

}  // namespace atonce
