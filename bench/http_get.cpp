#include "bench/http_get.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>
#include <stdexcept>

namespace atonce {
namespace {

struct EasyDeleter {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};

std::string fetch(const std::string& url, bool post) {
  const std::unique_ptr<CURL, EasyDeleter> easy{curl_easy_init()};
  CURL* const curl = easy.get();
  std::string body;
  curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_PROXY, "");
  curl_easy_setopt(curl, CURLOPT_TIMEOUT, 60L);
  if (post) curl_easy_setopt(curl, CURLOPT_POSTFIELDS, "");
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
  curl_easy_setopt(
      curl, CURLOPT_WRITEFUNCTION, +[](char* data, std::size_t, std::size_t size, void* to) {
        static_cast<std::string*>(to)->append(data, size);
        return size;
      });
  const CURLcode code = curl_easy_perform(curl);
  if (code != CURLE_OK)
    throw std::runtime_error(fmt::format("{}: {}", url, curl_easy_strerror(code)));
  long status = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
  if (status != 200) throw std::runtime_error(fmt::format("{}: status {}", url, status));
  return body;
}

}  // namespace

std::string http_get(const std::string& url) {
  return fetch(url, false);
}
std::string http_post(const std::string& url) {
  return fetch(url, true);
}

}  // namespace atonce
