#pragma once
/// How libcurl's verdict on a transfer reads in our words.

#include <curl/curl.h>

#include <string_view>

#include "core/dispatcher.h"

namespace atonce {

/// How far an attempt came, as its callbacks saw it.
struct CurlProgress {
  bool sent = false;            ///< there was a connection and the request went out on it
  bool resend_refused = false;  ///< the connection broke and libcurl wanted to send it again
  bool head_complete = false;   ///< the final response's head, not an interim 1xx
};

/// `status` is the response's HTTP status so far, `message` the text in CURLOPT_ERRORBUFFER, which
/// libcurl 7.88 needs to tell a broken connection from a body it cannot parse.
Outcome curl_outcome(CURLcode code, const Attempt& attempt, const CurlProgress& progress,
                     unsigned status, std::string_view message);

}  // namespace atonce
