/* A tape for one case alone: W operations of one kind side by side, where none waits for another.

   Its instructions read and write W numbers in a row of the memory of the case. What does not lie in a row is brought
   together before (GATHER); results that have a place of their own are put there in the end (SCATTER). Operations
   without company are done one by one (ALONE + kind). Made by hetsim/engine/vectors.py. */

#ifndef HETSIM_VECTORS_H
#define HETSIM_VECTORS_H

/* Instructions stand in groups: what they do, how many there are, and of each where its result goes and what it takes. No
   instruction of a group waits for another one. */
typedef const int *VectorTape;

/* The tapes of a model in this form. Numbers that are given for a segment stand in rows of their own: row k is copied from
   slot given[k] when a segment begins. */
typedef struct {
  int slots, rows, at_rows; /* slots: of the memory, those of the model among them */
  const int *given;
  VectorTape rate, both, factor, solve, margin;
} Vectors;

__attribute__((visibility("hidden"))) void hetsim_play_vectors(VectorTape tape, double *memory);

#endif

#ifdef PLAY_VECTORS

typedef double row __attribute__((vector_size(8 * W), aligned(8), may_alias));

/* The processor guesses which loads wait for which stores by where they stand in the program, and in an interpreter all
   loads and stores of a kind stand at one place: four instructions are read before their results are written. */
#define GROUP(kind, numbers, type, expression) \
  case kind: \
    for (; left >= 4; left -= 4, at += 4 * (numbers)) { \
      type found[4]; \
      _Pragma("GCC unroll 4") for (int k = 0; k < 4; k++) { \
        const int *one = at + k * (numbers); \
        found[k] = (expression); \
      } \
      _Pragma("GCC unroll 4") for (int k = 0; k < 4; k++) PUT(type, at[k * (numbers)], found[k]); \
    } \
    for (; left > 0; left--, at += (numbers)) { \
      const int *one = at; \
      PUT(type, at[0], (expression)); \
    } \
    break
#define PUT(type, to, value) *(type *)(memory + (to)) = (value)
#define R(k) ((vec) * (const row *)(memory + one[k]))
#define N(k) (memory[one[k]])

#define FROM(k) memory[from[k]]
static inline vec brought(const double *memory, const int *from) {
#if W == 8
  return (vec){FROM(0), FROM(1), FROM(2), FROM(3), FROM(4), FROM(5), FROM(6), FROM(7)};
#elif W == 4
  return (vec){FROM(0), FROM(1), FROM(2), FROM(3)};
#else
  return (vec){FROM(0), FROM(1)};
#endif
}

