#pragma once
/// What a scripted server does with a request, by path.

#include <functional>

#include "tests/support/scripted_connection.h"

namespace atonce {

/// Plays the script that `request.path` names; /status takes the status and /delay milliseconds as
/// query. `answering` is called just before the response, or the failure, begins.
void play_script(ScriptedConnection& connection, const ScriptedRequest& request,
                 const std::function<void()>& answering);

}  // namespace atonce
