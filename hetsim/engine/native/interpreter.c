/* Many cases of one battery model at once: an interpreter of its instructions and a Rosenbrock method.

   The model comes as lists of scalar instructions (tapes) that are made from its casadi functions: right-hand side,
   algebraic lines, their Jacobian, what is left to each cut-off, what is looked at. No equation of a model is written
   here. Each instruction works on LANES cases side by side, each with its own values, time and step; a lane whose
   chain has ended takes the next one.

   A chain is a sequence of segments. In each of them the imposed values are constant or a straight line in time (the
   model then holds the time as a state), until its duration is over or a cut-off is met. The state is handed on.

   Method: y1 = y0 + sum a_sj k_j + k_s of a stiffly accurate Rosenbrock method in the form without products of the
   Jacobian (E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, 2nd ed., Springer 1996, IV.7 and VI.4),
   for M y' = f(y) with a diagonal M that may hold zeros:

       (M / (h gamma) - J) k_i = f(y0 + sum a_ij k_j) + M sum (c_ij / h) k_j

   Nothing is allocated and no library is called: the caller hands in one block of memory. */

#include "vector_math.h"

#define VERSION 15

typedef struct {
  int op, to, a, b, c;
} Instruction;

typedef struct {
  const Instruction *code;
  long long length;
  void (*machine[2])(double *memory); /* machine code of one case alone and of eight, or none */
} Tape;

/* e^x as a constant and terms over poles; `pole` [poles * 4]: a pole, and what stands over it, real and imaginary. */
typedef struct {
  long long poles;
  double rest;
  const double *pole;
} Exponential;

/* What a model is. Slots are places in the memory of a tape, each as wide as the lanes. Constants lie first. */
typedef struct {
  int slots, constants, states, values, fixed, imposed, margins, outputs, kept, corners, entries;
  int registers; /* the first slot of those that hold nothing after a tape */
  int at_state, at_values, at_fixed, at_imposed, at_rate, at_matrix, at_right, at_inverse, at_start, at_margin,
      at_output, at_kept, at_corner, at_pole; /* at_inverse: 1 / (h gamma) of a step */
  int stages, dense, has_algebraic, clock; /* clock: the state that counts the time of a segment, or -1 */
  double gamma, order;
  const double *constant;  /* [constants] */
  const double *mass;      /* [states], 0 for an algebraic line */
  const double *reference; /* [states], what the size of a state is counted from */
  const double *bounds;    /* [states * 2], between which a state means something */
  const int *diagonal;     /* [states], entry of the matrix of each state in its line */
  const double *a, *c;     /* [stages * stages] */
  const double *h;         /* [dense * stages] */
  Exponential nearly, whole;
  long long alone;         /* states of the exact step that follow each from itself alone */
  const int *which;        /* [alone] */
  long long branches;      /* branches of a hysteresis, states that are held at -1 and at 1 where steps are lenient */
  const int *branch;       /* [branches] */
  Tape fix, begin, rate, both, factor, solve, margin, output, keep, alone_tape, corner, pole;
} Model;

/* What is asked, and where the answers go. Rows of chains and segments: [chains * segments]. */
typedef struct {
  long long chains, cases;
  int segments, longest;            /* steps that a segment may take */
  double rtol, atol;
  const double *const *columns;     /* [values] each of 1 or `cases` numbers */
  const int *stride;                /* [values], 0 or 1 */
  const double *fixed;              /* [cases * fixed], by hetsim_prepare */
  const int *case_of;               /* [chains] */
  const double *imposed;            /* [chains * segments * (imposed + 1)], the last is the duration [s] */
  const int *next;                  /* [segments * 3], after a cut-off, the time, an impossible start; -1 ends */
  const int *save, *back;           /* [segments], keep the state at a cut-off; go back to it otherwise */
  const double *begin;              /* [chains * states] to start from, or none */
  const double *lenient;            /* [states], by how much the error of a state counts less, 0 to 1, or none */
  int look, half;                   /* outputs at both ends; at half of the time in the last two of every `half` */
  double *path;                     /* [room * (4 + states * (2 + dense))] accepted steps, or none */
  long long room;
  int *code, *event, *steps;        /* [rows] */
  double *time, *kept, *shown;      /* [rows], [rows * 2 * kept], [rows * 3 * outputs] */
  double *state;                    /* [chains * states] at the end */
  double *entered;                  /* [rows * states] at the start of each segment, before it is consistent; or none */
  int exact;                        /* segments by the exact step where it can do them */
  int *exact_steps;                 /* [rows], 1 where it did */
  long long recorded;               /* steps in `path`; those that found no room count, too */
} Task;

enum { NOT_REACHED = -1, CUT_OFF, TIME_OVER, IMPOSSIBLE, TOO_MANY_STEPS, TOO_SMALL_STEP, NO_START, NO_NUMBER };

