#pragma once
/// Runs over time, as the charts of their course share them.

#include <optional>
#include <vector>

#include "reports/chart.h"
#include "reports/comparison.h"

namespace atonce {

/// How a configuration went on: its first finished trial, in columns of equal width.
struct Course {
  const Row* row;
  const TrialResult* trial;
  TimeSeries columns;
};

/// `coarse`: about 64 columns for the longest run, and others to the same scale; `fine`: up to
/// twice as many where that is not too many for a run of its length.
enum class Grain : unsigned char { coarse, fine };

/// The winner's first, eight at most; none where the runs are too short to have a course.
std::vector<Course> courses(const Comparison& comparison, Grain grain);

/// Time since the start as a position from 0 to 1.
class TimeAxis {
 public:
  explicit TimeAxis(const std::vector<Course>& courses);
  double place(Nanos at) const;
  /// Of column `number`, or of its end.
  double begin(const Course& course, std::size_t number) const;
  double end(const Course& course, std::size_t number) const;
  double middle(const Course& course, std::size_t number) const;
  const Axis& axis() const { return axis_; }

 private:
  Axis axis_;
  double last_ = 1;  // ns
};

/// The rows of `courses`, for names.
std::vector<const Row*> rows_of(const std::vector<Course>& courses);
/// Shades the warm-up of the first course over the whole height of `y`; nothing without one.
std::optional<Series> warm_up_shading(const std::vector<Course>& courses, const TimeAxis& time,
                                      const Axis& y);
/// "; the warm-up is shaded" where there was one.
std::string warm_up_note(const std::vector<Course>& courses);

}  // namespace atonce
