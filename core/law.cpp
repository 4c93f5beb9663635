#include "core/law.h"
