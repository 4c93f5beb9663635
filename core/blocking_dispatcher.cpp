#include "core/blocking_dispatcher.h"
