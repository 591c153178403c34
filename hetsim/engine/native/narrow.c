/* The interpreter at two lanes of vectors of two doubles, beside wider ones in the same library. */

#undef W
#define W 2
#define TWO_LANES_ONLY
#include "interpreter.c"