enum {
  ADD, SUB, MUL, DIV, NEG, ASSIGN, SQ, TWICE, INV, EXP, LOG, SQRT, TANH, SINH, COSH, ASINH, FABS, POW, FMIN, FMAX,
  IF_ELSE_ZERO, NOT, LT, LE, EQ, NE, AND, OR, SIGN, SIN, COS, LOG1P, EXPM1, HYPOT, COPYSIGN, LESS_PRODUCT, TIMES,
  PLUS_PRODUCT, HELD_EXP, INV_ONE_PLUS, LOGISTIC, PRODUCT_LESS, SUM_TIMES, DIFFERENCE_TIMES, PRODUCT_TIMES, END
};

enum { GATHER = 50, BROADCAST, ALONE = 64 }; /* of vectors.h */

enum { FREE, SETTLING, STARTING, STEPPING, WAITING }; /* WAITING: for the exact step */

#define FARTHEST 0.3     /* that a Newton step for consistent algebraic states goes [units of the states, V] */
#define WITHIN 0.9       /* of the way to a bound of a state that one goes */
#define DRAWN 10         /* such steps one after the other: 1e-10 of the way is left */
#define FAR_BEYOND 5.0   /* a margin so far below zero does not come back [V] */
#define NEWTON_STEPS 60
#define HELD 1e250    /* in place of 1 / (h gamma): differential states stay, whatever their slopes are */
#define SETTLED(lenient) ((lenient) ? 1e-4 : 1e-8) /* a Newton step this small is the last one: its square is left */
#define SETTLED_AHEAD -1 /* in place of the steps of a first segment: its state is consistent already */
#define STALLED 1e-5  /* so is one that is this small and not smaller than half of the one before: round-off */
#define NEAR 1e-9    /* of the margin at the start, 1 V at most: a margin that is this small is met */
#define NEARLY 5e3   /* of that, for a lenient step, if the cut-off comes within ... */
#define SO_SOON 5e-7 /* ... this share of the time */
#define FAR 1e-3     /* the same: one that is larger is not met */
#define OUTSIDE 1e-6  /* a state that is further beyond a bound was led there by a step */
#define FAR_OUT -10.0 /* in place of a margin: a cut-off lies before, and nothing says how far */
#define FIRST_STEP 1e-5  /* of the duration of a segment */
#define FIRST_FROM_REST 5e-4 /* the same where states are lenient: steps of discharges from rest */
#define EARLY 0.03       /* of the duration: until then what a discharge from rest has begun with fades away ... */
#define HOPE 1.4         /* ... and a step may be longer by this than its error says, where the last one was better than foreseen */
#define FASTEST(lenient) ((lenient) ? 20.0 : 6.0) /* factor by which a step grows at most */
#define STEADY -4.6      /* logarithm of an error; smaller ones count as this where the next one is foreseen */
#define CORNER_NEAR(held) ((held) ? 1.0 : 3.0) /* argument at which a corner begins, and where branches are held there */
#define CORNER_STEP(held) ((held) ? 2.0 : 1.6) /* the farthest that the argument goes in one step there */
#define CORNER_LEAST 0.3 /* argument at which the corner is over */
#define AT_END 2e-3      /* as near to the end of a branch as this, a lenient step has reached it */
#define SHORTLY_BEFORE 0.05 /* of the time: a cut-off that is nearer may come before a branch is at its end */
#define SURELY 0.3       /* of the time that seems to be left to a cut-off: a branch that needs less gets to its end */
#define MOST_STAGES 7    /* of the method, see `sums` */
#define A_LITTLE 0.08    /* of a step: a branch that would be at its end so soon behind it is gone to */
#define TURNED_AWAY 3.0  /* steps after which a branch is believed to leave its end */
#define FAR_BELOW -5.0   /* a margin that says nothing but its sign */
#define LONG 0.01        /* error of a step after which algebraic states are not as close as the others */
#define BENT 1.0         /* of what a slope has changed in a step: so much it may be off */
#define UNSURE 3.0       /* by how much more a margin may be off than the error of its step says */
#define QUICKLY 0.02     /* of the time: a step that is shorter knows its end, whatever errors say of a long one */
#define CLOSELY 1e-6     /* of the time, to which the end of a lenient step is moved to the cut-off */
#define SHORTLY 0.2      /* of the fall of a margin in a step: a lenient one that ends so near to the cut-off ... */
#define CLOSE_AT_END 0.3 /* ... has no larger error than this */
#define SHORT 0.95       /* of the way to a cut-off that such a step goes */
#define ROUGH 2e5        /* margins that are met: nearer than this, such a step counts as beyond the cut-off */
#define AIM 0.05         /* of a margin that is met: what a step to the cut-off aims at */
#define JUST_BEFORE 0.95 /* of the way to where the cut-off seems to be, along a curve */
#define CAREFUL 4     /* steps after one that was refused in which a step may grow by no more than ... */
#define SLOWLY 1.3    /* ... this: another leap would be refused, or be taken by luck */
#define NARROW 1e-9  /* of the time: a bracket that is this narrow holds one point */

/* Where a margin is zero in a bracket, as a share of it: by inverse quadratic interpolation between both ends and a third
   point, or by a straight line where that leaves the bracket.

   before, behind: margins at its ends;  third, third_margin: a time from its start, over its width, and the margin there */
