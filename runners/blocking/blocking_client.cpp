#include "runners/blocking/blocking_client.h"

#include <fmt/format.h>

#include <stdexcept>

#include "runners/blocking/beast_client.h"
#include "runners/blocking/curl_easy_client.h"
#include "runners/blocking/httplib_client.h"

namespace atonce {

std::vector<std::string_view> blocking_transports() {
  return {"cpp-httplib", "curl-easy", "beast"};
}

std::unique_ptr<BlockingClient> make_blocking_client(std::string_view transport,
                                                     const Endpoint& endpoint, bool keep_alive) {
  if (transport.empty()) transport = blocking_transports().front();
  if (transport == "cpp-httplib") return make_httplib_client(endpoint, keep_alive);
  if (transport == "curl-easy") return make_curl_easy_client(endpoint, keep_alive);
  if (transport == "beast") return make_beast_client(endpoint, keep_alive);
  throw std::invalid_argument(fmt::format("no blocking transport is called '{}'; there are: {}",
                                          transport, fmt::join(blocking_transports(), ", ")));
}

}  // namespace atonce
