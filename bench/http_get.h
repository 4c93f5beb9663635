#pragma once
/// Requests to the mock server's admin pages, outside of any measurement.

#include <string>

namespace atonce {

/// The body of a 200 answer. Throws std::runtime_error with the URL and the reason otherwise.
/// Gives up after a minute.
std::string http_get(const std::string& url);
/// The same for a POST without a body.
std::string http_post(const std::string& url);

}  // namespace atonce
