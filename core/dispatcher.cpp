#include "core/dispatcher.h"
