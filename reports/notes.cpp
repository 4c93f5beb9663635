#include "reports/notes.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/escape.h"

namespace atonce {
namespace {

class Collector {
 public:
  explicit Collector(const Comparison& comparison) : comparison_(comparison) {}

  void add(const Row& row, VerdictLevel level, const std::string& code,
           const std::string& message) {
    const auto subject = describe(comparison_, row);
    auto found = std::ranges::find_if(
        notes_, [&](const Note& note) { return note.code == code && note.level == level; });
    if (found == notes_.end()) {
      notes_.push_back({.level = level,
                        .code = printable_line(code),
                        .message = printable_line(message),
                        .subjects = {subject},
                        .configurations = comparison_.rows.size()});
    } else if (found->subjects.back() != subject) {
      found->subjects.push_back(subject);
    }
  }

  std::vector<Note> take() {
    std::ranges::stable_sort(notes_, std::ranges::greater{}, &Note::level);
    return std::move(notes_);
  }

 private:
  const Comparison& comparison_;
  std::vector<Note> notes_;
};

void add_verdicts(const Row& row, Collector& notes) {
  for (const auto* trial : row.trials)
    for (const auto& reason : trial->verdict.reasons)
      notes.add(row, reason.level, reason.code, reason.message);
}

/// A trial says why it crashed in its verdict too, when it was judged; once is enough.
void add_crashes(const Row& row, Collector& notes) {
  for (const auto* trial : row.trials)
    if (trial->status == TrialStatus::crashed && trial->verdict.reasons.empty())
      notes.add(row, VerdictLevel::invalid, "crashed",
                trial->error.empty() ? "ended without a result" : trial->error);
}

void add_errors(const Row& row, Collector& notes) {
  if (row.errors == 0) return;
  std::vector<std::string> kinds;
  for (std::size_t i = 1; i < outcome_count; ++i)
    if (row.outcomes[i] > 0)
      kinds.push_back(fmt::format("{} {}", row.outcomes[i], name(static_cast<Outcome>(i))));
  notes.add(
      row, VerdictLevel::suspect, "errors",
      fmt::format("{} of {} calls failed ({})", row.errors, row.calls, fmt::join(kinds, ", ")));
}

/// Harmless, but some figures then rest on the attempts that were kept one by one.
void add_raw_limit(const Row& row, Collector& notes) {
  for (const auto* trial : row.trials)
    if (trial->raw_overflowed)
      notes.add(row, VerdictLevel::valid, "raw_samples_limited",
                "not every attempt was kept one by one: client overhead and requests in flight are "
                "of those that were, all other figures of all");
}

}  // namespace

std::string Note::who() const {
  constexpr std::size_t most_named = 3;
  if (subjects.size() > 1 && subjects.size() == configurations) return "every configuration";
  if (subjects.size() > most_named)
    return fmt::format("{} of {} configurations, {} first", subjects.size(), configurations,
                       subjects.front());
  return fmt::format("{}", fmt::join(subjects, ", "));
}

std::vector<Note> notes_of(const Comparison& comparison) {
  Collector notes(comparison);
  for (const auto& row : comparison.rows) {
    add_verdicts(row, notes);
    add_crashes(row, notes);
    add_errors(row, notes);
    add_raw_limit(row, notes);
  }
  return notes.take();
}

}  // namespace atonce
