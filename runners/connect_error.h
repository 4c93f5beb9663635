#pragma once
/// Why a connection could not be made, in our words.

#include <cerrno>

#include "core/outcome.h"

namespace atonce {

/// `error` is the errno of connect().
constexpr Outcome connect_outcome(int error) {
  if (error == ETIMEDOUT) return Outcome::connect_timeout;
  if (error == ECANCELED) return Outcome::cancelled;
  return Outcome::connect_refused;
}

}  // namespace atonce
