#include "core/attempt_id.h"
