#include "core/ideal.h"
