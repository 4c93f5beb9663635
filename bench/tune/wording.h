#pragma once
/// The sentences of an answer. Used by answer.cpp only.

#include "bench/tune/answer.h"

namespace atonce::tune {

/// Fits the models to `rows`, and says in words which one fits best.
void fit_models(Answer& answer, Vary vary);
/// What breaks beyond the level.
std::string cause_of(const Tuning& tuning, const Answer& answer);
std::string headline_of(const Tuning& tuning, const Answer& answer);
std::string badge_of(const Tuning& tuning, const Answer& answer);
void add_remarks(const Tuning& tuning, Answer& answer);

}  // namespace atonce::tune
