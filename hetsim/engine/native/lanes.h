/* The interpreter and the method for LANES cases side by side; included once for each number of lanes. */

#define V (LANES / W)
#define lane OF(lane, LANES)
#define Pack OF(Pack, LANES)
#define play OF(play, LANES)
#define set_up OF(set_up, LANES)
#define load OF(load, LANES)
#define load_values OF(load_values, LANES)
#define begin_states OF(begin_states, LANES)
#define enter OF(enter, LANES)
#define first_step OF(first_step, LANES)
#define leave OF(leave, LANES)
#define take_chains OF(take_chains, LANES)
#define next_chain OF(next_chain, LANES)
#define are_left OF(are_left, LANES)
#define any OF(any, LANES)
#define note_ends OF(note_ends, LANES)
#define note_ends_of_nothing OF(note_ends_of_nothing, LANES)
#define check_starts OF(check_starts, LANES)
#define settle OF(settle, LANES)
#define goes_on OF(goes_on, LANES)
#define other_stages OF(other_stages, LANES)
#define least_margins OF(least_margins, LANES)
#define mark_outside OF(mark_outside, LANES)
#define end_step OF(end_step, LANES)
#define read_margins OF(read_margins, LANES)
#define next_steps OF(next_steps, LANES)
#define along_step OF(along_step, LANES)
#define end_elsewhere OF(end_elsewhere, LANES)
#define share_to_end_of_branch OF(share_to_end_of_branch, LANES)
#define go_to_ends_of_branches OF(go_to_ends_of_branches, LANES)
#define end_branches OF(end_branches, LANES)
#define hold_branches OF(hold_branches, LANES)
#define leave_held OF(leave_held, LANES)
#define dense_output OF(dense_output, LANES)
#define go_half_way OF(go_half_way, LANES)
#define settle_half_way OF(settle_half_way, LANES)
#define come_back OF(come_back, LANES)
#define keep_path OF(keep_path, LANES)
#define control OF(control, LANES)
#define look_for_corners OF(look_for_corners, LANES)
#define forget_steps OF(forget_steps, LANES)
#define share_of_bracket OF(share_of_bracket, LANES)
#define meet_cut_off OF(meet_cut_off, LANES)
#define accept OF(accept, LANES)
#define has_met OF(has_met, LANES)
#define refuse_rough_end OF(refuse_rough_end, LANES)
#define way_to_cut_off OF(way_to_cut_off, LANES)
#define parabola_of OF(parabola_of, LANES)
#define zero_of OF(zero_of, LANES)
#define end_at_cut_off OF(end_at_cut_off, LANES)
#define at_bracket OF(at_bracket, LANES)
#define play_both OF(play_both, LANES)
#define play_factor OF(play_factor, LANES)
#define play_solve OF(play_solve, LANES)
#define first_stage OF(first_stage, LANES)
#define settle_ahead OF(settle_ahead, LANES)
#define note_starts_ahead OF(note_starts_ahead, LANES)

typedef vec lane[V];

/* A tape of the steps; one case alone runs it W operations at a time where it has that form. */
#if LANES == 1
#define PLAY(name) \
  do { \
    if (pack->vectors) hetsim_play_vectors(pack->vectors->name, (double *)pack->memory); \
    else play(pack->model->name, pack->memory); \
  } while (0)
#else
#define PLAY(name) play(pack->model->name, pack->memory)
#endif

/* All instructions of one kind that follow each other. */
#define RUN(kind, expression) \
  case kind: \
    do { \
      vec *to = memory[at->to]; \
      const vec *a = memory[at->a], *b = memory[at->b], *c = memory[at->c]; \
      (void)b; \
      (void)c; \
      for (int i = 0; i < V; i++) to[i] = (expression); \
    } while ((++at)->op == kind); \
    break

/* The same of sums: where one adds to the result of the one before, that stays in the registers of the processor, and in
   no slot that a or b of the next one may be. */
#define RUN_OF_SUMS(kind, sign) \
  case kind: \
    do { \
      const Instruction *from = at; \
      for (int first = 0; first < V; first += SUMMED) { \
        vec sum[SUMMED]; \
        at = from; \
        for (int i = 0; i < SUMMED; i++) sum[i] = memory[at->c][first + i]; \
        for (;; at++) { \
          const vec *a = memory[at->a] + first, *b = memory[at->b] + first; \
          for (int i = 0; i < SUMMED; i++) sum[i] = sum[i] sign a[i] * b[i]; \
          if (at[1].op != kind || at[1].c != at->to || at[1].to != at->to) break; \
        } \
        for (int i = 0; i < SUMMED; i++) memory[at->to][first + i] = sum[i]; \
      } \
    } while ((++at)->op == kind); \
    break
#define SUMMED (V < 8 ? V : 8) /* vectors of a sum that there are registers for */

/* Runs a tape on the memory of the lanes. */
static void play(Tape tape, lane *memory) {
#ifdef HAS_MACHINE_CODE
  if (LANES <= 8 && tape.machine[LANES > 1]) {
    for (int i = 0; i < V; i += COPIES) tape.machine[LANES > 1]((double *)memory + i * W);
    return;
  }
#endif
  const Instruction *at = tape.code;
  for (;;) {
    switch (at->op) {
      RUN(ADD, a[i] + b[i]);
      RUN(SUB, a[i] - b[i]);
      RUN(MUL, a[i] * b[i]);
      RUN(DIV, v_ratio(a[i], b[i]));
      RUN(NEG, -a[i]);
      RUN(ASSIGN, a[i]);
      RUN(SQ, a[i] * a[i]);
      RUN(TWICE, a[i] + a[i]);
      RUN(INV, v_inverse(a[i]));
      RUN(EXP, v_exp(a[i]));
      RUN(LOG, v_log(a[i]));
      RUN(SQRT, v_sqrt(a[i]));
      RUN(TANH, v_tanh(a[i]));
      RUN(SINH, v_sinh(a[i]));
      RUN(COSH, v_cosh(a[i]));
      RUN(ASINH, v_asinh(a[i]));
      RUN(FABS, v_abs(a[i]));
      RUN(POW, v_pow(a[i], b[i]));
      RUN(FMIN, v_fmin(a[i], b[i]));
      RUN(FMAX, v_fmax(a[i], b[i]));
      RUN(IF_ELSE_ZERO, v_select(v_equal(a[i], v_all(0.0)), v_all(0.0), b[i]));
      RUN(NOT, v_truth(v_equal(a[i], v_all(0.0))));
      RUN(LT, v_truth(v_less(a[i], b[i])));
      RUN(LE, v_truth(v_less_equal(a[i], b[i])));
      RUN(EQ, v_truth(v_equal(a[i], b[i])));
      RUN(NE, 1.0 - v_truth(v_equal(a[i], b[i])));
      RUN(AND, v_select(v_equal(a[i], v_all(0.0)), v_all(0.0), 1.0 - v_truth(v_equal(b[i], v_all(0.0)))));
      RUN(OR, v_select(v_equal(a[i], v_all(0.0)), 1.0 - v_truth(v_equal(b[i], v_all(0.0))), v_all(1.0)));
      RUN(SIGN, v_sign(a[i]));
      RUN(SIN, v_sin(a[i]));
      RUN(COS, v_cos(a[i]));
      RUN(LOG1P, v_log1p(a[i]));
      RUN(EXPM1, v_expm1(a[i]));
      RUN(HYPOT, v_hypot(a[i], b[i]));
      RUN(COPYSIGN, v_with_sign_of(a[i], b[i]));
      RUN_OF_SUMS(LESS_PRODUCT, -);
      RUN(TIMES, to[i] * a[i]);
      RUN_OF_SUMS(PLUS_PRODUCT, +);
      RUN(HELD_EXP, v_held_exp(a[i]));
      RUN(INV_ONE_PLUS, v_inverse(1.0 + a[i]));
      RUN(LOGISTIC, v_inverse(1.0 + v_held_exp(a[i])));
      RUN(PRODUCT_LESS, a[i] * b[i] - c[i]);
      RUN(SUM_TIMES, (a[i] + b[i]) * c[i]);
      RUN(DIFFERENCE_TIMES, (a[i] - b[i]) * c[i]);
      RUN(PRODUCT_TIMES, a[i] * b[i] * c[i]);
      default: return; /* END */
    }
  }
}

