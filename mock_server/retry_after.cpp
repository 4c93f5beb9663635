#include "mock_server/retry_after.h"

namespace atonce::mock {

CannedResponse::Headers retry_after_headers(Nanos wait) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
  const auto milliseconds = std::chrono::ceil<std::chrono::milliseconds>(wait).count();
  return {{"Retry-After", std::to_string(seconds)},
          {"retry-after-ms", std::to_string(milliseconds)}};
}

}  // namespace atonce::mock
