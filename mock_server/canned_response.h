#pragma once
/// A response rendered once and sent many times.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace atonce::mock {

/// What the response says about its connection. HTTP/1.1 stays open unless told otherwise, HTTP/1.0
/// the other way round.
enum class Persistence : unsigned char { stays_open, stays_open_http10, closes };

class CannedResponse {
 public:
  using Headers = std::vector<std::pair<std::string, std::string>>;

  CannedResponse(std::uint16_t status, const Headers& headers, std::string body);
  /// An error of the server's own, with a JSON body {"error": SENTENCE}.
  static CannedResponse error(std::uint16_t status, const std::string& sentence);

  std::uint16_t status() const { return status_; }
  std::string_view head(Persistence persistence) const {
    return heads_[static_cast<std::size_t>(persistence)];
  }
  std::string_view body() const { return body_; }

 private:
  std::uint16_t status_;
  std::array<std::string, 3> heads_;
  std::string body_;
};

/// With that Content-Type, unless they name one.
CannedResponse::Headers with_content_type(CannedResponse::Headers headers, std::string_view type);

/// "HTTP/1.1 200 OK", headers and the empty line; `framing` is a header that tells the body's end,
/// or empty.
std::string render_head(std::uint16_t status, const CannedResponse::Headers& headers,
                        std::string_view framing, Persistence persistence);

/// `head` with more headers, whole lines, before its empty line.
std::string with_headers(std::string_view head, std::string_view lines);

bool is_header_name(std::string_view name);

}  // namespace atonce::mock
