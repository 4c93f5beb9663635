#include "mock_server/content.h"

#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "core/random.h"
#include "mock_server/llm_text.h"

namespace atonce::mock {
namespace {

using nlohmann::ordered_json;

std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte{};
    const char* digits = text.data() + i + 1;
    const bool is_escape = text[i] == '%' && i + 2 < text.size() &&
                           std::from_chars(digits, digits + 2, byte, 16).ptr == digits + 2;
    if (is_escape) i += 2;
    plain += is_escape ? static_cast<char>(byte) : text[i] == '+' ? ' ' : text[i];
  }
  return plain;
}

/// The value of q in "a=1&q=two+words"; empty when there is none.
std::string question(std::string_view query) {
  while (!query.empty() && !query.starts_with("q=")) {
    query.remove_prefix(std::min(query.find('&'), query.size() - 1) + 1);
  }
  query = query.substr(0, query.find('&'));
  return query.empty() ? std::string() : decoded(query.substr(2));
}

/// FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
std::uint64_t seed_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char letter : text) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  return hash;
}

std::string sentence(std::uint64_t seed, std::size_t number, std::size_t words) {
  std::string text;
  LlmText(hash(seed, number, Stream::text)).append_words(text, words);
  return text;
}

ordered_json models() {
  ordered_json list = ordered_json::array();
  for (const char* name : {"mock-1", "mock-1-mini"}) {
    list.push_back(
        {{"id", name}, {"object", "model"}, {"created", 1'767'225'600}, {"owned_by", "atonce"}});
  }
  return {{"object", "list"}, {"data", list}};
}

ordered_json web_search(const std::string& q) {
  const std::uint64_t seed = seed_of(q);
  ordered_json results = ordered_json::array();
  for (std::size_t rank = 1; rank <= 10; ++rank) {
    const std::uint64_t page = hash(seed, rank, Stream::text);
    results.push_back({{"rank", rank},
                       {"title", fmt::format("{}: {}", q, sentence(page, 0, 6))},
                       {"url", fmt::format("https://site{}.example/{:016x}", page % 100, page)},
                       {"snippet", sentence(page, 1, 30)}});
  }
  return {{"query", q}, {"total_results", 1000 + seed % 1'000'000}, {"results", results}};
}

ordered_json knowledge_base(const std::string& q) {
  const std::uint64_t seed = seed_of(q);
  ordered_json matches = ordered_json::array();
  double score = 1;
  for (std::size_t rank = 1; rank <= 5; ++rank) {
    const std::uint64_t passage = hash(seed, rank, Stream::text);
    score *= 0.8 + 0.2 * uniform01(seed, rank, Stream::text);
    matches.push_back(
        {{"id", fmt::format("doc-{:08x}", passage >> 32)},
         {"score", score},
         {"text", sentence(passage, 0, 60)},
         {"metadata",
          {{"source", fmt::format("handbook-{}.md", passage % 20)}, {"page", 1 + passage % 300}}}});
  }
  return {{"query", q}, {"matches", matches}};
}

}  // namespace

Content parse_content(const ConfigNode& node) {
  const auto name = node.text();
  if (name == "openai_models") return Content::openai_models;
  if (name == "web_search") return Content::web_search;
  if (name == "knowledge_base") return Content::knowledge_base;
  node.reject("openai_models, web_search or knowledge_base");
}

std::string render_content(Content content, std::string_view query) {
  const auto json = content == Content::openai_models ? models()
                    : content == Content::web_search  ? web_search(question(query))
                                                      : knowledge_base(question(query));
  // What the client asked need not be UTF-8.
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace atonce::mock
