#pragma once
/// Whether a trial's numbers may be believed, and why not.

#include <string>
#include <string_view>
#include <vector>

namespace atonce {

enum class VerdictLevel : unsigned char { valid, suspect, invalid };

/// "VALID", "SUSPECT" or "INVALID".
std::string_view name(VerdictLevel level);

struct VerdictReason {
  VerdictLevel level = VerdictLevel::suspect;
  std::string code;     ///< stable, for machines: "not_conserved", "client_cpu_saturated", ...
  std::string message;  ///< one sentence with the figures
};

struct Verdict {
  std::vector<VerdictReason> reasons;
  /// The worst level of all reasons; valid when there is none.
  VerdictLevel level() const;
};

struct TrialResult;

/// Judges a finished trial by its own figures. Pure.
Verdict judge(const TrialResult& trial);

}  // namespace atonce