/* All lanes of a run. */
typedef struct {
  const Model *model;
  const Vectors *vectors; /* the tapes of one case alone, or none */
  Task *task;
  lane *memory, *known, *increment, *slopes, *saved; /* known: the state at the time reached */
  lane *begun, *ended;                               /* the states at both ends of a segment that is run half again */
  long long next, last;                              /* chains that no lane has for its own */
  long long own[LANES], own_last[LANES], loaded[LANES]; /* chains of one case that a lane is to run; the case in its memory, or -1 */
  lane *corner, *turning; /* arguments of the corners at the time reached, and their rates over the last step [s-1] */
  lane *leaves, *away;    /* of each branch: 0 where it is held at its end; steps for which its rate has led away from there */
  double turned[LANES];   /* the length of that step; 0 without a rate, -1 without an argument */
  double accepted[LANES], accepted_error[LANES]; /* the last accepted step, 0 without one, and the logarithm of its error */
  double third[LANES], third_margin[LANES];      /* a point beside the ends of a bracket */
  int third_is_beyond[LANES];                    /* it lies behind the time reached */
  double unsure[LANES];                          /* by how much the margin at the time reached may be off [V] */
  double held_back[LANES];                       /* the step that was to be, where it was shortened for a corner; or 0 */
  int same[LANES];                               /* how often the same end of the bracket has moved */
  int beyond_is_rough[LANES];                    /* the step to its other end was a long one, whose margin is some 1e-4 off */
  double *knots;
  int knots_used[MOST_ALONE][LANES]; /* see affine.h */
  double quick[2][LANES]; /* where steps stopped to grow as fast as they may, of the last two segments; 0 if not known */
  int growing[LANES];
  int phase[LANES], segment[LANES], tries[LANES], bracketed[LANES], refused[LANES], careful[LANES], halving[LANES];
  long long chain[LANES];
  double moved[LANES]; /* by the Newton step before */
  double near[LANES]; /* a margin that is this small is met */
  double time[LANES], step[LANES], duration[LANES], margin[LANES], beyond[LANES], beyond_margin[LANES];
  double margin_begun[LANES], time_ended[LANES];
  int code_ended[LANES], tries_ended[LANES], event_ended[LANES];
  int ahead; /* states become consistent before the first step of any chain, see settle_ahead */
  int noted[LANES]; /* what is looked at where the segment starts was looked at then */
  int is_there; /* the state in the memory is the one known */
} Pack;

static inline int any(const int *phase, int wanted) {
  for (int l = 0; l < LANES; l++)
    if (phase[l] == wanted) return 1;
  return 0;
}

static lane *set_up(const Model *model, double *memory) {
  lane *slots = (lane *)memory;
  double *numbers = memory;
  for (long long i = 0; i < (long long)model->slots * LANES; i++) numbers[i] = 0.0;
  for (int k = 0; k < model->constants; k++)
    for (int i = 0; i < V; i++) slots[k][i] = v_all(model->constant[k]);
  return slots;
}

#define NUMBER(slot, l) (((double *)(slot))[l])

static void load(lane *slots, int l, const double *numbers, int count) {
  for (int i = 0; i < count; i++) NUMBER(slots[i], l) = numbers[i];
}

/* The values of a case for each lane. */
static void load_values(lane *slots, const Model *model, const Task *task, const long long *at) {
  for (int v = 0; v < model->values; v++)
    for (int l = 0; l < LANES; l++) NUMBER(slots[model->at_values + v], l) = task->columns[v][task->stride[v] * at[l]];
}

static void OF(prepare, LANES)(const Model *model, const Task *task, long long first, long long last, double *fixed,
                               double *memory) {
  lane *slots = set_up(model, memory);
  for (long long block = first; block < last; block += LANES) {
    long long at[LANES];
    for (int l = 0; l < LANES; l++) at[l] = block + l < last ? block + l : last - 1;
    load_values(slots, model, task, at);
    play(model->fix, slots);
    for (int l = 0; l < LANES && block + l < last; l++)
      for (int k = 0; k < model->fixed; k++)
        fixed[(block + l) * model->fixed + k] = NUMBER(slots[model->at_fixed + k], l);
  }
}

__attribute__((unused)) static void OF(look, LANES)(const Model *model, const double *fixed, const int *case_of, const double *imposed,
                            const double *state, long long rows, double *outputs, double *memory) {
  lane *slots = set_up(model, memory);
  for (long long block = 0; block < rows; block += LANES) {
    for (int l = 0; l < LANES; l++) {
      long long row = block + l < rows ? block + l : rows - 1;
      /* most rows are of one case, whose many fixed values stay in the lane */
      if (block == 0 || case_of[row] != case_of[block + l - LANES])
        load(slots + model->at_fixed, l, fixed + case_of[row] * (long long)model->fixed, model->fixed);
      load(slots + model->at_imposed, l, imposed + row * model->imposed, model->imposed);
      load(slots + model->at_state, l, state + row * model->states, model->states);
    }
    play(model->output, slots);
    play(model->keep, slots);
    for (int l = 0; l < LANES && block + l < rows; l++) {
      double *row = outputs + (block + l) * (model->outputs + model->kept);
      for (int k = 0; k < model->outputs; k++) row[k] = NUMBER(slots[model->at_output + k], l);
      for (int k = 0; k < model->kept; k++) row[model->outputs + k] = NUMBER(slots[model->at_kept + k], l);
    }
  }
}

