/* Branches of a hysteresis and other corners of the rates: steps are led to them, and stay there. Included by lanes.h. */

/* A branch at its end stays there for a lenient step, unless it has begun there or its rate has led away from there for
   some steps. What arrives may be a small difference: at the ends of steps, whose potentials are not that close, and in
   the stages of a long one it may seem to be turned around. */
static void hold_branches(Pack *pack) {
  const Model *model = pack->model;
  lane begins; /* before the first step rates are those of potentials that are not consistent yet */
  for (int l = 0; l < LANES; l++) NUMBER(begins, l) = pack->phase[l] != STEPPING;
  for (int i = 0; i < model->branches; i++) {
    const vec *known = pack->known[model->branch[i]], *rate = pack->memory[model->at_right + model->branch[i]];
    vec *away = pack->away[i], *leaves = pack->leaves[i];
    for (int k = 0; k < V; k++) {
      vec on_its_way = v_select(v_less(v_abs(known[k]), v_all(1.0)), v_all(1.0), v_all(0.0));
      away[k] = v_select(v_less(rate[k] * known[k], v_all(0.0)), away[k] + 1.0, v_all(0.0)) * (1.0 - on_its_way);
      away[k] = v_select(v_equal(begins[k], v_all(0.0)), away[k], v_all(TURNED_AWAY));
      leaves[k] = v_select(v_less(v_all(TURNED_AWAY), away[k]), v_all(1.0), on_its_way);
    }
  }
}

/* No change of branches that are held. */
static inline void leave_held(const Pack *pack, lane *change) {
  const Model *model = pack->model;
  for (int i = 0; i < model->branches; i++)
    for (int k = 0; k < V; k++) change[model->branch[i]][k] *= pack->leaves[i][k];
}

/* The longest step for each lane that has accepted one, INFINITE for most: to the next corner, or a part of the way through
   it. A corner of the rates is a number that comes from afar to zero: what a host has before it on its way to the other
   branch of its hysteresis, or the argument of a tanh. A step that leaps over it would be refused again and again. */
static void look_for_corners(Pack *pack, const int *accepted, double *longest) {
  const Model *model = pack->model;
  const int held = pack->task->lenient && model->branches > 0;
  const vec near = v_all(CORNER_NEAR(held)), farthest = v_all(CORNER_STEP(held)), none = v_all(0.0);
  lane moves, known, per_step, bend, most;
  if (model->corners) play(model->corner, pack->memory);
  for (int l = 0; l < LANES; l++) {
    double step = pack->step[l], before = pack->turned[l];
    NUMBER(most, l) = INFINITE;
    NUMBER(moves, l) = accepted[l];
    NUMBER(known, l) = accepted[l] && before >= 0.0;
    NUMBER(per_step, l) = 1.0 / step;
    NUMBER(bend, l) = before > 0.0 ? step / (step + before) : 0.0;
    if (accepted[l]) pack->turned[l] = before < 0.0 ? 0.0 : step;
  }
  for (int k = 0; k < model->corners; k++)
    for (int i = 0; i < V; i++) {
      const mask is_known = v_less(none, known[i]);
      vec now = pack->memory[model->at_corner + k][i], *before = &pack->corner[k][i], *turning = &pack->turning[k][i];
      vec rate = (now - *before) * per_step[i], size = v_abs(now);
      vec end = v_select(v_less(none, bend[i]), rate + (rate - *turning) * bend[i], rate);
      vec falls = v_select(v_less(now, none), end, -end), room = v_most(size - near, farthest);
      if (held) { /* a rate that changes evenly: its mean over the way */
        vec change = v_select(v_less(none, bend[i]), (rate - *turning) * bend[i] * per_step[i], none);
        vec under = falls * falls + 4.0 * v_select(v_less(now, none), change, -change) * room;
        vec last = v_sqrt(v_most(under, 0.25 * falls * falls));
        falls = v_select(v_less(none, falls), 0.5 * (falls + last), falls);
      }
      vec ends = v_select(v_less(none, falls), v_ratio(room, falls), v_all(INFINITE));
      ends = v_select(v_less(v_all(CORNER_LEAST), size), ends, v_all(INFINITE));
      most[i] = v_select(is_known, v_least(ends, most[i]), most[i]);
      *turning = v_select(is_known, rate, *turning);
      *before = v_select(v_less(none, moves[i]), now, *before);
    }
  for (int l = 0; l < LANES; l++) longest[l] = NUMBER(most, l);
}

/* y(s) of a step that has just been taken, by the output of the method, which serves a little behind its end, too:
   (1 - s) y0 + s (y1 + (1 - s) sum w_j k_j), for a state of one lane. */
static double along_step(const Pack *pack, int l, int i, double share) {
  const Model *model = pack->model;
  double inside = 0.0;
  for (int j = 0; j < model->stages - 1; j++) {
    double weight = 0.0;
    for (int d = model->dense - 1; d >= 0; d--) weight = weight * share + model->h[d * model->stages + j];
    inside += weight * NUMBER(pack->increment[(long long)j * model->states + i], l);
  }
  const double before = NUMBER(pack->known[i], l), after = NUMBER(pack->memory[model->at_state + i], l);
  return (1.0 - share) * before + share * (after + (1.0 - share) * inside);
}

