#include "runners/curl_outcome.h"

namespace atonce {
namespace {

/// A failed system call on the socket; anything else under the same code is libcurl's own view.
bool socket_failed(std::string_view message) {
  return message.starts_with("Recv failure") || message.starts_with("Send failure");
}

}  // namespace

Outcome curl_outcome(CURLcode code, const Attempt& attempt, const CurlProgress& progress,
                     unsigned status, std::string_view message) {
  // A kept-alive connection broke under the request, and libcurl tried to send it a second time.
  const bool lost_after_send =
      progress.resend_refused || (progress.sent && code == CURLE_COULDNT_CONNECT);
  if (lost_after_send) return socket_failed(message) ? Outcome::reset : Outcome::closed_early;

  switch (code) {
    case CURLE_OK:
      // libcurl accepts a head that ends with the connection.
      return progress.head_complete ? outcome_of_status(status) : Outcome::closed_early;
    case CURLE_OPERATION_TIMEDOUT:
      return attempt.give_up_outcome(progress.sent);
    case CURLE_ABORTED_BY_CALLBACK:
      return Outcome::cancelled;
    case CURLE_COULDNT_RESOLVE_HOST:
      return Outcome::dns;
    case CURLE_COULDNT_CONNECT:
      return Outcome::connect_refused;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
      return Outcome::tls;
    case CURLE_GOT_NOTHING:
      return Outcome::closed_early;
    case CURLE_PARTIAL_FILE:
      return Outcome::truncated;
    case CURLE_SEND_ERROR:
      return Outcome::reset;
    case CURLE_RECV_ERROR:
      return socket_failed(message) ? Outcome::reset : Outcome::malformed;
    default:
      return Outcome::malformed;
  }
}

}  // namespace atonce
