#include "bench/placeholders.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "core/random.h"

namespace atonce {
namespace {

constexpr std::size_t most_bytes = std::size_t{1} << 30;
constexpr std::string_view opening = "${";

enum class Part : unsigned char { input_text, input_tokens, output_tokens };
constexpr std::array<std::pair<std::string_view, Part>, 3> parts{
    {{"${input_text}", Part::input_text},
     {"${input_tokens}", Part::input_tokens},
     {"${output_tokens}", Part::output_tokens}}};

/// Words that are one token each for common models, with the space before them.
constexpr std::array<std::string_view, 16> words{" the", " and", " for", " you", " not", " are",
                                                 " all", " one", " new", " use", " two", " how",
                                                 " can", " see", " may", " way"};

/// That many tokens of four bytes each. Texts of different lengths differ from the start, so that a
/// server which caches prompts by their beginning does not find one in another.
std::string text_of(std::uint32_t tokens) {
  std::string text;
  text.reserve(tokens * words[0].size());
  for (std::uint32_t i = 0; i < tokens; ++i)
    text += words[hash(tokens, i, Stream::text) % words.size()];
  return text;
}

std::string value_of(Part part, const TraceRow& row) {
  switch (part) {
    case Part::input_text:
      return text_of(row.input_tokens);
    case Part::input_tokens:
      return std::to_string(row.input_tokens);
    case Part::output_tokens:
      return std::to_string(std::max(row.output_tokens, std::uint32_t{1}));
  }
  return {};
}

struct Found {
  std::size_t at = std::string_view::npos;
  const std::pair<std::string_view, Part>* part = nullptr;  // null for an unknown one
};

Found next_placeholder(std::string_view body, std::size_t from) {
  Found found{.at = body.find(opening, from)};
  if (found.at == std::string_view::npos) return found;
  const auto starts_here = [&](const auto& part) {
    return body.substr(found.at).starts_with(part.first);
  };
  const auto* const known = std::ranges::find_if(parts, starts_here);
  if (known != parts.end()) found.part = known;
  return found;
}

std::string filled_in(std::string_view body, const TraceRow& row) {
  std::string result;
  std::size_t done = 0;
  for (Found next = next_placeholder(body, 0); next.part; next = next_placeholder(body, done)) {
    result += body.substr(done, next.at - done);
    result += value_of(next.part->second, row);
    done = next.at + next.part->first.size();
  }
  return result += body.substr(done);
}

/// Makes plans out of the first one, each with its own copies of the requests that differ.
class PlanMaker {
 public:
  explicit PlanMaker(const Schedule& schedule) : model_(schedule.plans.front()) {
    for (std::uint32_t i = 0; i < schedule.requests.size(); ++i) {
      const Request& request = schedule.requests[i];
      const Placeholders found = placeholders_in(request.body);
      if (found.input || found.output) templates_.push_back({i, request, found.texts});
      uses_input_ |= found.input;
      uses_output_ |= found.output;
    }
  }

  /// The number of the plan that will be made for it.
  std::uint32_t plan_for(const TraceRow& row) {
    const TraceRow used{.at = {},
                        .input_tokens = uses_input_ ? row.input_tokens : 0,
                        .output_tokens = uses_output_ ? row.output_tokens : 0};
    const auto number = static_cast<std::uint32_t>(rows_.size());
    const auto [plan, is_new] =
        plans_.try_emplace(std::pair(used.input_tokens, used.output_tokens), number);
    if (is_new) rows_.push_back(used);
    return plan->second;
  }

  void make(Schedule& schedule) const {
    if (bytes() > most_bytes)
      throw std::invalid_argument(
          "the bodies of this trace's requests take more than 1 GiB: cut it with `sessions`");
    schedule.plans.clear();
    for (const TraceRow& row : rows_) schedule.plans.push_back(plan_of(row, schedule.requests));
  }

 private:
  struct Template {
    std::uint32_t number = 0;
    Request request;
    std::size_t texts = 0;
  };

  std::size_t bytes() const {
    std::size_t sum = 0;
    for (const TraceRow& row : rows_)
      for (const Template& one : templates_)
        sum += one.request.body.size() + one.texts * row.input_tokens * words[0].size();
    return sum;
  }

  SessionPlan plan_of(const TraceRow& row, std::vector<Request>& requests) const {
    std::map<std::uint32_t, std::uint32_t> filled;  // a template's number to its copy's
    for (const Template& one : templates_) {
      filled[one.number] = static_cast<std::uint32_t>(requests.size());
      requests.push_back(one.request);
      requests.back().body = filled_in(one.request.body, row);
    }
    SessionPlan plan = model_;
    for (StagePlan& stage : plan.stages)
      for (std::uint32_t& call : stage.calls)
        if (const auto copy = filled.find(call); copy != filled.end()) call = copy->second;
    return plan;
  }

  const SessionPlan model_;
  std::vector<Template> templates_;
  bool uses_input_ = false, uses_output_ = false;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> plans_;
  std::vector<TraceRow> rows_;  // one for each plan
};

}  // namespace

Placeholders placeholders_in(std::string_view body) {
  Placeholders found;
  for (Found next = next_placeholder(body, 0); next.at != std::string_view::npos;
       next = next_placeholder(body, next.at + opening.size())) {
    if (!next.part && found.unknown.empty())
      found.unknown = body.substr(next.at, body.find('}', next.at) - next.at + 1);
    if (!next.part) continue;
    (next.part->second == Part::output_tokens ? found.output : found.input) = true;
    if (next.part->second == Part::input_text) ++found.texts;
  }
  return found;
}

void fill_in(Schedule& schedule, std::span<const TraceRow> rows) {
  PlanMaker plans(schedule);
  for (std::size_t i = 0; i < schedule.arrivals.size(); ++i)
    schedule.arrivals[i].plan = plans.plan_for(rows[i]);
  plans.make(schedule);
}

}  // namespace atonce
