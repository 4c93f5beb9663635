#include "reports/charts/courses.h"

#include <algorithm>

#include "reports/charts/style.h"
#include "reports/ruler.h"

namespace atonce {
namespace {

constexpr std::size_t most_courses = 8, most_columns = 64, fewest_slices = 32;
constexpr Nanos shortest = std::chrono::seconds(1);

double nanos(Nanos time) {
  return static_cast<double>(time.count());
}

bool has_course(const Row* row) {
  const auto* trial = first_finished(*row);
  return trial && trial->series.slices.size() >= fewest_slices && trial->makespan >= shortest;
}

Nanos longest(const std::vector<Course>& courses) {
  Nanos most{1};
  for (const auto& course : courses) most = std::max(most, course.trial->makespan);
  return most;
}

}  // namespace

std::vector<Course> courses(const Comparison& comparison, Grain grain) {
  auto rows = representatives(comparison);
  const Row* const winner = comparison.winner ? &comparison.rows[*comparison.winner] : nullptr;
  if (winner && !has_course(winner)) return {};
  std::erase_if(rows, [](const Row* row) { return !has_course(row); });
  std::ranges::stable_partition(rows, [winner](const Row* row) { return row == winner; });
  rows.resize(std::min(rows.size(), most_courses));
  std::vector<Course> found;
  for (const auto* row : rows) {
    const auto* trial = first_finished(*row);
    found.push_back({row, trial, trial->series});
  }
  const Nanos widest = longest(found) / most_columns;
  for (auto& course : found) {
    const Nanos own = std::max<Nanos>(course.trial->makespan / most_columns, widest / 2);
    const Nanos finest = grain == Grain::fine ? own : widest;
    while (course.columns.width < finest) course.columns = halved(course.columns);
  }
  return found;
}

TimeAxis::TimeAxis(const std::vector<Course>& courses) {
  const Ruler ruler(Unit::nanoseconds, {nanos(longest(courses))});
  axis_ = ruler.axis("time since the start");
  last_ = axis_.max;
  for (auto& tick : axis_.ticks) tick.at /= last_;
  axis_.max = 1;
}

double TimeAxis::place(Nanos at) const {
  return std::clamp(nanos(at) / last_, 0.0, 1.0);
}

double TimeAxis::begin(const Course& course, std::size_t number) const {
  return place(static_cast<std::int64_t>(number) * course.columns.width);
}

double TimeAxis::end(const Course& course, std::size_t number) const {
  return place(std::min(static_cast<std::int64_t>(number + 1) * course.columns.width,
                        course.trial->makespan));
}

double TimeAxis::middle(const Course& course, std::size_t number) const {
  return (begin(course, number) + end(course, number)) / 2;
}

std::vector<const Row*> rows_of(const std::vector<Course>& courses) {
  std::vector<const Row*> rows;
  for (const auto& course : courses) rows.push_back(course.row);
  return rows;
}

std::optional<Series> warm_up_shading(const std::vector<Course>& courses, const TimeAxis& time,
                                      const Axis& y) {
  const Nanos until = courses.front().trial->warm_up.until;
  if (until <= Nanos{0}) return {};
  Series shading{
      .name = "warm-up", .colour = "grid", .symbol = "none", .in_legend = false, .points = {}};
  shading.tiles.push_back({0, time.place(until), y.min, y.max, 0.6});
  return shading;
}

std::string warm_up_note(const std::vector<Course>& courses) {
  const bool any = std::ranges::any_of(
      courses, [](const Course& course) { return course.trial->warm_up.until > Nanos{0}; });
  return any ? " The warm-up is shaded." : "";
}

}  // namespace atonce
