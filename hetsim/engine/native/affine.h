/* The exact step of a model that is affine in its state, for LANES cases side by side; included by lanes.h.

   M y' = A y + b with A and b that follow from the case and from what is imposed has the solution

       y(t) = e^x y0 + t phi(x) b,   x = M^-1 A t,   phi(x) = (e^x - 1) / x

   With e^x = r + sum_k c_k / (x - p_k), the best rational approximation on the negative axis, that is

       y(t) = r y0 - sum_k c_k X_k,   (M p_k / t - A) X_k = M y0 / t + b / p_k

   at any one time, from a few solves in complex numbers, which a tape of the model does in real ones. Poles come
   in conjugate pairs, of which one is solved for. States that are not affine but follow each from itself alone, and on
   which no other depends, are integrated beforehand over the segment, with an output between the steps.

   Nothing here knows the spectrum of A. So each segment that has been done is checked: it is done again in two halves,
   and where that does not agree, the lane takes Rosenbrock steps. */

#define at_times OF(at_times, LANES)
#define follow_alone OF(follow_alone, LANES)
#define alone_at OF(alone_at, LANES)
#define Search OF(Search, LANES)
#define narrow OF(narrow, LANES)
#define search OF(search, LANES)
#define compare OF(compare, LANES)
#define search_again OF(search_again, LANES)
#define exact_segments OF(exact_segments, LANES)

#ifndef LOOKS
#define ALONE_ERROR 1e-6 /* that a step of a state on its own may make */
#define SETTLED_ALONE 1e-8 /* from where it comes to rest: it stands there from now on */

/* Knots [MOST_ALONE * LANES * KNOTS * 3]: time, state, rate. */
static inline double *knot(double *knots, int lanes, int j, int l, int number) {
  return knots + (((long long)j * lanes + l) * KNOTS + number) * 3;
}

/* Parts of a segment at which it is looked for a cut-off, until there is one. */
static const double LOOKED[] = {1.0 / 64, 1.0 / 8, 1.0 / 3, 2.0 / 3, 1.0};
#define LOOKS 5
#define MISSED 1e-4     /* a margin from which a cut-off is searched for again [V] */
#define FINE 1e-8       /* of the time: a bracket that is this narrow holds one point */

#endif

/* y at one time of each lane, of the affine states, where one of them is `wanted`. The tape of a pole reads -A where `both`
   left it, b as the rate, and y0 in place of a right-hand side. */
static void at_times(Pack *pack, Exponential of, const double *time, const int *wanted, lane *y) {
  const Model *model = pack->model;
  lane *state = pack->memory + model->at_state, *right = pack->memory + model->at_right, *said = pack->memory + model->at_pole;
  lane rate;
  if (!any(wanted, 1)) return;
  for (int l = 0; l < LANES; l++) NUMBER(rate, l) = 1.0 / time[l];
  for (int i = 0; i < model->states; i++)
    for (int k = 0; k < V; k++) state[i][k] = of.rest * right[i][k];
  for (int pole = 0; pole < of.poles; pole++) {
    const double *p = of.pole + 4 * pole, square = p[0] * p[0] + p[1] * p[1];
    for (int k = 0; k < V; k++) {
      said[0][k] = rate[k];
      said[1][k] = rate[k] * p[0];
      said[2][k] = rate[k] * p[1];
      said[3][k] = v_all(p[0] / square);
      said[4][k] = v_all(-p[1] / square);
      said[5][k] = v_all(2.0 * p[2]);
      said[6][k] = v_all(2.0 * p[3]);
    }
    play(model->pole, pack->memory);
  }
  if (y != state) copy((double *)y, (double *)state, (long long)model->states * LANES);
}