/* The same of `rows` places on steps of a path, each a step and a share of it. */
__attribute__((unused)) static void OF(along, LANES)(const Model *model, const double *fixed, const int *case_of, const double *steps,
                                                     const int *step, const double *share, const double *imposed, long long rows,
                                                     double *outputs, double *memory) {
  lane *slots = set_up(model, memory);
  const int n = model->states;
  double *y = memory + (long long)model->slots * LANES;
  for (long long block = 0; block < rows; block += LANES) {
    for (int l = 0; l < LANES; l++) {
      long long row = block + l < rows ? block + l : rows - 1;
      if (block == 0 || case_of[row] != case_of[block + l - LANES])
        load(slots + model->at_fixed, l, fixed + case_of[row] * (long long)model->fixed, model->fixed);
      const double *first = steps + step[row] * (4 + (long long)n * (2 + model->dense)) + 4, *last = first + n;
      double s = share[row];
      for (int i = 0; i < n; i++) y[i] = 0.0;
      for (int d = model->dense - 1; d >= 0; d--)
        for (int i = 0; i < n; i++) y[i] = last[n * (d + 1) + i] + s * y[i];
      for (int i = 0; i < n; i++) y[i] = (1.0 - s) * first[i] + s * (last[i] + (1.0 - s) * y[i]);
      load(slots + model->at_state, l, y, n);
      load(slots + model->at_imposed, l, imposed + row * model->imposed, model->imposed);
    }
    play(model->output, slots);
    play(model->keep, slots);
    for (int l = 0; l < LANES && block + l < rows; l++) {
      double *row = outputs + (block + l) * (model->outputs + model->kept);
      for (int k = 0; k < model->outputs; k++) row[k] = NUMBER(slots[model->at_output + k], l);
      for (int k = 0; k < model->kept; k++) row[model->outputs + k] = NUMBER(slots[model->at_kept + k], l);
    }
  }
}

/* The states from which chains start, into task->state. */
static void begin_states(Pack *pack, long long first, long long last) {
  const Model *model = pack->model;
  Task *task = pack->task;
  long long width = model->states, wide = model->imposed + 1;
  if (task->begin) {
    copy(task->state + first * width, task->begin + first * width, (last - first) * width);
    return;
  }
  for (long long block = first; block < last; block += LANES) {
    long long at[LANES];
    for (int l = 0; l < LANES; l++) {
      long long chain = block + l < last ? block + l : last - 1;
      at[l] = task->case_of[chain];
      load(pack->memory + model->at_imposed, l, task->imposed + chain * task->segments * wide, model->imposed);
    }
    load_values(pack->memory, model, task, at);
    play(model->begin, pack->memory);
    for (int l = 0; l < LANES && block + l < last; l++)
      for (int k = 0; k < width; k++)
        task->state[(block + l) * width + k] = NUMBER(pack->memory[model->at_start + k], l);
  }
}

/* Nothing is known of the steps before. */
static void forget_steps(Pack *pack, int l) {
  pack->tries[l] = pack->bracketed[l] = pack->refused[l] = pack->same[l] = 0;
  pack->accepted[l] = 0.0;
  pack->careful[l] = pack->third_is_beyond[l] = 0;
  pack->unsure[l] = pack->held_back[l] = 0.0;
  pack->third_margin[l] = NOT_A_NUMBER;
  pack->turned[l] = -1.0;
}

/* The first step of a segment. One that is like the last but one, as the next pulse of a titration, begins nearer to where
   the steps of that one were held by their errors; not where what happens along it is looked at. */
static double first_step(Pack *pack, int l, const double *imposed) {
  const int width = pack->model->imposed + 1, segment = pack->segment[l];
  double first = pack->task->lenient ? FIRST_FROM_REST : FIRST_STEP, step = first * imposed[width - 1];
  double *known = &pack->quick[segment % 2][l], before = *known;
  *known = 0.0;
  if (pack->task->path || segment < 2 || before == 0.0) return step;
  for (int k = 0; k < width; k++)
    if (imposed[k] != imposed[k - 2 * width]) return step;
  return 0.3 * before > step ? 0.3 * before : step;
}

/* A lane begins a segment in the state that it has. */
static void enter(Pack *pack, int l, int segment) {
  const Model *model = pack->model;
  const Task *task = pack->task;
  const double *imposed = task->imposed + (pack->chain[l] * task->segments + segment) * (model->imposed + 1);
  load(pack->memory + model->at_imposed, l, imposed, model->imposed);
#if LANES == 1
  for (int k = 0; pack->vectors && k < pack->vectors->rows; k++)
    pack->memory[pack->vectors->at_rows + k][0] = pack->memory[pack->vectors->given[k]][0];
#endif
  if (model->clock >= 0) NUMBER(pack->known[model->clock], l) = 0.0;
  for (int i = 0; i < model->branches; i++) NUMBER(pack->away[i], l) = TURNED_AWAY;
  for (int i = 0; task->entered && i < model->states; i++)
    task->entered[(pack->chain[l] * task->segments + segment) * model->states + i] = NUMBER(pack->known[i], l);
  pack->is_there = 0;
  pack->segment[l] = segment;
  pack->duration[l] = imposed[model->imposed];
  pack->time[l] = pack->moved[l] = 0.0;
  pack->step[l] = first_step(pack, l, imposed);
  pack->growing[l] = 1;
  pack->halving[l] = 0;
  forget_steps(pack, l);
  const int settled = segment == 0 && task->steps[pack->chain[l] * task->segments] == SETTLED_AHEAD;
  pack->noted[l] = settled;
  pack->phase[l] = model->has_algebraic && !settled ? SETTLING : STARTING;
}

/* Whether there are chains that no lane has begun. */
static int are_left(const Pack *pack) {
  for (int l = 0; l < LANES; l++)
    if (pack->own[l] < pack->own_last[l]) return 1;
  return pack->next < pack->last;
}

/* The next chain of a lane, -1 for none: it runs all of one case, which stays in its memory, and in the end one of those of
   the lane that has most left. */
