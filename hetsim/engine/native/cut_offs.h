/* How a step goes on, and how it meets a cut-off. Included by lanes.h. */

/* How a segment ends whose cut-off lies in a narrow bracket: what jumps there, or is no number behind it, has not met
   the cut-off. */
static int at_bracket(const Pack *pack, int l) {
  if (pack->margin[l] < FAR * pack->near[l] / NEAR) return CUT_OFF;
  return pack->beyond_margin[l] < -1e7 ? NO_NUMBER : TOO_SMALL_STEP;
}

/* Where the next step of a bracket ends, as a share of it: just on this side of the cut-off. An end
   that moves alone is left behind by halves. */
static double share_of_bracket(const Pack *pack, int l, double width) {
  if (pack->same[l] > 2) return 0.5;
  double aim = pack->near[l] * AIM;
  return zero_between(pack->margin[l] - aim, pack->beyond_margin[l] - aim, (pack->third[l] - pack->time[l]) / width,
                      pack->third_margin[l] - aim);
}

/* A parabola through three margins, the last two of them at the ends of a step: margin - slope w - bend w^2 at w steps
   behind its end. */
typedef struct {
  double slope, bend;
} OF(Parabola, LANES);
#define Parabola OF(Parabola, LANES)

static Parabola parabola_of(double margin, double before, double step, double third, double away) {
  double fallen = before - margin, bend = (fallen / step - (third - before) / away) / (step + away) * step * step;
  return (Parabola){fallen + bend, bend};
}

/* Where it is zero, in steps from there; NOT_A_NUMBER where it turns around before. */
static double zero_of(Parabola of, double margin) {
  double under = of.slope * of.slope + 4.0 * of.bend * margin;
  return under >= 0.0 && of.slope > 0.0 ? 2.0 * margin / (of.slope + __builtin_sqrt(under)) : NOT_A_NUMBER;
}

/* How far behind the end of a short lenient step the cut-off is, over the step, where that is known to a millionth of the
   time: NOT_A_NUMBER elsewhere. */
static double way_to_cut_off(const Pack *pack, int l, double margin, double strict) {
  const double step = pack->step[l], before = pack->time[l] - pack->third[l], fallen = pack->margin[l] - margin;
  if (!pack->task->lenient || pack->task->path || pack->third_is_beyond[l]) return NOT_A_NUMBER;
  if (strict > LONG || !(step < QUICKLY * pack->time[l])) return NOT_A_NUMBER;
  if (!(__builtin_fabs(margin) < fallen && margin > FAR_BELOW && pack->third_margin[l] > FAR_BELOW)) return NOT_A_NUMBER;
  const Parabola of = parabola_of(margin, pack->margin[l], step, pack->third_margin[l], before);
  double way = zero_of(of, margin);
  double off = BENT * __builtin_fabs(of.bend / of.slope) + UNSURE * pack->unsure[l] / fallen;
  int known = of.slope > 0.5 * fallen && __builtin_fabs(way) * off * step < CLOSELY * (pack->time[l] + step);
  return known && pack->time[l] + (1.0 + way) * step < pack->duration[l] ? way : NOT_A_NUMBER;
}

/* A lenient step ends where the cut-off is, if it ends so close to it that its end can be moved there along a straight line:
   what has passed stays in balance. */
static void end_at_cut_off(Pack *pack, int l, double *margin, double strict) {
  double way = way_to_cut_off(pack, l, *margin, strict);
  if (way != way) return;
  lane *y = pack->memory + pack->model->at_state;
  for (int i = 0; i < pack->model->states; i++) NUMBER(y[i], l) += way * (NUMBER(y[i], l) - NUMBER(pack->known[i], l));
  pack->step[l] *= 1.0 + way;
  *margin = 0.0;
}

/* Whether a lenient step has met the cut-off: it is a few microvolts away, on this side or beyond, and comes at once. */
static int has_met(const Pack *pack, int l, double margin, double strict) {
  double rest = __builtin_fabs(margin);
  if (!pack->task->lenient || strict > LONG || !(rest < NEARLY * pack->near[l])) return 0;
  double falls = (pack->margin[l] - margin) / pack->step[l];
  return rest < SO_SOON * falls * (pack->time[l] + pack->step[l]);
}

/* A step whose errors no later one can forget: a lenient one that ends shortly before the cut-off, or behind it. Where they
   are not that small, it is taken again, once. */
static void refuse_rough_end(const Pack *pack, int l, double margin, double *error, double *factor) {
  const double fallen = pack->margin[l] - margin;
  if (pack->refused[l] || !(*error <= 1.0 && *error > CLOSE_AT_END && margin < SHORTLY * fallen)) return;
  *factor = 0.9 * __builtin_sqrt(__builtin_sqrt(CLOSE_AT_END / *error));
  *error = 1.0 + *error;
}