/* The states on their own at a time of a segment: a cubic between two knots, the last state after the last one. */
static void alone_at(const Pack *pack, int l, double time, lane *y) {
  const Model *model = pack->model;
  for (int j = 0; j < model->alone; j++) {
    int number = pack->knots_used[j][l] - 1;
    double *at = knot(pack->knots, LANES, j, l, number), state = at[1];
    while (number > 0 && at[0] > time) at -= 3, number--;
    if (number < pack->knots_used[j][l] - 1) {
      double step = at[3] - at[0], s = (time - at[0]) / step, rise = at[4] - at[1];
      double first = step * at[2] - rise, last = rise - step * at[5];
      state = (1.0 - s) * at[1] + s * at[4] + s * (1.0 - s) * ((1.0 - s) * first + s * last);
    }
    NUMBER(y[model->which[j]], l) = state;
  }
}

/* One state on its own, y' = g(y): the time at which it passes is the integral of f = 1 / g over y. From one knot to
   the next by the trapezium rule with the slopes at both ends, of order 4, for one evaluation. The step is right where
   the slopes explain how f changes; the error is some fiftieth of what they leave. */
static void follow_alone(Pack *pack, int j, int *wanted) {
  const Model *model = pack->model;
  const int place = model->which[j];
  lane *state = pack->memory + model->at_state;
  const double *rate = (double *)(pack->memory + model->at_rate + place);
  const double *slope = (double *)(pack->memory + model->at_matrix + model->diagonal[place]);
  double y[LANES], g[LANES], bend[LANES], move[LANES], time[LANES], barrier[LANES], allowed = 50.0 * ALONE_ERROR;
  int going[LANES], left = 0;
  for (int l = 0; l < LANES; l++) {
    y[l] = NUMBER(pack->known[place], l);
    going[l] = wanted[l];
    time[l] = move[l] = barrier[l] = g[l] = bend[l] = 0.0;
    left += going[l];
    pack->knots_used[j][l] = 0;
  }
  for (int turn = 0; left && turn < 4 * KNOTS; turn++) {
    for (int l = 0; l < LANES; l++) NUMBER(state[place], l) = y[l] + move[l];
    play(model->alone_tape, pack->memory);
    for (int l = 0; l < LANES; l++) {
      if (going[l] != 1) continue;
      double g1 = rate[l] / model->mass[place], bend1 = -slope[l] / model->mass[place], d = move[l], off = 0.0;
      if (turn) {
        double f = 1.0 / g[l], f1 = 1.0 / g1, s = -bend[l] * f * f, s1 = -bend1 * f1 * f1;
        off = __builtin_fabs(d * (f1 - f - 0.5 * d * (s + s1)) * g1);
        if (!(g1 * f > 0.2 && g1 * f < 5.0 && off < allowed)) {
          barrier[l] = y[l] + d;
          move[l] = 0.4 * d;
          if (__builtin_fabs(move[l]) < 1e-14) going[l] = 0, left--;
          continue;
        }
        time[l] += d * (0.5 * (f + f1) + d / 12.0 * (s - s1));
        y[l] += d;
      }
      double *at = knot(pack->knots, LANES, j, l, pack->knots_used[j][l]++);
      at[0] = time[l];
      at[1] = y[l];
      at[2] = g[l] = g1;
      bend[l] = bend1;
      double to_go = pack->duration[l] - time[l], rest = bend1 < 0.0 ? -g1 / bend1 : INFINITE;
      if (__builtin_fabs(rest) < SETTLED_ALONE || __builtin_fabs(g1 * to_go) < 1e-12 || to_go <= 0.0) going[l] = 2;
      else if (g1 != g1 || pack->knots_used[j][l] == KNOTS) going[l] = 0;
      if (going[l] != 1) {
        left--;
        continue;
      }
      double next = (1.0 + 1e-9) * g1 * to_go;
      if (turn) {
        double grown = off > 1e-3 * allowed ? 0.9 * __builtin_sqrt(__builtin_sqrt(allowed / off)) : 4.0;
        double before = (barrier[l] - y[l]) / d; /* from what was met, in steps */
        if (off < 1e-3 * allowed && barrier[l] != 0.0 && before > 0.0) /* nothing is seen of it yet */
          grown = before > 1.4 ? 0.5 * before : 0.7;
        d *= grown > 4.0 ? 4.0 : grown;
        if (d / next < 1.0) next = d;
      }
      if (__builtin_fabs(next) > 0.7 * __builtin_fabs(rest)) next = 0.7 * rest;
      move[l] = next;
    }
  }
  for (int l = 0; l < LANES; l++)
    if (going[l] != 2) wanted[l] = 0;
}