static double zero_between(double before, double behind, double third, double third_margin) {
  double straight = behind < FAR_BELOW ? 0.3 : before / (before - behind);
  double a = before - behind, b = before - third_margin, c = behind - third_margin;
  if (!(third_margin > FAR_BELOW) || behind < FAR_BELOW || a == 0.0 || b == 0.0 || c == 0.0) return straight;
  double share = third * before * behind / (b * c) - before * third_margin / (a * c);
  return share > 0.0 && share < 1.0 ? share : straight;
}

/* A memory block is cut into pieces from its start; under AddressSanitizer a guarded gap follows each of them, as
   long as a run takes: the caller may use the block again. */
#ifdef __SANITIZE_ADDRESS__
void __asan_poison_memory_region(void const volatile *at, __SIZE_TYPE__ bytes);
#define GAP 64
void __asan_unpoison_memory_region(void const volatile *at, __SIZE_TYPE__ bytes);
#define GUARD(gap) __asan_poison_memory_region(gap, GAP * sizeof(double))
#define UNGUARD(from, to) __asan_unpoison_memory_region(from, (to - from) * sizeof(double))
#else
#define GAP 0
#define GUARD(gap)
#define UNGUARD(from, to) (void)(from), (void)(to)
#endif

static inline double *cut(double **from, long long count) {
  double *piece = *from;
  *from += (count + 7) & ~7LL;
  GUARD(*from);
  *from += GAP;
  return piece;
}

static inline void copy(double *to, const double *from, long long count) {
  for (long long i = 0; i < count; i++) to[i] = from[i];
}

#define KNOTS 96     /* points of a state that is followed on its own */
#define MOST_ALONE 4 /* such states */

/* Doubles that the exact step needs. */
static inline long long knots_room(const Model *model, int lanes) {
  return (long long)lanes * KNOTS * 3 * model->alone;
}

#define JOINED(name, lanes) name##_##lanes
#define OF(name, lanes) JOINED(name, lanes)

#include "vectors.h"
#include "machine_code.h"

/* Whether eight cases run a tape as machine code. */
#ifdef HAS_MACHINE_CODE
#define HAS_CODE(tape) ((tape).machine[1] != 0)
#else
#define HAS_CODE(tape) 0
#endif

#ifndef ONE_LANE_ONLY

#define PLAY_VECTORS
#include "vectors.h"

#define LANES 32
#include "lanes.h"
#undef LANES
#define LANES 8
#include "lanes.h"
#undef LANES

int hetsim_version(void) { return VERSION; }

/* Numbers of a vector. */
int hetsim_width(void) { return W; }

/* Doubles of memory that a task needs, at 1, 8 or 32 lanes; one case alone needs those of its vectors beside. */
long long hetsim_memory(const Model *model, const Task *task, int lanes) {
  if (lanes != 1 && lanes != 32) lanes = 8; /* as hetsim_run does */
  long long own = model->slots + (long long)model->states * (4 + model->stages + model->dense) + 2LL * (model->corners + model->branches);
  if (task->exact) own += knots_room(model, lanes) / lanes + 4;
  return own * lanes + 64 * 16;
}

/* One tape on the memory of 8 lanes. */
void hetsim_play(const Tape *tape, double *memory) { play_8(*tape, (lane_8 *)memory); }

/* The fixed values of the cases from `first` to `last`, into fixed[cases * fixed]. */
void hetsim_prepare(const Model *model, const Task *task, long long first, long long last, double *fixed,
                    double *memory, int lanes) {
  if (lanes == 32)
    prepare_32(model, task, first, last, fixed, memory);
  else
    prepare_8(model, task, first, last, fixed, memory);
}

/* All segments of the chains from `first` to `last`. */
void hetsim_run(const Model *model, Task *task, long long first, long long last, double *memory, int lanes) {
  if (lanes == 32)
    run_32(model, 0, task, first, last, memory);
  else
    run_8(model, 0, task, first, last, memory);
}

/* What is looked at and what is kept of `rows` states: state[rows * states], of case `case_of[row]`, with
   imposed[rows * imposed], into outputs[rows * (outputs + kept)]. The memory is that of 32 lanes. */
void hetsim_look(const Model *model, const double *fixed, const int *case_of, const double *imposed,
                 const double *state, long long rows, double *outputs, double *memory) {
  (HAS_CODE(model->output) ? look_8 : look_32)(model, fixed, case_of, imposed, state, rows, outputs, memory);
}

/* The same of places on the steps of a path, as `path` of a task holds them: step[rows] and share[rows] of it, 0 to 1. */
void hetsim_along(const Model *model, const double *fixed, const int *case_of, const double *steps, const int *step,
                  const double *share, const double *imposed, long long rows, double *outputs, double *memory) {
  (HAS_CODE(model->output) ? along_8 : along_32)(model, fixed, case_of, steps, step, share, imposed, rows, outputs, memory);
}

#endif
