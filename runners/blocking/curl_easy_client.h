#pragma once
/// The transport "curl-easy".

#include <memory>

#include "runners/blocking/blocking_client.h"

namespace atonce {

/// Throws std::runtime_error when libcurl cannot make a handle.
std::unique_ptr<BlockingClient> make_curl_easy_client(const Endpoint& endpoint, bool keep_alive);

}  // namespace atonce