/* Where the search for the end of each lane stands. The points of the bracket: 1 the last, 2 the other side of the
   crossing, 3 the one before. */
typedef struct {
  int going[LANES], looked[LANES], code[LANES], event[LANES], count[LANES];
  double time[LANES], t1[LANES], f1[LANES], t2[LANES], f2[LANES], t3[LANES], f3[LANES];
  double before[LANES], before_margin[LANES], behind[LANES], behind_margin[LANES]; /* the first bracket */
} Search;

/* The next time within a bracket: T. R. Chandrupatla, Adv. Eng. Softw. 28, 145 (1997),
   doi:10.1016/S0965-9978(96)00051-8. */
static void narrow(Search *of, int l) {
  double t1 = of->t1[l], t2 = of->t2[l], f1 = of->f1[l], f2 = of->f2[l], f3 = of->f3[l], share = 0.5;
  double low = f1 < f2 ? f1 : f2;
  double xi = (t1 - t2) / (of->t3[l] - t2), phi = (f1 - f2) / (f3 - f2), rest = 1.0 - phi;
  if (low < FAR_BELOW) share = 0.5;
  else if (f3 < FAR_BELOW || of->t3[l] == t2) share = f1 / (f1 - f2);
  else if (phi * phi < xi && rest * rest < 1.0 - xi)
    share = f1 / (f2 - f1) * (f3 / (f2 - f3)) +
            (of->t3[l] - t1) / (t2 - t1) * (f1 / (f3 - f1)) * (f2 / (f3 - f2));
  double least = 0.5 * FINE * (t1 > t2 ? t1 : t2) / __builtin_fabs(t2 - t1);
  share = share < least ? least : share > 1.0 - least ? 1.0 - least : share;
  of->time[l] = t1 + share * (t2 - t1);
}

/* The next time of each lane, or its code; 1 while one goes on. */
static int search(Pack *pack, Search *of, const double *margin, const int *event, int *ended) {
  int left = 0;
  for (int l = 0; l < LANES; l++) {
    ended[l] = 0;
    if (!of->going[l]) continue;
    double f = margin[l], t = of->time[l];
    of->count[l]++;
    if (of->looked[l] < LOOKS) { /* no cut-off until now */
      if (f > 0.0) {
        of->t1[l] = t;
        of->f1[l] = f;
        of->code[l] = TIME_OVER;
        if (++of->looked[l] == LOOKS) ended[l] = 1;
        else of->time[l] = LOOKED[of->looked[l]] * pack->duration[l];
      } else {
        of->looked[l] = LOOKS;
        of->code[l] = CUT_OFF;
        of->event[l] = event[l];
        of->t2[l] = of->t1[l];
        of->f2[l] = of->f1[l];
        of->t3[l] = of->t2[l]; /* there is no third one yet */
        of->f3[l] = of->f2[l];
        of->t1[l] = of->behind[l] = t;
        of->f1[l] = of->behind_margin[l] = f;
        of->before[l] = of->t2[l];
        of->before_margin[l] = of->f2[l];
        narrow(of, l);
      }
    } else {
      if (f <= 0.0) of->event[l] = event[l];
      if ((f > 0.0) == (of->f1[l] > 0.0)) {
        of->t3[l] = of->t1[l];
        of->f3[l] = of->f1[l];
      } else {
        of->t3[l] = of->t2[l];
        of->f3[l] = of->f2[l];
        of->t2[l] = of->t1[l];
        of->f2[l] = of->f1[l];
      }
      of->t1[l] = t;
      of->f1[l] = f;
      double width = __builtin_fabs(of->t2[l] - t);
      if (f > 0.0 && f < 10.0 * pack->near[l]) ended[l] = 1;
      else if (f > 0.0 && width < FINE * t) { /* what jumps there is for the steps to look at */
        if (f < FAR * pack->near[l] / NEAR) ended[l] = 1;
        else of->going[l] = 0, of->code[l] = TOO_MANY_STEPS;
      }
      else if (width < FINE * t) of->time[l] = of->t2[l]; /* the side before the cut-off */
      else narrow(of, l);
      if (of->count[l] > 100) of->going[l] = 0, of->code[l] = TOO_MANY_STEPS;
    }
    if (ended[l]) of->going[l] = 0;
    left |= of->going[l];
  }
  return left;
}

