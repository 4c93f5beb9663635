#pragma once
/// Attempts on one libcurl easy handle, one after the other.

#include <curl/curl.h>

#include <array>
#include <memory>

#include "core/response_reader.h"
#include "runners/curl_outcome.h"
#include "runners/endpoint.h"

namespace atonce {

struct CurlDeleter {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using CurlHandle = std::unique_ptr<CURL, CurlDeleter>;
using CurlList = std::unique_ptr<curl_slist, CurlDeleter>;

/// The handle is configured once; begin() sets what differs between attempts. Between begin() and
/// finish() the owner performs handle(), alone or in a multi handle. Not thread-safe.
class CurlRequest {
 public:
  /// Throws std::runtime_error when libcurl has no memory for a handle.
  CurlRequest(const Endpoint& endpoint, bool keep_alive);
  CurlRequest(const CurlRequest&) = delete;
  CurlRequest& operator=(const CurlRequest&) = delete;

  CURL* handle() const { return handle_.get(); }

  /// `reader`, which has begun the attempt, must live until finish(), the attempt's request as long
  /// as this object.
  void begin(const Attempt& attempt, ResponseReader& reader);
  /// Completes the reader's sample: outcome, status, reuse of the connection, done.
  void finish(CURLcode code);
  /// The same for an attempt that the owner ended itself.
  void finish(Outcome outcome);

  /// Between begin() and finish().
  bool in_progress() const { return reader_ != nullptr; }

 private:
  void configure(const Endpoint& endpoint);
  void set_callbacks();
  void select(const Request& request);
  void build_headers(const Request& request);
  bool on_sending();
  bool on_header_line(std::string_view line);

  const Target target_;
  const bool keep_alive_;
  CurlList addresses_;
  CurlList headers_;  // the id's line first: its digits are overwritten for every attempt
  CurlHandle handle_;
  std::array<char, CURL_ERROR_SIZE> message_{};

  const Request* selected_ = nullptr;
  Attempt attempt_;
  ResponseReader* reader_ = nullptr;
  CurlProgress progress_;
};

}  // namespace atonce