static long long next_chain(Pack *pack, int l) {
  const int *case_of = pack->task->case_of;
  if (pack->own[l] < pack->own_last[l]) return pack->own[l]++;
  if (pack->next < pack->last) {
    pack->own[l] = pack->own_last[l] = pack->next;
    while (pack->own_last[l] < pack->last && case_of[pack->own_last[l]] == case_of[pack->own[l]]) pack->own_last[l]++;
    pack->next = pack->own_last[l];
    return pack->own[l]++;
  }
  int most = l;
  for (int k = 0; k < LANES; k++)
    if (pack->own_last[k] - pack->own[k] > pack->own_last[most] - pack->own[most]) most = k;
  return pack->own[most] < pack->own_last[most] ? --pack->own_last[most] : -1;
}

static void take_chains(Pack *pack) {
  const Model *model = pack->model;
  const Task *task = pack->task;
  for (int l = 0; l < LANES; l++) {
    const long long chain = pack->phase[l] == FREE ? next_chain(pack, l) : -1;
    if (chain < 0) continue;
    const long long of_case = task->case_of[chain];
    pack->chain[l] = chain;
    pack->quick[0][l] = pack->quick[1][l] = 0.0;
    if (pack->loaded[l] != of_case) load(pack->memory + model->at_fixed, l, task->fixed + of_case * model->fixed, model->fixed);
    pack->loaded[l] = of_case;
    load(pack->known, l, task->state + chain * model->states, model->states);
    load(pack->saved, l, task->state + chain * model->states, model->states);
    enter(pack, l, 0);
  }
}

/* A lane leaves its segment for the next one, or is free. What it saw at its end is noted by `note_ends`. */
static void leave(Pack *pack, int l, int code) {
  const Model *model = pack->model;
  Task *task = pack->task;
  int segment = pack->segment[l];
  long long row = pack->chain[l] * task->segments + segment;
  task->code[row] = code;
  task->time[row] = pack->time[l];
  task->steps[row] = pack->tries[l];
  if (code == CUT_OFF && task->save[segment])
    for (int i = 0; i < model->states; i++) NUMBER(pack->saved[i], l) = NUMBER(pack->known[i], l);
  int next = code <= IMPOSSIBLE ? task->next[3 * segment + code] : -1;
  if (next >= 0) {
    if (code != CUT_OFF && task->back[segment])
      for (int i = 0; i < model->states; i++) NUMBER(pack->known[i], l) = NUMBER(pack->saved[i], l);
    enter(pack, l, next);
    return;
  }
  for (int i = 0; i < model->states; i++) task->state[pack->chain[l] * model->states + i] = NUMBER(pack->known[i], l);
  pack->phase[l] = FREE;
}

/* A lane that has ended its segment runs half of its time again, for what is seen there: the output of the method
   between its steps is not as close as its steps are. */
static void go_half_way(Pack *pack, int l, int code) {
  const Model *model = pack->model;
  pack->code_ended[l] = code;
  pack->event_ended[l] = pack->task->event[pack->chain[l] * pack->task->segments + pack->segment[l]];
  pack->tries_ended[l] = pack->tries[l];
  pack->time_ended[l] = pack->time[l];
  for (int i = 0; i < model->states; i++) {
    NUMBER(pack->ended[i], l) = NUMBER(pack->known[i], l);
    NUMBER(pack->known[i], l) = NUMBER(pack->begun[i], l);
  }
  pack->is_there = 0;
  pack->step[l] = FIRST_STEP * pack->duration[l];
  pack->duration[l] = pack->time[l] / 2;
  if (pack->step[l] > pack->duration[l]) pack->step[l] = pack->duration[l];
  pack->time[l] = 0.0;
  pack->margin[l] = pack->margin_begun[l];
  forget_steps(pack, l);
  pack->halving[l] = 1;
}

/* What a long last step left of the algebraic equations moves a voltage by up to 20 mV, where an exchange current has
   fallen much in that step: what is seen half way is seen after they are met. */
static void settle_half_way(Pack *pack, int l) {
  pack->phase[l] = SETTLING;
  pack->tries[l] = 0;
  pack->moved[l] = 0.0;
}

/* Back to the end of the segment. */
static void come_back(Pack *pack, int l, int code) {
  Task *task = pack->task;
  const Model *model = pack->model;
  long long row = pack->chain[l] * task->segments + pack->segment[l];
  if (code != TIME_OVER)
    for (int k = 0; k < model->outputs; k++) task->shown[(row * 3 + 1) * model->outputs + k] = NOT_A_NUMBER;
  for (int i = 0; i < model->states; i++) NUMBER(pack->known[i], l) = NUMBER(pack->ended[i], l);
  task->event[row] = pack->event_ended[l];
  pack->time[l] = pack->time_ended[l];
  pack->tries[l] = pack->tries_ended[l];
  pack->halving[l] = 0;
  leave(pack, l, pack->code_ended[l]);
}

/* What is looked at where a lane stands: which = 0 at the start of its segment, 1 at the end. */
static void note_ends(Pack *pack, const int *where, int which) {
  const Model *model = pack->model;
  Task *task = pack->task;
  copy((double *)(pack->memory + model->at_state), (double *)pack->known, (long long)model->states * LANES);
  play(model->keep, pack->memory);
  if (task->look) play(model->output, pack->memory);
  for (int l = 0; l < LANES; l++) {
    if (!where[l]) continue;
    long long row = pack->chain[l] * task->segments + pack->segment[l];
    if (pack->halving[l]) {
      for (int k = 0; k < model->outputs; k++)
        task->shown[(row * 3 + 1) * model->outputs + k] = NUMBER(pack->memory[model->at_output + k], l);
      continue;
    }
    for (int k = 0; k < model->kept; k++)
      task->kept[(row * 2 + which) * model->kept + k] = NUMBER(pack->memory[model->at_kept + k], l);
    if (!task->look) continue;
    for (int k = 0; k < model->outputs; k++)
      task->shown[(row * 3 + 2 * which) * model->outputs + k] = NUMBER(pack->memory[model->at_output + k], l);
  }
}

/* Segments of no duration end where they start. */
static void note_ends_of_nothing(Pack *pack, const int *starting) {
  int where[LANES], one = 0;
  for (int l = 0; l < LANES; l++) {
    where[l] = starting[l] && pack->duration[l] == 0.0;
    one |= where[l];
  }
  if (one) note_ends(pack, where, 1);
}

