/* The interpreter for one case alone, whose operations run W at a time (vectors.h) where they do not wait for each other.
   What is done for each state is compiled for plain numbers. */

#undef W
#define W 1
#define ONE_LANE_ONLY
#include "interpreter.c"

#define LANES 1
#include "lanes.h"
#undef LANES

/* One tape on the memory of one case. */
void hetsim_play_alone(const Tape *tape, double *memory) { play_1(*tape, (lane_1 *)memory); }

/* As hetsim_prepare and hetsim_run; `vectors` may be none. */
void hetsim_prepare_alone(const Model *model, const Task *task, long long first, long long last, double *fixed,
                          double *memory) {
  prepare_1(model, task, first, last, fixed, memory);
}
/* The states from which chains start, into the state of the task. */
void hetsim_begin(const Model *model, Task *task, long long first, long long last, double *memory) {
  Pack_1 pack = {.model = model, .task = task};
  pack.memory = set_up_1(model, memory);
  begin_states_1(&pack, first, last);
}
void hetsim_run_alone(const Model *model, const Vectors *vectors, Task *task, long long first, long long last,
                      double *memory) {
  run_1(model, vectors, task, first, last, memory);
}
