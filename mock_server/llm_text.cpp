#include "mock_server/llm_text.h"

#include <array>

#include "core/random.h"

namespace atonce::mock {
namespace {

constexpr std::array<std::string_view, 64> words = {
    " the",    " answer", " depends", " on",      " how",     " many",   " calls",      " are",
    " in",     " flight", " at",      " once",    " and",     " each",   " request",    " waits",
    " for",    " its",    " turn",    " while",   " others",  " finish", " a",          " queue",
    " grows",  " when",   " work",    " arrives", " faster",  " than",   " it",         " leaves",
    " so",     " limits", " keep",    " latency", " low",     " but",    " throughput", " needs",
    " enough", " of",     " them",    " measure", " first",   " then",   " choose",     " naïve",
    " größer", " 東京",   " café",    " —",       " one",     " more",   " token",      " streams",
    " from",   " server", " to",      " client",  " without", " drift",  " 😀",          " steadily",
};

}  // namespace

std::string_view LlmText::word(std::size_t index) const {
  std::string_view word = words[hash(seed_, index, Stream::text) % words.size()];
  if (index == 0) word.remove_prefix(1);
  return word;
}

void LlmText::append_words(std::string& out, std::size_t count) const {
  for (std::size_t i = 0; i < count; ++i) out += word(i);
}

}  // namespace atonce::mock