/* The least margin of each lane, as the tape has left them; what is no number is far below zero. */
static void read_margins(const Pack *pack, double *least, int *event) {
  const Model *model = pack->model;
  for (int l = 0; l < LANES; l++) {
    least[l] = INFINITE;
    event[l] = 0;
    for (int k = 0; k < model->margins; k++) {
      double one = NUMBER(pack->memory[model->at_margin + k], l);
      if (!(one >= least[l])) {
        least[l] = one == one ? one : -1e9;
        event[l] = k;
      }
    }
  }
}

/* The same at the state in the memory. */
static void least_margins(Pack *pack, double *least, int *event) {
  PLAY(margin);
  read_margins(pack, least, event);
}

/* A step that leaves the bounds of a state has leapt over what ends the segment: an empty surface, say, whose voltage may
   come back behind it. It counts as beyond a cut-off.

   by: how far a state may be beyond a bound that it stays at, since it is no closer to the solution. Where a cut-off is
   looked for in a bracket, that is OUTSIDE for a state that was not beyond before: it ends where it is full. */
static void mark_outside(const Pack *pack, double *least, double by) {
  const Model *model = pack->model;
  const lane *y = pack->memory + model->at_state;
  const double near = by < OUTSIDE ? by : OUTSIDE;
  lane outside, inside_may; /* by how much a state that was not beyond may be now */
  for (int k = 0; k < V; k++) outside[k] = v_all(0.0);
  for (int i = 0; i < model->states; i++) {
    double low = model->bounds[2 * i], high = model->bounds[2 * i + 1];
    if (low == -INFINITE && high == INFINITE) continue;
    for (int k = 0; k < V; k++) outside[k] = v_most(v_most(low - y[i][k], y[i][k] - high), outside[k]);
  }
  int one = 0;
  for (int k = 0; k < V; k++) one |= v_any(v_less(v_all(0.0), outside[k]));
  if (!one) return;
  for (int k = 0; k < V; k++) outside[k] = v_all(0.0);
  for (int l = 0; l < LANES; l++) NUMBER(inside_may, l) = pack->bracketed[l] ? near : by;
  for (int i = 0; i < model->states; i++) {
    double low = model->bounds[2 * i], high = model->bounds[2 * i + 1];
    if (low == -INFINITE && high == INFINITE) continue;
    for (int k = 0; k < V; k++) {
      vec was = v_most(low - pack->known[i][k], pack->known[i][k] - high);
      vec allowed = v_select(v_less(was, v_all(near)), inside_may[k], v_all(by));
      vec over = v_most(low - y[i][k], y[i][k] - high);
      outside[k] = v_select(v_less(allowed, over), v_all(1.0), outside[k]);
    }
  }
  for (int l = 0; l < LANES; l++)
    if (NUMBER(outside, l) != 0.0 && least[l] > FAR_OUT) least[l] = FAR_OUT;
}

/* Segments that have settled: those beyond a cut-off end before they begin. 1 if one did. */
static int check_starts(Pack *pack) {
  Task *task = pack->task;
  int starting[LANES], event[LANES], fresh[LANES], one = 0, left = 0;
  double least[LANES];
  for (int l = 0; l < LANES; l++) {
    starting[l] = pack->phase[l] == STARTING;
    fresh[l] = starting[l] && !pack->noted[l];
    one |= fresh[l];
  }
  if (one) note_ends(pack, fresh, 0);
  note_ends_of_nothing(pack, starting);
  if (one) least_margins(pack, least, event);
  for (int l = 0; l < LANES; l++) {
    if (!starting[l]) continue;
    if (pack->noted[l]) {
      const long long row = pack->chain[l] * task->segments + pack->segment[l];
      least[l] = task->time[row];
      event[l] = task->event[row];
      task->event[row] = 0;
      pack->noted[l] = 0;
    }
    if (pack->halving[l]) {
      come_back(pack, l, TIME_OVER);
      left = 1;
      continue;
    }
    pack->margin[l] = pack->margin_begun[l] = least[l];
    for (int i = 0; task->half && i < pack->model->states; i++)
      NUMBER(pack->begun[i], l) = NUMBER(pack->known[i], l);
    pack->near[l] = NEAR * (least[l] < 1.0 ? least[l] : 1.0);
    pack->phase[l] = task->exact ? WAITING : STEPPING;
    int lasts = pack->duration[l] > 0.0 && pack->duration[l] < INFINITE;
    if (least[l] > 0.0 && lasts) continue;
    task->event[pack->chain[l] * task->segments + pack->segment[l]] = event[l];
    if (least[l] > 0.0)
      leave(pack, l, pack->duration[l] == 0.0 ? TIME_OVER : NO_NUMBER);
    else
      leave(pack, l, least[l] > -1e8 ? IMPOSSIBLE : NO_NUMBER);
    left = 1;
  }
  return left;
}

/* One Newton step for the algebraic states of lanes that settle, none of them farther than FARTHEST, nor to a bound of
   its own. What is drawn to a bound again and again has its solution behind it: a surface that no site is free at. And
   what has gone far beyond a cut-off and is not there yet has no start within: an overpotential of many volts. */
static void settle(Pack *pack) {
  const Model *model = pack->model;
  Task *task = pack->task;
  const lane *change = pack->memory + model->at_right;
  double least[LANES];
  int event[LANES], known = 0, algebraic[model->states], count = 0;
  for (int i = 0; i < model->states; i++)
    if (model->mass[i] == 0.0) algebraic[count++] = i;
  for (int l = 0; l < LANES; l++) {
    if (pack->phase[l] != SETTLING) continue;
    double most = 0.0;
    for (int k = 0; k < count; k++) {
      double move = __builtin_fabs(NUMBER(change[algebraic[k]], l));
      if (!(move <= most)) most = move;
    }
    double share = most > FARTHEST ? FARTHEST / most : 1.0;
    int drawn = 0;
    for (int k = 0; k < count; k++) {
      const int i = algebraic[k];
      double now = NUMBER(pack->known[i], l), move = NUMBER(change[i], l);
      double room = model->bounds[2 * i + (move > 0.0)] - now;
      if (move == 0.0 || room / move < 0.0 || share * move / room <= WITHIN) continue;
      share = WITHIN * room / move;
      drawn = 1;
    }
    pack->bracketed[l] = drawn ? pack->bracketed[l] + 1 : 0;
    for (int k = 0; k < count; k++)
      NUMBER(pack->known[algebraic[k]], l) += share * NUMBER(change[algebraic[k]], l);
    if (most < SETTLED(task->lenient != 0) || (most < STALLED && most > 0.5 * pack->moved[l])) pack->phase[l] = STARTING;
    else if (++pack->tries[l] > NEWTON_STEPS || most != most || pack->bracketed[l] == DRAWN) {
      if (pack->ahead) {
        pack->phase[l] = FREE;
        continue;
      }
      if (!known++) least_margins(pack, least, event);
      int beyond = most > FARTHEST && least[l] < -FAR_BEYOND && least[l] > -1e8;
      task->event[pack->chain[l] * task->segments + pack->segment[l]] = beyond ? event[l] : 0;
      if (pack->halving[l]) come_back(pack, l, NO_START);
      else leave(pack, l, beyond || pack->bracketed[l] == DRAWN ? IMPOSSIBLE : NO_START);
    }
    pack->moved[l] = most;
    if (pack->phase[l] == STARTING) pack->tries[l] = pack->bracketed[l] = 0;
  }
}