/* The ends of the steps are moved to these shares of them, 1 to leave one; all states of all lanes. */
static void end_elsewhere(Pack *pack, const lane share) {
  const Model *model = pack->model;
  const int n = model->states, last = model->stages - 1;
  lane weight[MOST_STAGES];
  lane *y = pack->memory + model->at_state;
  for (int j = 0; j < last; j++)
    for (int k = 0; k < V; k++) {
      weight[j][k] = v_all(0.0);
      for (int d = model->dense - 1; d >= 0; d--) weight[j][k] = weight[j][k] * share[k] + model->h[d * model->stages + j];
    }
  for (int i = 0; i < n; i++)
    for (int k = 0; k < V; k++) {
      vec inside = v_all(0.0), rest = 1.0 - share[k];
      for (int j = 0; j < last; j++) inside += weight[j][k] * pack->increment[(long long)j * n + i][k];
      vec moved = rest * pack->known[i][k] + share[k] * (y[i][k] + rest * inside);
      y[i][k] = v_select(v_equal(share[k], v_all(1.0)), y[i][k], moved);
    }
  for (int l = 0; l < LANES; l++) pack->step[l] *= NUMBER(share, l);
}

/* Where the step of a lane is to end that ends shortly before a branch is at its end, as a share of it, and that branch:
   the first that gets there. 1 where none does. */
static double share_to_end_of_branch(const Pack *pack, int l, int *branch) {
  const Model *model = pack->model;
  double least = 1.0 + A_LITTLE;
  *branch = -1;
  for (int k = 0; k < model->branches; k++) {
    const int i = model->branch[k];
    const double before = NUMBER(pack->known[i], l), after = NUMBER(pack->memory[model->at_state + i], l);
    const double left = (after < 0.0 ? -1.0 : 1.0) - after, moved = after - before;
    if (NUMBER(pack->leaves[k], l) == 0.0 || !(left / moved > 0.0 && 1.0 + left / moved < least)) continue;
    least = 1.0 + left / moved;
    *branch = i;
  }
  if (*branch < 0) return 1.0;
  const double after = NUMBER(pack->memory[model->at_state + *branch], l), there = along_step(pack, l, *branch, least);
  least += ((after < 0.0 ? -1.0 : 1.0) - there) / (there - after) * (least - 1.0);
  int known = least > 1.0 && least < 1.0 + 1.5 * A_LITTLE && pack->time[l] + least * pack->step[l] < pack->duration[l];
  return known ? least : 1.0;
}

/* Lenient steps that end shortly before a branch is at its end go on until it is there; 1 for lanes that did. */
static void go_to_ends_of_branches(Pack *pack, const double *error, int *gone) {
  int branch[LANES], one = 0;
  lane comes, share; /* 0 where no branch is that close to its end */
  for (int k = 0; k < V; k++) {
    comes[k] = v_all(0.0);
    for (int i = 0; i < pack->model->branches; i++) {
      const int state = pack->model->branch[i];
      vec after = pack->memory[pack->model->at_state + state][k], left = 1.0 - v_abs(after);
      vec reach = 1.001 * A_LITTLE * v_abs(after - pack->known[state][k]);
      comes[k] = v_select(v_less(v_abs(left), reach), v_all(1.0), comes[k]);
    }
    one |= v_any(v_less(v_all(0.0), comes[k]));
  }
  if (!one) return;
  one = 0;
  for (int l = 0; l < LANES; l++) {
    const int may = NUMBER(comes, l) != 0.0 && pack->phase[l] == STEPPING && error[l] <= 1.0;
    NUMBER(share, l) = may ? share_to_end_of_branch(pack, l, &branch[l]) : 1.0;
    gone[l] = NUMBER(share, l) != 1.0;
    one |= gone[l];
  }
  if (!one) return;
  end_elsewhere(pack, share);
  for (int l = 0; l < LANES; l++) {
    if (!gone[l]) continue;
    double *now = &NUMBER(pack->memory[pack->model->at_state + branch[l]], l);
    *now = *now < 0.0 ? -1.0 : 1.0;
  }
}

/* A branch that a lenient step has led to its end, or beyond it, is there: the method takes this corner for a straight
   line, and would leave it again. Not where the cut-off is near, and may come before the branch gets there: what is left of
   its way is then no error that later steps forget. */
static void end_branches(Pack *pack) {
  const Model *model = pack->model;
  lane in_time; /* until the cut-off, over the step */
  int one = 0;
  for (int i = 0; i < model->branches; i++)
    for (int k = 0; k < V; k++) {
      vec left = 1.0 - v_abs(pack->memory[model->at_state + model->branch[i]][k]);
      one |= v_any(v_less(v_select(v_equal(left, v_all(0.0)), v_all(1.0), left), v_all(AT_END)));
    }
  if (!one) return;
  for (int l = 0; l < LANES; l++) {
    double fallen = pack->third_margin[l] - pack->margin[l], before = pack->time[l] - pack->third[l], left = INFINITE;
    if (pack->bracketed[l]) left = pack->beyond[l] - pack->time[l];
    else if (fallen > 0.0) left = pack->margin[l] * before / fallen;
    NUMBER(in_time, l) = left < SHORTLY_BEFORE * pack->time[l] ? SURELY * (left / pack->step[l] - 1.0) : INFINITE;
  }
  for (int i = 0; i < model->branches; i++) {
    vec *now = pack->memory[model->at_state + model->branch[i]];
    const vec *before = pack->known[model->branch[i]];
    for (int k = 0; k < V; k++) {
      vec size = v_abs(now[k]), end = v_with_sign_of(v_all(1.0), now[k]), left = 1.0 - size;
      end = v_select(v_less_equal(v_abs(before[k]), size), end, now[k]);
      mask near = v_less(v_all(1.0 - AT_END), size);
      mask never = v_less(in_time[k] * v_abs(now[k] - before[k]), left);
      now[k] = v_select(near, v_select(never, now[k], end), now[k]);
    }
  }
}