/* What a lane does after a step that it accepts; its code, or NOT_REACHED to go on. */
static int accept(Pack *pack, int l, double margin, double strict, double logarithm, double factor, double longest) {
  const int met = has_met(pack, l, margin, strict);
  pack->unsure[l] = strict * pack->task->rtol;
  const double step = pack->step[l];
  const Parabola ahead = parabola_of(margin, pack->margin[l], step, pack->third_margin[l], pack->time[l] - pack->third[l]);
  pack->third_is_beyond[l] = 0;
  pack->third[l] = pack->time[l];
  pack->third_margin[l] = pack->margin[l];
  pack->accepted[l] = pack->step[l];
  pack->accepted_error[l] = logarithm > STEADY ? logarithm : STEADY;
  if (pack->growing[l] && factor < FASTEST(pack->task->lenient != 0)) {
    pack->quick[pack->segment[l] % 2][l] = pack->step[l];
    pack->growing[l] = 0;
  }
  pack->time[l] += pack->step[l];
  pack->margin[l] = margin;
  if (met) return CUT_OFF;
  if (pack->bracketed[l]) {
    double left = pack->beyond[l] - pack->time[l];
    if (margin < pack->near[l]) return CUT_OFF;
    double falls = (pack->third_margin[l] - margin) / (pack->time[l] - pack->third[l]), to_go = margin / falls;
    if (pack->beyond_is_rough[l] && falls > 0.0 && to_go > left) { /* and the cut-off lies behind that point */
      pack->bracketed[l] = 0;
      pack->step[l] = to_go;
      if (pack->time[l] + to_go > pack->duration[l]) pack->step[l] = pack->duration[l] - pack->time[l];
      return NOT_REACHED;
    }
    if (left < NARROW * pack->time[l]) return at_bracket(pack, l);
    pack->same[l] = pack->bracketed[l] == 1 ? pack->same[l] + 1 : 0;
    pack->bracketed[l] = 1;
    pack->step[l] = left * share_of_bracket(pack, l, left) * (strict > LONG ? SHORT : 1.0);
    return NOT_REACHED;
  }
  if (pack->time[l] >= pack->duration[l] * (1.0 - 1e-12)) return TIME_OVER;
  if (pack->refused[l] && pack->third[l] > 0.0) pack->careful[l] = CAREFUL; /* the first step is a guess */
  double most = pack->refused[l] ? 1.0 : pack->careful[l] > 0 ? SLOWLY : factor;
  if (pack->careful[l] > 0) pack->careful[l]--;
  pack->step[l] *= factor < most ? factor : most;
  if (pack->task->lenient && pack->held_back[l] < longest) { /* the corner is behind */
    if (pack->step[l] < pack->held_back[l]) {
      pack->step[l] = pack->held_back[l];
      pack->accepted[l] = 0.0;
    }
    pack->held_back[l] = 0.0;
  }
  if (pack->step[l] > longest) {
    if (pack->step[l] > pack->held_back[l]) pack->held_back[l] = pack->step[l];
    pack->step[l] = longest;
    pack->accepted[l] = 0.0;
  }
  if (pack->task->lenient && pack->third_margin[l] > margin) {
    double chord = margin / (pack->third_margin[l] - margin), curve = JUST_BEFORE * zero_of(ahead, margin);
    double farthest = (curve > 0.5 * chord && curve < chord ? curve : chord) * step;
    if (pack->step[l] > farthest) pack->step[l] = farthest;
  }
  if (pack->time[l] + pack->step[l] > pack->duration[l]) pack->step[l] = pack->duration[l] - pack->time[l];
  return NOT_REACHED;
}

/* A step that ends beyond a cut-off is taken again, to where the cut-off seems to be. A long one stops short of it:
   algebraic states are as close as the others only after a short step. */
static void meet_cut_off(Pack *pack, int l, double margin, double strict) {
  if (pack->bracketed[l]) {
    pack->third[l] = pack->beyond[l];
    pack->third_margin[l] = pack->beyond_margin[l];
    pack->third_is_beyond[l] = 1;
  }
  pack->same[l] = pack->bracketed[l] == 2 ? pack->same[l] + 1 : 0;
  pack->bracketed[l] = 2;
  pack->beyond[l] = pack->time[l] + pack->step[l];
  pack->beyond_margin[l] = margin;
  pack->beyond_is_rough[l] = strict > LONG;
  double share = share_of_bracket(pack, l, pack->step[l]) * (strict > LONG ? SHORT : 1.0);
  pack->step[l] *= share < 0.02 ? 0.02 : share;
}
#undef Parabola