/* y = known + sum a_j k_j and b = mass sum c_j k_j of all states, for a number of stages that the compiler knows; c is over
   the step. The last k stands in b, and is put to the others. Where a stage goes on from the one before, its y is that of before and this k. */
#define SUMS_FROM(start, first, count) \
  for (int i = 0; i < n; i++) \
    for (int k = 0; k < V; k++) { \
      vec at = start[i][k], slope = v_all(0.0), last = b[i][k]; \
      _Pragma("GCC unroll 8") for (int j = 0; j < count; j++) { \
        vec one = j < count - 1 ? increment[(long long)j * n + i][k] : last; \
        if (j >= first) at += a[j] * one; \
        slope += c[j][k] * one; \
      } \
      increment[(count - 1LL) * n + i][k] = last; \
      y[i][k] = at; \
      b[i][k] = slope * mass[i]; \
    } \
  break
#define SUMS(count) \
  case count: SUMS_FROM(known, 0, count); \
  case -count: SUMS_FROM(y, count - 1, count)

static void OF(sums, LANES)(int stage, int n, const double *a, const lane *restrict c, const lane *restrict known,
                            lane *restrict increment, const double *restrict mass, lane *restrict y, lane *restrict b) {
  switch (stage) {
    SUMS(1);
    SUMS(2);
    SUMS(3);
    SUMS(4);
    SUMS(5);
    SUMS(6);
    SUMS(7);
  }
}
#undef SUMS
#undef SUMS_FROM

/* Whether a stage goes on from the one before, as the last ones of a stiffly accurate method do. */
static int goes_on(const Model *model, int stage) {
  const double *a = model->a + stage * model->stages, *before = a - model->stages;
  for (int j = 0; j < stage - 1; j++)
    if (a[j] != before[j]) return 0;
  return stage > 1 && a[stage - 1] == 1.0;
}

#include "branches.h"

/* All stages after the first. The state before the last increment is left in the memory, and that increment as the
   right-hand side. */
static void other_stages(Pack *pack) {
  const Model *model = pack->model;
  const int n = model->states, s = model->stages;
  lane *y = pack->memory + model->at_state, *b = pack->memory + model->at_right;
  lane inverse, c[MOST_STAGES];
  for (int l = 0; l < LANES; l++) NUMBER(inverse, l) = 1.0 / pack->step[l];
  for (int stage = 1; stage < s; stage++) {
    const double *a = model->a + stage * s;
    for (int j = 0; j < stage; j++)
      for (int k = 0; k < V; k++) c[j][k] = model->c[stage * s + j] * inverse[k];
    OF(sums, LANES)(goes_on(model, stage) ? -stage : stage, n, a, c, pack->known, pack->increment, model->mass, y, b);
    PLAY(rate);
    if (pack->task->lenient) leave_held(pack, b);
    PLAY(solve);
    if (pack->task->lenient) leave_held(pack, b);
  }
}

/* The state at the end of the step, by the last increment, which is the error of the state before it. The error of each
   lane over what is allowed, the same if no state were lenient, and the step over the last one that was accepted. States
   are of the size of one: what is larger is solved as closely as one. */
static void end_step(const Pack *pack, lane error, double *strict, lane ratio) {
  const Model *model = pack->model;
  const Task *task = pack->task;
  const lane *off = pack->memory + model->at_right;
  lane *y = pack->memory + model->at_state;
  lane most, all;
  for (int k = 0; k < V; k++) error[k] = most[k] = all[k] = v_all(0.0);
  for (int i = 0; i < model->states; i++) {
    const double counts = task->lenient ? task->lenient[i] : 1.0;
    for (int k = 0; k < V; k++) {
      vec size = v_least(v_all(1.0), v_abs(pack->known[i][k] - model->reference[i]));
      vec one = v_ratio(v_abs(off[i][k]), task->atol + task->rtol * size);
      y[i][k] += off[i][k];
      most[k] = v_most(one, most[k]);
      error[k] = v_most(one * counts, error[k]);
      all[k] += one;
    }
  }
  for (int k = 0; k < V; k++) /* no number is none */
    error[k] = v_select(v_less(all[k], v_all(INFINITE)), v_least(error[k], v_all(1e30)), v_all(1e30));
  for (int l = 0; l < LANES; l++) {
    strict[l] = NUMBER(most, l);
    NUMBER(ratio, l) = pack->accepted[l] > 0.0 ? pack->step[l] / pack->accepted[l] : INFINITE;
  }
}

/* The factor for the next step of each lane, and the logarithm of the error. Errors that grow from step to step are
   expected to go on growing (K. Gustafsson, ACM Trans. Math. Softw. 20, 496 (1994), doi:10.1145/198429.198437). */
static void next_steps(const Pack *pack, const lane error, const lane ratio, double *logarithm, double *factor) {
  const double each = 1.0 / pack->model->order, fastest = FASTEST(pack->task->lenient != 0);
  lane hope;
  for (int l = 0; l < LANES; l++)
    NUMBER(hope, l) = pack->task->lenient && pack->time[l] < EARLY * pack->duration[l] ? HOPE : 1.0;
  lane before, size, grown;
  for (int l = 0; l < LANES; l++) NUMBER(before, l) = pack->accepted_error[l];
  for (int k = 0; k < V; k++) {
    size[k] = v_log(error[k] + 1e-10);
    grown[k] = 0.9 * v_exp(size[k] * -each);
    vec foreseen = grown[k] * ratio[k] * v_exp((before[k] - size[k]) * each);
    vec most = v_select(v_less(ratio[k], v_all(INFINITE)), hope[k] * grown[k], grown[k]);
    grown[k] = v_select(v_less_equal(error[k], v_all(1.0)), v_least(foreseen, most), grown[k]);
    grown[k] = v_most(v_least(grown[k], v_all(fastest)), v_all(0.15));
  }
  for (int l = 0; l < LANES; l++) {
    logarithm[l] = NUMBER(size, l);
    factor[l] = NUMBER(grown, l);
  }
}

