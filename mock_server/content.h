#pragma once
/// Bodies with a meaning, for clients that look into what they get.

#include <string>
#include <string_view>

#include "core/config.h"

namespace atonce::mock {

enum class Content : unsigned char {
  openai_models,   ///< a list of models as OpenAI's /v1/models gives it
  web_search,      ///< ten results for the query parameter q
  knowledge_base,  ///< five passages for it, the best first
};

/// Throws ConfigError.
Content parse_content(const ConfigNode& node);

/// JSON: a pure function of the content and of q in `query`, as it stands after the '?'.
std::string render_content(Content content, std::string_view query);

}  // namespace atonce::mock
