#include "runners/curl_request.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "runners/wire.h"

namespace atonce {
namespace {

void append(CurlList& list, const std::string& line) {
  curl_slist* longer = curl_slist_append(list.get(), line.c_str());
  if (!longer) throw std::runtime_error("libcurl is out of memory");
  if (!list) list.reset(longer);
}

/// "HOST:PORT:ADDRESS,ADDRESS", so that no name is looked up during a run.
std::string resolved_entry(const Endpoint& endpoint) {
  std::string entry = endpoint.target.host + ":" + std::to_string(endpoint.target.port) + ":";
  for (const SocketAddress& address : endpoint.addresses) entry += to_text(address) + ",";
  entry.pop_back();
  return entry;
}

std::string id_line(std::string_view digits) {
  return std::string(id_header) + ": " + std::string(digits);
}

/// libcurl counts whole milliseconds, may be one early, and takes 0 for no limit.
long milliseconds_until(Instant limit) {
  if (limit == never) return 0;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(limit - now());
  return std::max<long>(0, left.count()) + 1;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view padding = " \t\r\n";
  const std::size_t first = std::min(text.find_first_not_of(padding), text.size());
  const std::size_t last = text.find_last_not_of(padding);
  return text.substr(first, last == text.npos ? 0 : last + 1 - first);
}

/// libcurl takes any line that begins with "HTTP/" for a 200.
bool is_status_line(std::string_view line) {
  if (!line.starts_with("HTTP/1.0 ") && !line.starts_with("HTTP/1.1 ")) return false;
  const std::string_view status = line.substr(9, 3);
  return status.size() == 3 &&
         std::ranges::all_of(status, [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

CurlRequest::CurlRequest(const Endpoint& endpoint, bool keep_alive)
    : target_(endpoint.target), keep_alive_(keep_alive), handle_(curl_easy_init()) {
  if (!handle_) throw std::runtime_error("libcurl could not make a handle");
  configure(endpoint);
  set_callbacks();
}

void CurlRequest::configure(const Endpoint& endpoint) {
  CURL* const curl = handle();
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http");
  curl_easy_setopt(curl, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
  curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, keep_alive_ ? 0L : 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, user_agent.data());
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, message_.data());
  if (!is_numeric(target_) && !endpoint.addresses.empty()) {
    append(addresses_, resolved_entry(endpoint));
    curl_easy_setopt(curl, CURLOPT_RESOLVE, addresses_.get());
  }
}

void CurlRequest::set_callbacks() {
  CURL* const curl = handle();
  curl_easy_setopt(curl, CURLOPT_PREREQDATA, this);
  curl_easy_setopt(
      curl, CURLOPT_PREREQFUNCTION, +[](void* self, char*, char*, int, int) -> int {
        const bool allowed = static_cast<CurlRequest*>(self)->on_sending();
        return allowed ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
      });
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(
      curl, CURLOPT_HEADERFUNCTION, +[](char* data, std::size_t, std::size_t size, void* self) {
        auto& request = *static_cast<CurlRequest*>(self);
        return request.on_header_line({data, size}) ? size : 0;
      });
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(
      curl, CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t, std::size_t size, void* self) {
        static_cast<CurlRequest*>(self)->reader_->on_body({data, size}, now());
        return size;
      });
}

void CurlRequest::begin(const Attempt& attempt, ResponseReader& reader) {
  attempt_ = attempt;
  reader_ = &reader;
  progress_ = {};
  message_.front() = '\0';
  if (attempt.request != selected_) select(*attempt.request);
  to_hex(attempt.id, headers_->data + id_line("").size());
  curl_easy_setopt(handle(), CURLOPT_TIMEOUT_MS, milliseconds_until(attempt.give_up_at));
}

/// Schedules have few different requests, so most attempts find theirs in place.
void CurlRequest::select(const Request& request) {
  CURL* const curl = handle();
  const std::string url = "http://" + target_.authority + path_on_wire(target_, request);
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.method == "HEAD") curl_easy_setopt(curl, CURLOPT_NOBODY, 1L);
  if (!request.body.empty()) {
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.data());
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
  }
  build_headers(request);
  selected_ = &request;
}

void CurlRequest::build_headers(const Request& request) {
  CurlList list;
  append(list, id_line(to_hex(AttemptId{})));
  append(list, "Expect:");
  if (!keep_alive_) append(list, "Connection: close");
  if (!request.body.empty() && !has_header(request, "Content-Type"))
    append(list, "Content-Type: " + std::string(default_content_type));
  for (const auto& [name, value] : request.headers) append(list, name + ": " + value);
  curl_easy_setopt(handle(), CURLOPT_HTTPHEADER, list.get());
  headers_ = std::move(list);
}

/// One attempt is one request: libcurl's silent second try on a new connection is refused.
bool CurlRequest::on_sending() {
  if (progress_.sent) {
    progress_.resend_refused = true;
    return false;
  }
  progress_.sent = true;
  Sample& sample = reader_->sample();
  sample.at.connected = sample.at.sent = now();
  return true;
}

bool CurlRequest::on_header_line(std::string_view line) {
  Sample& sample = reader_->sample();
  if (sample.at.first_byte == unset) sample.at.first_byte = now();
  if (line.starts_with("HTTP/")) return is_status_line(line);
  if (line != "\r\n" && line != "\n") {
    const std::size_t colon = std::min(line.find(':'), line.size());
    reader_->on_header(line.substr(0, colon),
                       trimmed(line.substr(std::min(colon + 1, line.size()))));
    return true;
  }
  long status = 0;
  curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
  progress_.head_complete = status >= 200;
  return true;
}

void CurlRequest::finish(CURLcode code) {
  long status = 0;
  curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
  finish(curl_outcome(code, attempt_, progress_, static_cast<unsigned>(status), message_.data()));
}

void CurlRequest::finish(Outcome outcome) {
  Sample& sample = reader_->sample();
  sample.at.done = now();
  long status = 0, new_connections = 0;
  curl_easy_getinfo(handle(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle(), CURLINFO_NUM_CONNECTS, &new_connections);
  sample.status = static_cast<std::uint16_t>(status);
  sample.reused_connection = progress_.sent && new_connections == 0;
  std::exchange(reader_, nullptr)->end(outcome);
}

}  // namespace atonce