void hetsim_play_vectors(VectorTape tape, double *memory) {
  const int *at = tape;
  for (;;) {
    int kind = at[0], left = at[1];
    at += 2;
    switch (kind) {
      GROUP(ADD, 3, row, R(1) + R(2));
      GROUP(SUB, 3, row, R(1) - R(2));
      GROUP(MUL, 3, row, R(1) * R(2));
      GROUP(DIV, 3, row, R(1) / R(2));
      GROUP(NEG, 2, row, -R(1));
      GROUP(ASSIGN, 2, row, R(1));
      GROUP(SQ, 2, row, R(1) * R(1));
      GROUP(TWICE, 2, row, R(1) + R(1));
      GROUP(INV, 2, row, 1.0 / R(1));
      GROUP(EXP, 2, row, v_exp(R(1)));
      GROUP(LOG, 2, row, v_log(R(1)));
      GROUP(SQRT, 2, row, v_sqrt(R(1)));
      GROUP(TANH, 2, row, v_tanh(R(1)));
      GROUP(SINH, 2, row, v_sinh(R(1)));
      GROUP(COSH, 2, row, v_cosh(R(1)));
      GROUP(ASINH, 2, row, v_asinh(R(1)));
      GROUP(FABS, 2, row, v_abs(R(1)));
      GROUP(POW, 3, row, v_pow(R(1), R(2)));
      GROUP(FMIN, 3, row, v_fmin(R(1), R(2)));
      GROUP(FMAX, 3, row, v_fmax(R(1), R(2)));
      GROUP(IF_ELSE_ZERO, 3, row, v_select(v_equal(R(1), v_all(0.0)), v_all(0.0), R(2)));
      GROUP(NOT, 2, row, v_truth(v_equal(R(1), v_all(0.0))));
      GROUP(LT, 3, row, v_truth(v_less(R(1), R(2))));
      GROUP(LE, 3, row, v_truth(v_less_equal(R(1), R(2))));
      GROUP(EQ, 3, row, v_truth(v_equal(R(1), R(2))));
      GROUP(NE, 3, row, 1.0 - v_truth(v_equal(R(1), R(2))));
      GROUP(AND, 3, row, v_select(v_equal(R(1), v_all(0.0)), v_all(0.0), 1.0 - v_truth(v_equal(R(2), v_all(0.0)))));
      GROUP(OR, 3, row, v_select(v_equal(R(1), v_all(0.0)), 1.0 - v_truth(v_equal(R(2), v_all(0.0))), v_all(1.0)));
      GROUP(SIGN, 2, row, v_sign(R(1)));
      GROUP(SIN, 2, row, v_sin(R(1)));
      GROUP(COS, 2, row, v_cos(R(1)));
      GROUP(LOG1P, 2, row, v_log1p(R(1)));
      GROUP(EXPM1, 2, row, v_expm1(R(1)));
      GROUP(HYPOT, 3, row, v_hypot(R(1), R(2)));
      GROUP(COPYSIGN, 3, row, v_with_sign_of(R(1), R(2)));
      GROUP(LESS_PRODUCT, 4, row, R(3) - R(1) * R(2));
      GROUP(TIMES, 3, row, R(1) * R(2));
      GROUP(PLUS_PRODUCT, 4, row, R(3) + R(1) * R(2));
      GROUP(HELD_EXP, 2, row, v_held_exp(R(1)));
      GROUP(INV_ONE_PLUS, 2, row, 1.0 / (1.0 + R(1)));
      GROUP(LOGISTIC, 2, row, 1.0 / (1.0 + v_held_exp(R(1))));
      GROUP(PRODUCT_LESS, 4, row, R(1) * R(2) - R(3));
      GROUP(SUM_TIMES, 4, row, (R(1) + R(2)) * R(3));
      GROUP(DIFFERENCE_TIMES, 4, row, (R(1) - R(2)) * R(3));
      GROUP(PRODUCT_TIMES, 4, row, R(1) * R(2) * R(3));
      GROUP(ALONE + ADD, 3, double, N(1) + N(2));
      GROUP(ALONE + SUB, 3, double, N(1) - N(2));
      GROUP(ALONE + MUL, 3, double, N(1) * N(2));
      GROUP(ALONE + DIV, 3, double, N(1) / N(2));
      GROUP(ALONE + NEG, 2, double, -N(1));
      GROUP(ALONE + ASSIGN, 2, double, N(1));
      GROUP(ALONE + SQ, 2, double, N(1) * N(1));
      GROUP(ALONE + TWICE, 2, double, N(1) + N(1));
      GROUP(ALONE + INV, 2, double, 1.0 / N(1));
      GROUP(ALONE + FABS, 2, double, __builtin_fabs(N(1)));
      GROUP(ALONE + LT, 3, double, N(1) < N(2) ? 1.0 : 0.0);
      GROUP(ALONE + LE, 3, double, N(1) <= N(2) ? 1.0 : 0.0);
      GROUP(ALONE + LESS_PRODUCT, 4, double, N(3) - N(1) * N(2));
      GROUP(ALONE + TIMES, 3, double, N(1) * N(2));
      GROUP(ALONE + PLUS_PRODUCT, 4, double, N(3) + N(1) * N(2));
      GROUP(ALONE + INV_ONE_PLUS, 2, double, 1.0 / (1.0 + N(1)));
      GROUP(ALONE + PRODUCT_LESS, 4, double, N(1) * N(2) - N(3));
      GROUP(ALONE + SUM_TIMES, 4, double, (N(1) + N(2)) * N(3));
      GROUP(ALONE + DIFFERENCE_TIMES, 4, double, (N(1) - N(2)) * N(3));
      GROUP(ALONE + PRODUCT_TIMES, 4, double, N(1) * N(2) * N(3));
      GROUP(GATHER, W + 1, row, brought(memory, one + 1));
      GROUP(BROADCAST, 2, row, v_all(N(1)));
      default: return; /* END */
    }
  }
}
#undef GROUP
#undef PUT
#undef R
#undef N

#endif
