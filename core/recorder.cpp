#include "core/recorder.h"
