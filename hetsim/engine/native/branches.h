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
      vec ends = v_select(v_less(none, falls), room / falls, v_all(INFINITE));
      ends = v_select(v_less(v_all(CORNER_LEAST), size), ends, v_all(INFINITE));
      most[i] = v_select(is_known, v_least(ends, most[i]), most[i]);
      *turning = v_select(is_known, rate, *turning);
      *before = v_select(v_less(none, moves[i]), now, *before);
    }
  for (int l = 0; l < LANES; l++) longest[l] = NUMBER(most, l);
}

/* A state at a share of the step that has just been taken: by the output of the method, which serves a little behind its
   end, too. */
static double along_step(const Pack *pack, int l, int i, double share) {
  const Model *model = pack->model;
  const double before = NUMBER(pack->known[i], l), after = NUMBER(pack->memory[model->at_state + i], l);
  double inside = 0.0;
  for (int d = model->dense - 1; d >= 0; d--) {
    const double *h = model->h + d * model->stages;
    double sum = 0.0;
    for (int j = 0; j < model->stages - 1; j++) sum += h[j] * NUMBER(pack->increment[(long long)j * model->states + i], l);
    inside = sum + share * inside;
  }
  return (1.0 - share) * before + share * (after + (1.0 - share) * inside);
}

/* The end of the step of a lane is moved to a share of it. */
static void end_elsewhere(Pack *pack, int l, double share) {
  lane *y = pack->memory + pack->model->at_state;
  for (int i = 0; i < pack->model->states; i++) NUMBER(y[i], l) = along_step(pack, l, i, share);
  pack->step[l] *= share;
}

/* A lenient step that ends shortly before a branch is at its end goes on until it is there. */
static int go_to_end_of_branch(Pack *pack, int l) {
  const Model *model = pack->model;
  int gone = 0;
  for (int k = 0; k < model->branches; k++) {
    const int i = model->branch[k];
    const double before = NUMBER(pack->known[i], l), after = NUMBER(pack->memory[model->at_state + i], l);
    const double end = after < 0.0 ? -1.0 : 1.0, moved = after - before, left = end - after;
    if (NUMBER(pack->leaves[k], l) == 0.0 || !(left * end > 0.0 && left / moved > 0.0 && left / moved < A_LITTLE)) continue;
    double share = 1.0 + left / moved;
    double there = along_step(pack, l, i, share);
    share += (end - there) / (there - after) * (share - 1.0);
    if (!(share > 1.0 && share < 1.0 + 1.5 * A_LITTLE) || pack->time[l] + share * pack->step[l] > pack->duration[l]) continue;
    end_elsewhere(pack, l, share);
    NUMBER(pack->memory[model->at_state + i], l) = end;
    gone = 1;
  }
  return gone;
}

/* A branch that a lenient step has led to its end, or beyond it, is there: the method takes this corner for a straight
   line, and would leave it again. */
static void end_branches(Pack *pack) {
  const Model *model = pack->model;
  for (int i = 0; i < model->branches; i++) {
    vec *now = pack->memory[model->at_state + model->branch[i]];
    const vec *before = pack->known[model->branch[i]];
    for (int k = 0; k < V; k++) {
      vec size = v_abs(now[k]), end = v_with_sign_of(v_all(1.0), now[k]);
      end = v_select(v_less_equal(v_abs(before[k]), size), end, now[k]);
      now[k] = v_select(v_less(v_all(1.0 - AT_END), size), end, now[k]);
    }
  }
}