#define SAME 3e-5 /* of the largest size of a state; a wrong spectrum is far beyond it, slow states stay 1e-5 below */

/* Takes those lanes out of `done` whose states at the end, `final`, are not what they were in the search. */
static void compare(const Pack *pack, const double *time, const lane *final, const lane *found, int *done) {
  for (int i = 0; i < pack->model->states; i++)
    for (int l = 0; l < LANES; l++) {
      double size = __builtin_fabs(NUMBER(pack->known[i], l)), last = __builtin_fabs(NUMBER(final[i], l));
      double driven = __builtin_fabs(time[l] * NUMBER(pack->increment[i], l));
      size = size > last ? size : last;
      if (driven > size) size = driven;
      if (!(__builtin_fabs(NUMBER(found[i], l) - NUMBER(final[i], l)) <= SAME * size)) done[l] = 0;
    }
}

/* The search looked at states that are not quite those at the end, `final`. Where the margin of these is further from zero
   than MISSED, the cut-off is searched for again among states as close as they are. */
static void search_again(Pack *pack, Search *of, lane *final, const int *done) {
  const Model *model = pack->model;
  lane *state = pack->memory + model->at_state;
  int event[LANES], ended[LANES];
  double margin[LANES];
  copy((double *)state, (double *)final, (long long)model->states * LANES);
  least_margins(pack, margin, event);
  for (int l = 0; l < LANES; l++) {
    int before = margin[l] > 0.0;
    of->going[l] = done[l] && of->code[l] == CUT_OFF && __builtin_fabs(margin[l]) > MISSED && margin[l] > FAR_BELOW;
    if (!of->going[l]) continue;
    of->t1[l] = of->time[l];
    of->f1[l] = margin[l];
    of->t2[l] = of->t3[l] = before ? of->behind[l] : of->before[l];
    of->f2[l] = of->f3[l] = before ? of->behind_margin[l] : of->before_margin[l];
    of->count[l] = 0;
    narrow(of, l);
  }
  for (int more = any(of->going, 1); more;) {
    at_times(pack, model->whole, of->time, of->going, state);
    for (int l = 0; l < LANES; l++)
      if (of->going[l]) alone_at(pack, l, of->time[l], state);
    least_margins(pack, margin, event);
    mark_outside(pack, margin, OUTSIDE);
    more = search(pack, of, margin, event, ended);
    for (int i = 0; i < model->states; i++)
      for (int l = 0; l < LANES; l++)
        if (ended[l]) NUMBER(final[i], l) = NUMBER(state[i], l);
  }
}

