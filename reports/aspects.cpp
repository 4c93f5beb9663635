#include <algorithm>
#include <array>
#include <string_view>

#include "reports/section.h"
#include "reports/table_builder.h"
#include "reports/topics.h"

namespace atonce {
namespace {

struct Aspect {
  Topic topic;
  std::string_view title, text;
  /// Where a table must be split, columns of one part stay together.
  std::vector<std::vector<Figure>> parts;
};

const std::array<Aspect, 7>& aspects() {
  static const std::array<Aspect, 7> all{{
      {Topic::sessions,
       "Sessions",
       "A session is over when the last of its calls is. It cannot be faster than its critical "
       "path; one call after the other, it would take their sum.",
       {{Figure::session_p50, Figure::session_p99, Figure::critical_share, Figure::session_critical,
         Figure::session_longest, Figure::session_sum}}},
      {Topic::aborts,
       "Giving up early",
       "When a call fails, its siblings may be abandoned; the server saw how soon they really "
       "were.",
       {{Figure::aborted, Figure::abort_delay_p50, Figure::abort_delay_p99, Figure::session_p50,
         Figure::ok_share}}},
      {Topic::streams,
       "Streaming",
       "What a reader of a stream sees: when it begins, how fast it flows, and how evenly.",
       {{Figure::ttft_p50, Figure::ttft_p99, Figure::tpot_p50, Figure::stream_rate,
         Figure::token_rate},
        {Figure::chunk_gap_p99, Figure::token_delivery_p99}}},
      {Topic::refusals,
       "Retries and limits",
       "What the calls cost in attempts, and what came through.",
       {{Figure::attempts_per_call, Figure::ok_share, Figure::throughput, Figure::rate_limited,
         Figure::banned, Figure::came_too_early}}},
      {Topic::steps,
       "The event loop",
       "While a step runs in place, the loop serves nobody else: its lag is what the step costs "
       "all "
       "other calls.",
       {{Figure::processing_p50, Figure::loop_lag_p50, Figure::loop_lag_p99,
         Figure::loop_lag_max}}},
      {Topic::pool,
       "Where calls wait",
       "A cap holds a call back before it is handed out, a pool of connections after.",
       {{Figure::cap_wait_p50, Figure::cap_wait_p99, Figure::connection_wait_p50,
         Figure::connection_wait_p99},
        {Figure::send_lag_p50, Figure::send_lag_p99, Figure::send_lag_max}}},
      {Topic::omission,
       "What a clock that starts at the send would have claimed",
       "Response time counts from when a call was due. Service time, which most tools report as "
       "latency, counts from when the same call was sent: what it waited before, because others "
       "were held up, is left out.",
       {{Figure::response_p50, Figure::response_p90, Figure::response_p99, Figure::response_max},
        {Figure::service_p50, Figure::service_p90, Figure::service_p99, Figure::service_max,
         Figure::understated}}},
  }};
  return all;
}

bool has_any(const Row& row, const Aspect& aspect) {
  return std::ranges::any_of(aspect.parts, [&](const std::vector<Figure>& part) {
    return std::ranges::any_of(part, [&](Figure figure) { return row.figure(figure).has_value(); });
  });
}

bool has_any(const std::vector<const Row*>& rows, Figure figure) {
  return std::ranges::any_of(rows,
                             [figure](const Row* row) { return row->figure(figure).has_value(); });
}

Section section_of(const Aspect& aspect, const Comparison& comparison) {
  auto rows = telling_rows(comparison);
  std::erase_if(rows, [&](const Row* row) { return !has_any(*row, aspect); });
  TableBuilder builder(comparison, rows);
  builder.add_contender();
  unsigned number = 0;
  for (const auto& part : aspect.parts) {
    for (const auto figure : part)
      if (has_any(rows, figure)) builder.add(figure, {.part = number});
    ++number;
  }
  return {std::string(aspect.title), std::string(aspect.text), builder.take()};
}

}  // namespace

std::vector<Section> aspect_sections(const Comparison& comparison) {
  std::vector<Section> sections;
  for (const auto& aspect : aspects())
    if (tells_of(comparison, aspect.topic)) sections.push_back(section_of(aspect, comparison));
  return sections;
}

}  // namespace atonce