/* y(s) = (1 - s) y0 + s (y1 + (1 - s) (d1 + s (d2 + s d3))) over a step: the d. */
static void dense_output(Pack *pack) {
  const Model *model = pack->model;
  const long long all = (long long)model->states * LANES;
  copy((double *)pack->increment + (model->stages - 1) * all, (double *)(pack->memory + model->at_right), all);
  for (int d = 0; d < model->dense; d++) {
    double *restrict sum = (double *)pack->slopes + d * all;
    for (long long i = 0; i < all; i++) sum[i] = 0.0;
    for (int j = 0; j < model->stages; j++) {
      const double h = model->h[d * model->stages + j], *restrict one = (double *)pack->increment + j * all;
      for (long long i = 0; h != 0.0 && i < all; i++) sum[i] += h * one[i];
    }
  }
}

/* The accepted steps of all lanes: chain, segment, time, step, both states and the d between them. */
static void keep_path(Pack *pack, const int *accepted) {
  const Model *model = pack->model;
  Task *task = pack->task;
  const int n = model->states;
  const lane *y = pack->memory + model->at_state;
  for (int l = 0; l < LANES; l++) {
    if (!accepted[l] || pack->halving[l] || task->recorded++ >= task->room) continue;
    double *at = task->path + (task->recorded - 1) * (4 + (long long)n * (2 + model->dense));
    *at++ = (double)pack->chain[l];
    *at++ = pack->segment[l];
    *at++ = pack->time[l];
    *at++ = pack->step[l];
    for (int i = 0; i < n; i++) *at++ = NUMBER(pack->known[i], l);
    for (int i = 0; i < n; i++) *at++ = NUMBER(y[i], l);
    for (int i = 0; i < n * model->dense; i++) *at++ = NUMBER(pack->slopes[i], l);
  }
}

#include "cut_offs.h"

/* The time, the step and the phase of all lanes after a step. */
static void control(Pack *pack) {
  const Model *model = pack->model;
  Task *task = pack->task;
  int accepted[LANES], event[LANES], code[LANES], ended[LANES], turns[LANES] = {0}, one = 0;
  double error[LANES], strict[LANES], logarithm[LANES], factor[LANES], margin[LANES], longest[LANES];
  lane errors, ratio;
  end_step(pack, errors, strict, ratio);
  for (int l = 0; l < LANES; l++) error[l] = NUMBER(errors, l);
  if (task->lenient) {
    if (!task->path) go_to_ends_of_branches(pack, error, turns);
    end_branches(pack);
  }
  PLAY(margin);
  next_steps(pack, errors, ratio, logarithm, factor); /* while the processor waits for the end of that tape */
  read_margins(pack, margin, event);
  mark_outside(pack, margin, task->atol);
  for (int l = 0; l < LANES; l++) {
    if (task->lenient && pack->phase[l] == STEPPING) refuse_rough_end(pack, l, margin[l], &error[l], &factor[l]);
    double unsure = strict[l] * task->rtol; /* as far as algebraic states are off, in volts */
    if (!(unsure > ROUGH * pack->near[l])) unsure = ROUGH * pack->near[l];
    if (strict[l] > LONG && margin[l] > 0.0 && margin[l] < unsure) margin[l] = -pack->near[l];
    if (pack->phase[l] == STEPPING && error[l] <= 1.0) end_at_cut_off(pack, l, &margin[l], strict[l]);
    int this_side = margin[l] > 0.0 || has_met(pack, l, margin[l], strict[l]);
    accepted[l] = pack->phase[l] == STEPPING && error[l] <= 1.0 && this_side;
    one |= accepted[l];
  }
  if (one) look_for_corners(pack, accepted, longest);
  for (int l = 0; l < LANES; l++)
    if (turns[l] && accepted[l]) pack->turned[l] = 0.0;
  if (one && task->path) dense_output(pack);
  if (one && task->path) keep_path(pack, accepted);
  lane *y = pack->memory + model->at_state, stays;
  for (int l = 0; l < LANES; l++) NUMBER(stays, l) = accepted[l] ? 0.0 : 1.0;
  for (int i = 0; i < model->states; i++)
    for (int k = 0; k < V; k++)
      y[i][k] = pack->known[i][k] = v_select(v_equal(stays[k], v_all(0.0)), y[i][k], pack->known[i][k]);
  pack->is_there = 1;
  int over = 0;
  for (int l = 0; l < LANES; l++) {
    code[l] = NOT_REACHED;
    ended[l] = 0;
    if (pack->phase[l] != STEPPING) continue;
    int tried = ++pack->tries[l];
    if (accepted[l]) {
      code[l] = accept(pack, l, margin[l], strict[l], logarithm[l], factor[l], longest[l]);
      if (code[l] == CUT_OFF) task->event[pack->chain[l] * task->segments + pack->segment[l]] = event[l];
      pack->refused[l] = 0;
    } else if (error[l] > 1.0) {
      pack->step[l] *= factor[l];
      pack->refused[l] = 1;
      if (pack->step[l] < 1e-14 * pack->duration[l]) code[l] = TOO_SMALL_STEP;
    } else {
      meet_cut_off(pack, l, margin[l], strict[l]);
      task->event[pack->chain[l] * task->segments + pack->segment[l]] = event[l];
      if (pack->step[l] < NARROW * 0.1 * pack->time[l] || pack->step[l] < 1e-14 * pack->duration[l])
        code[l] = at_bracket(pack, l);
    }
    if (code[l] == NOT_REACHED && tried >= task->longest) code[l] = TOO_MANY_STEPS;
    ended[l] = code[l] != NOT_REACHED;
    over |= ended[l];
  }
  if (!over) return;
  note_ends(pack, ended, 1);
  for (int l = 0; l < LANES; l++) {
    if (!ended[l]) continue;
    if (pack->halving[l] && code[l] == TIME_OVER && model->has_algebraic) settle_half_way(pack, l);
    else if (pack->halving[l]) come_back(pack, l, code[l]);
    else if (task->half && code[l] <= TIME_OVER && pack->segment[l] % task->half >= task->half - 2)
      go_half_way(pack, l, code[l]);
    else leave(pack, l, code[l]);
  }
}

static void play_both(const Pack *pack) { PLAY(both); }
static void play_factor(const Pack *pack) { PLAY(factor); }
static void play_solve(const Pack *pack) { PLAY(solve); }