/* Does the segments of all lanes that have begun one. Lanes that it cannot do are left to Rosenbrock steps. */
static void exact_segments(Pack *pack) {
  const Model *model = pack->model;
  Task *task = pack->task;
  const int n = model->states;
  lane *state = pack->memory + model->at_state, *right = pack->memory + model->at_right, *push = pack->increment;
  lane *found = push + n, *final = push + 2 * n, *half = push + 3 * n;
  Search of;
  int done[LANES], ended[LANES], event[LANES];
  double margin[LANES];
  copy((double *)state, (double *)pack->known, (long long)n * LANES);
  for (int k = 0; k < V; k++) pack->memory[model->at_inverse][k] = v_all(0.0);
  play(model->both, pack->memory);
  for (long long i = 0; i < (long long)n * LANES; i++) ((double *)state)[i] = ((double *)right)[i] = 0.0;
  play(model->rate, pack->memory);
  copy((double *)push, (double *)right, (long long)n * LANES);
  copy((double *)(pack->memory + model->at_rate), (double *)right, (long long)n * LANES);
  copy((double *)right, (double *)pack->known, (long long)n * LANES);
  for (int l = 0; l < LANES; l++) done[l] = pack->phase[l] == WAITING;
  for (int j = 0; j < model->alone; j++) follow_alone(pack, j, done);
  for (int l = 0; l < LANES; l++) {
    of.going[l] = done[l];
    of.looked[l] = of.event[l] = of.count[l] = 0;
    of.code[l] = TOO_MANY_STEPS;
    of.time[l] = done[l] ? LOOKED[0] * pack->duration[l] : 1.0;
    of.t1[l] = 0.0;
    of.f1[l] = pack->margin[l];
  }
  for (int more = any(done, 1); more;) {
    at_times(pack, model->nearly, of.time, of.going, state);
    for (int l = 0; l < LANES; l++)
      if (of.going[l]) alone_at(pack, l, of.time[l], state);
    least_margins(pack, margin, event);
    mark_outside(pack, margin, OUTSIDE);
    more = search(pack, &of, margin, event, ended);
    for (int i = 0; i < n; i++)
      for (int l = 0; l < LANES; l++)
        if (ended[l]) NUMBER(found[i], l) = NUMBER(state[i], l);
  }
  for (int l = 0; l < LANES; l++) done[l] = done[l] && of.code[l] <= TIME_OVER;
  at_times(pack, model->whole, of.time, done, final);
  for (int l = 0; l < LANES; l++)
    if (done[l]) alone_at(pack, l, of.time[l], final);
  compare(pack, of.time, final, found, done);
  search_again(pack, &of, final, done);
  for (int l = 0; l < LANES; l++) done[l] = done[l] && of.code[l] <= TIME_OVER;
  double part[LANES];
  int halved[LANES], one = 0;
  for (int l = 0; l < LANES; l++) {
    part[l] = of.time[l] / 2;
    halved[l] = done[l] && task->half && pack->segment[l] % task->half >= task->half - 2;
    one |= halved[l];
  }
  if (one) at_times(pack, model->whole, part, halved, half);
  for (int l = 0; l < LANES; l++)
    if (halved[l]) alone_at(pack, l, part[l], half);
  for (int l = 0; l < LANES; l++) {
    if (pack->phase[l] == WAITING) pack->phase[l] = STEPPING;
    if (!done[l]) continue;
    pack->time[l] = of.time[l];
    pack->tries[l] = of.count[l];
    task->exact_steps[pack->chain[l] * task->segments + pack->segment[l]] = 1;
    if (of.code[l] == CUT_OFF) task->event[pack->chain[l] * task->segments + pack->segment[l]] = of.event[l];
    for (int i = 0; i < n; i++) NUMBER(pack->known[i], l) = NUMBER(final[i], l);
  }
  note_ends(pack, done, 1);
  if (one) {
    copy((double *)state, (double *)half, (long long)n * LANES);
    play(model->output, pack->memory);
    for (int l = 0; l < LANES; l++)
      for (int k = 0; halved[l] && k < model->outputs; k++)
        task->shown[((pack->chain[l] * task->segments + pack->segment[l]) * 3 + 1) * model->outputs + k] =
            NUMBER(pack->memory[model->at_output + k], l);
  }
  for (int l = 0; l < LANES; l++)
    if (done[l]) leave(pack, l, of.code[l]);
}

#undef at_times
#undef follow_alone
#undef alone_at
#undef Search
#undef narrow
#undef search
#undef compare
#undef search_again