/* The first stage of all lanes: of those that settle, a Newton step, in which differential states stay. */
static void first_stage(Pack *pack) {
  const Model *model = pack->model;
  const int n = model->states;
  if (!pack->is_there) copy((double *)(pack->memory + model->at_state), (double *)pack->known, (long long)n * LANES);
  pack->is_there = 0;
  lane *b = pack->memory + model->at_right, *inverse = pack->memory + model->at_inverse;
  for (int l = 0; l < LANES; l++)
    NUMBER(inverse, l) = pack->phase[l] == STEPPING ? 1.0 / (pack->step[l] * model->gamma) : HELD;
  play_both(pack);
  play_factor(pack);
  if (pack->task->lenient) hold_branches(pack);
  if (pack->task->lenient) leave_held(pack, b);
  for (int l = 0; l < LANES; l++)
    for (int i = 0; pack->phase[l] == SETTLING && i < n; i++)
      if (model->mass[i] != 0.0) NUMBER(b[i], l) = 0.0;
  play_solve(pack);
  if (pack->task->lenient) leave_held(pack, b);
  if (any(pack->phase, SETTLING)) settle(pack);
}

/* What is looked at where the first segments of lanes start that have settled. Their least margins wait in the place of
   the time of their end. */
static void note_starts_ahead(Pack *pack) {
  const Task *task = pack->task;
  int starting[LANES], event[LANES];
  double least[LANES];
  for (int l = 0; l < LANES; l++) starting[l] = pack->phase[l] == STARTING;
  note_ends(pack, starting, 0);
  least_margins(pack, least, event);
  for (int l = 0; l < LANES; l++) {
    if (!starting[l]) continue;
    task->time[pack->chain[l] * task->segments] = least[l];
    task->event[pack->chain[l] * task->segments] = event[l];
  }
}

/* The states from which chains start become consistent before the first step of any of them: a Newton step is a third of
   the work of a step of the method, and lanes that settle beside others that step wait for the rest of it. Lanes settle in as
   many steps, so that what is looked at there is computed for all of them at once. A chain whose state finds none is left as
   it is, and says why when it is run. */
static void settle_ahead(Pack *pack, long long first) {
  const Model *model = pack->model;
  const Task *task = pack->task;
  pack->ahead = 1;
  for (;;) {
    take_chains(pack);
    if (any(pack->phase, STARTING)) note_starts_ahead(pack);
    int left = 0;
    for (int l = 0; l < LANES; l++) {
      if (pack->phase[l] == STARTING) {
        for (int i = 0; i < model->states; i++) task->state[pack->chain[l] * model->states + i] = NUMBER(pack->known[i], l);
        task->steps[pack->chain[l] * task->segments] = SETTLED_AHEAD;
        pack->phase[l] = FREE;
      }
      left |= pack->phase[l] != FREE;
    }
    if (!left && !are_left(pack)) break;
    if (left) first_stage(pack);
  }
  pack->ahead = 0;
  pack->next = first;
}

#include "affine.h"

static void OF(run, LANES)(const Model *model, const Vectors *vectors, Task *task, long long first, long long last,
                           double *memory) {
  Pack pack = {.model = model, .vectors = vectors, .task = task, .next = first, .last = last};
  const double *block = memory;
  const long long n = model->states, slots = vectors ? vectors->slots : model->slots;
  pack.memory = set_up(model, cut(&memory, slots * LANES));
  for (long long i = model->slots * (long long)LANES; i < slots * LANES; i++) ((double *)pack.memory)[i] = 0.0;
  pack.known = (lane *)cut(&memory, n * LANES);
  pack.increment = (lane *)cut(&memory, n * model->stages * LANES);
  pack.slopes = (lane *)cut(&memory, n * model->dense * LANES);
  pack.saved = (lane *)cut(&memory, n * LANES);
  pack.begun = (lane *)cut(&memory, n * LANES);
  pack.ended = (lane *)cut(&memory, n * LANES);
  pack.corner = (lane *)cut(&memory, (long long)model->corners * LANES);
  pack.turning = (lane *)cut(&memory, (long long)model->corners * LANES);
  pack.leaves = (lane *)cut(&memory, model->branches * LANES);
  pack.away = (lane *)cut(&memory, model->branches * LANES);
  pack.knots = task->exact ? cut(&memory, knots_room(model, LANES)) : 0;
  for (long long i = 0; i < n * LANES; i++) ((double *)pack.known)[i] = 0.0;
  for (int l = 0; l < LANES; l++) {
    pack.step[l] = 1.0;
    pack.loaded[l] = -1;
  }
  begin_states(&pack, first, last);
  for (long long chain = first; chain < last; chain++) task->steps[chain * task->segments] = 0;
  if (LANES > 1 && model->has_algebraic && !task->entered) settle_ahead(&pack, first);
  for (;;) {
    take_chains(&pack);
    int free = 0;
    for (int l = 0; l < LANES; l++) free += pack.phase[l] == FREE;
    if (free == LANES) break;
    if (any(pack.phase, STARTING) && check_starts(&pack)) continue;
    if (any(pack.phase, WAITING) && !any(pack.phase, STEPPING)) {
      exact_segments(&pack);
      continue;
    }
    first_stage(&pack);
    if (!any(pack.phase, STEPPING)) continue;
    other_stages(&pack);
    control(&pack);
  }
  UNGUARD(block, memory);
}

#undef V
#undef lane
#undef Pack
#undef play
#undef set_up
#undef load
#undef load_values
#undef begin_states
#undef enter
#undef first_step
#undef leave
#undef take_chains
#undef next_chain
#undef are_left
#undef any
#undef note_ends
#undef note_ends_of_nothing
#undef check_starts
#undef settle
#undef goes_on
#undef other_stages
#undef least_margins
#undef mark_outside
#undef end_step
#undef read_margins
#undef next_steps
#undef along_step
#undef end_elsewhere
#undef share_to_end_of_branch
#undef go_to_ends_of_branches
#undef end_branches
#undef hold_branches
#undef leave_held
#undef dense_output
#undef go_half_way
#undef settle_half_way
#undef come_back
#undef keep_path
#undef look_for_corners
#undef forget_steps
#undef share_of_bracket
#undef meet_cut_off
#undef control
#undef accept
#undef has_met
#undef refuse_rough_end
#undef way_to_cut_off
#undef parabola_of
#undef zero_of
#undef end_at_cut_off
#undef exact_segments
#undef at_bracket
#undef play_both
#undef play_factor
#undef play_solve
#undef first_stage
#undef settle_ahead
#undef note_starts_ahead
#undef PLAY
#undef RUN
#undef RUN_OF_SUMS
#undef SUMMED
#undef NUMBER
