/* Elementary functions on vectors of W doubles, on the vector extensions of gcc and clang.

   No library is called, so that the same code runs in any build, freestanding WebAssembly included, and gives the
   same numbers up to the last bits. Relative errors are a few 1e-16, and 4e-14 of `v_held_exp`. */

#ifndef HETSIM_VECTOR_MATH_H
#define HETSIM_VECTOR_MATH_H

#ifndef W
#define W 2
#endif

#if W == 1
/* Compilers make poor code of vectors of one number: a number stands for them. */
typedef double vec;
typedef long long ivec;
typedef unsigned long long uvec;
#else
typedef double vec __attribute__((vector_size(8 * W)));
typedef long long ivec __attribute__((vector_size(8 * W)));
typedef unsigned long long uvec __attribute__((vector_size(8 * W)));
#endif

#define NOT_A_NUMBER __builtin_nan("")
#define INFINITE __builtin_inf()

static inline ivec v_bits(vec x) {
  ivec bits;
  __builtin_memcpy(&bits, &x, sizeof bits);
  return bits;
}
static inline vec v_of_bits(ivec bits) {
  vec x;
  __builtin_memcpy(&x, &bits, sizeof x);
  return x;
}
static inline vec v_all(double x) { return x - (vec){0}; }

/* Comparisons and what hangs on them, in the instructions of the processor: out of the general form below gcc makes a
   branch for each number where vectors are narrow. `v_most` and `v_least` give b where one of both is no number. */
#if W == 1
typedef int mask;
static inline mask v_less(vec a, vec b) { return a < b; }
static inline mask v_less_equal(vec a, vec b) { return a <= b; }
static inline mask v_equal(vec a, vec b) { return a == b; }
static inline vec v_select(mask where, vec yes, vec no) { return where ? yes : no; }
static inline vec v_least(vec a, vec b) { return a < b ? a : b; }
static inline vec v_most(vec a, vec b) { return a > b ? a : b; }
static inline vec v_sqrt(vec x) { return __builtin_sqrt(x); }
static inline int v_any(mask where) { return where; }
#elif W == 8 && defined(__AVX512F__)
#include <immintrin.h>
typedef __mmask8 mask;
static inline mask v_less(vec a, vec b) { return _mm512_cmp_pd_mask(a, b, _CMP_LT_OQ); }
static inline mask v_less_equal(vec a, vec b) { return _mm512_cmp_pd_mask(a, b, _CMP_LE_OQ); }
static inline mask v_equal(vec a, vec b) { return _mm512_cmp_pd_mask(a, b, _CMP_EQ_OQ); }
static inline vec v_select(mask where, vec yes, vec no) { return _mm512_mask_blend_pd(where, no, yes); }
static inline vec v_least(vec a, vec b) { return _mm512_min_pd(a, b); }
static inline vec v_most(vec a, vec b) { return _mm512_max_pd(a, b); }
static inline int v_any(mask where) { return where; }
#elif W == 4 && defined(__AVX__)
#include <immintrin.h>
typedef ivec mask;
static inline mask v_less(vec a, vec b) { return (ivec)_mm256_cmp_pd(a, b, _CMP_LT_OQ); }
static inline mask v_less_equal(vec a, vec b) { return (ivec)_mm256_cmp_pd(a, b, _CMP_LE_OQ); }
static inline mask v_equal(vec a, vec b) { return (ivec)_mm256_cmp_pd(a, b, _CMP_EQ_OQ); }
static inline vec v_select(mask where, vec yes, vec no) { return _mm256_blendv_pd(no, yes, (vec)where); }
static inline vec v_least(vec a, vec b) { return _mm256_min_pd(a, b); }
static inline vec v_most(vec a, vec b) { return _mm256_max_pd(a, b); }
static inline vec v_sqrt(vec x) { return _mm256_sqrt_pd(x); }
static inline int v_any(mask where) { return _mm256_movemask_pd((vec)where); }
#elif W == 2 && defined(__SSE2__)
#include <emmintrin.h>
typedef ivec mask;
static inline mask v_less(vec a, vec b) { return (ivec)_mm_cmplt_pd(a, b); }
static inline mask v_less_equal(vec a, vec b) { return (ivec)_mm_cmple_pd(a, b); }
static inline mask v_equal(vec a, vec b) { return (ivec)_mm_cmpeq_pd(a, b); }
static inline vec v_select(mask where, vec yes, vec no) {
  return _mm_or_pd(_mm_and_pd((vec)where, yes), _mm_andnot_pd((vec)where, no));
}
static inline vec v_least(vec a, vec b) { return _mm_min_pd(a, b); }
static inline vec v_most(vec a, vec b) { return _mm_max_pd(a, b); }
static inline vec v_sqrt(vec x) { return _mm_sqrt_pd(x); }
static inline int v_any(mask where) { return _mm_movemask_pd((vec)where); }
#else
typedef ivec mask;
static inline mask v_less(vec a, vec b) { return a < b; }
static inline mask v_less_equal(vec a, vec b) { return a <= b; }
static inline mask v_equal(vec a, vec b) { return a == b; }
static inline vec v_select(mask where, vec yes, vec no) { return (vec)((where & (ivec)yes) | (~where & (ivec)no)); }
static inline vec v_least(vec a, vec b) { return v_select(a < b, a, b); }
static inline vec v_most(vec a, vec b) { return v_select(a > b, a, b); }
static inline vec v_sqrt(vec x) {
  vec r;
  for (int i = 0; i < W; i++) r[i] = __builtin_sqrt(x[i]);
  return r;
}
static inline int v_any(mask where) {
  int one = 0;
  for (int i = 0; i < W; i++) one |= where[i] != 0;
  return one;
}
#endif

static inline mask v_is_number(vec x) { return v_equal(x, x); }
static inline vec v_truth(mask where) { return v_select(where, v_all(1.0), v_all(0.0)); }
static inline vec v_abs(vec x) { return v_of_bits(v_bits(x) & 0x7fffffffffffffffLL); }
static inline vec v_with_sign_of(vec x, vec sign) {
  return v_of_bits((v_bits(x) & 0x7fffffffffffffffLL) | (v_bits(sign) & (-0x7fffffffffffffffLL - 1)));
}
/* The number where one of both is none. */
static inline vec v_fmin(vec a, vec b) { return v_select(v_is_number(b), v_least(a, b), a); }
static inline vec v_fmax(vec a, vec b) { return v_select(v_is_number(b), v_most(a, b), a); }

/* Adding this to a number of moderate size leaves its nearest integer in the low bits. */
#define ROUNDER 6755399441055744.0
#define ONE_OVER_LN2 1.4426950408889634
#define LN2 0.6931471805599453
#define LN2_HIGH 0.6931471803691238
#define LN2_LOW 1.9082149292705877e-10

#define LEAST_NORMAL 2.2250738585072014e-308
#define ROOT_OF_TWO 1.4142135623730951

/* Terms of polynomials, from the highest one on. */
#define EXP_TERMS \
  2.4994291938943737e-08, 2.763230804297317e-07, 2.7557622657722105e-06, 2.4801486481868917e-05, 0.00019841269432427396, \
      0.0013888888951260566, 0.008333333333559454, 0.04166666666649263, 0.1666666666666617, 0.5000000000000018, 1.0, 1.0
#define NEARLY_EXP_TERMS \
  2.763271756394976e-06, 2.488454465824012e-05, 0.00019841192754119165, 0.0013888804067158816, 0.00833333336332487, \
      0.041666666996684934, 0.16666666666633884, 0.4999999999963925, 1.0, 1.0
#define LOG_TERMS \
  0.07308885478105555, 0.07665802596127777, 0.09091446485530721, 0.11111105538119548, 0.14285714313189218, \
      0.19999999999949244, 0.3333333333333335

/* a b + c, in one step where the processor has that: where several products meet, or all is known beforehand, compilers
   choose which one is. */
static inline vec v_sum_with_product(vec a, vec b, vec c) {
#if W == 8 && defined(__AVX512F__)
  return _mm512_fmadd_pd(a, b, c);
#elif W == 4 && defined(__FMA__)
  return _mm256_fmadd_pd(a, b, c);
#elif W == 1 && defined(__FMA__)
  return __builtin_fma(a, b, c);
#else
  return a * b + c;
#endif
}

/* 1/x. A division of wide vectors takes longer than all else in a tape: there, the processor's first guess, which is off by
   e < 6e-5, is corrected to (1 + e)(1 + e^2) of itself. Where e is no number or infinite the guess is right, which is 0 or
   infinite: e counts as 1. */
#define E_OF_A_RIGHT_GUESS 0xAA00AA /* of numbers of eight classes: those that become 1, and those that stay */
static inline vec v_inverse(vec x) {
#if W == 8 && defined(__AVX512F__)
  vec guess = _mm512_rcp14_pd(x), e = _mm512_fnmadd_pd(guess, x, v_all(1.0));
  e = _mm512_fixupimm_pd(e, e, _mm512_set1_epi64(E_OF_A_RIGHT_GUESS), 0);
  vec closer = v_sum_with_product(guess, e, guess);
  return v_sum_with_product(closer, e * e, closer);
#else
  return 1.0 / x;
#endif
}
/* a/b */
static inline vec v_ratio(vec a, vec b) {
#if W == 8 && defined(__AVX512F__)
  return a * v_inverse(b);
#else
  return a / b;
#endif
}
/* c + a/b */
static inline vec v_sum_with_ratio(vec a, vec b, vec c) {
#if W == 8 && defined(__AVX512F__)
  return v_sum_with_product(a, v_inverse(b), c);
#else
  return c + a / b;
#endif
}

#define ROOTS_OF_THEMSELVES 0x100100 /* of numbers of eight classes: those that stand for the result */
#if W == 8 && defined(__AVX512F__)
/* The root of a wide vector by R. E. Goldschmidt's iteration from the processor's guess of its inverse; what is 0 or infinite is its
   own root. */
static inline vec v_sqrt(vec x) {
  vec guess = _mm512_rsqrt14_pd(x), y = x * guess, half = 0.5 * guess;
  vec e = _mm512_fnmadd_pd(y, half, v_all(0.5));
  vec closer = v_sum_with_product(y, e, y), half_closer = v_sum_with_product(half, e, half);
  vec off = _mm512_fnmadd_pd(closer, closer, x);
  return _mm512_fixupimm_pd(v_sum_with_product(off, half_closer, closer), x, _mm512_set1_epi64(ROOTS_OF_THEMSELVES), 0);
}
#endif

static inline __attribute__((always_inline)) vec v_polynomial(const double *terms, int count, vec x) {
  vec p = v_all(terms[0]);
#pragma GCC unroll 12
  for (int k = 1; k < count; k++) p = v_sum_with_product(p, x, v_all(terms[k]));
  return p;
}

/* p 2^n; the low bits of `shifted` are those of the whole number n. */
static inline vec v_times_power(vec p, vec shifted, vec n) {
#if W == 8 && defined(__AVX512F__)
  (void)shifted;
  return _mm512_scalef_pd(p, n);
#else
  (void)n;
  return p * v_of_bits((ivec)((uvec)(v_bits(shifted) + 1023) << 52));
#endif
}

/* e^x = 2^n e^r, |r| <= ln(2)/2, by the best polynomial of degree 11 there. For x between -708 and 709. */
static inline vec v_exp_inside(vec x) {
  vec shifted = x * ONE_OVER_LN2 + ROUNDER;
  vec n = shifted - ROUNDER;
  vec r = (x - n * LN2_HIGH) - n * LN2_LOW;
  return v_times_power(v_polynomial((const double[]){EXP_TERMS}, 12, r), shifted, n);
}

/* e^x of a logistic step, whose ends are numbers, too, by a polynomial of degree 9: 3e-14 off, and as far as x is rounded. */
static inline vec v_held_exp(vec x) {
  vec held = v_least(v_all(300.0), v_most(v_all(-300.0), x));
  vec shifted = v_sum_with_product(held, v_all(ONE_OVER_LN2), v_all(ROUNDER)), n = shifted - ROUNDER;
  vec r = v_sum_with_product(n, v_all(-LN2), held);
  return v_times_power(v_polynomial((const double[]){NEARLY_EXP_TERMS}, 10, r), shifted, n);
}

static inline vec v_exp(vec x) {
  const vec low = v_all(-708.0), high = v_all(709.0);
  vec y = v_exp_inside(v_least(high, v_most(low, x)));
  y = v_select(v_less(x, low), v_all(0.0), y);
  return v_select(v_less(high, x), v_all(INFINITE), y);
}

/* x = 2^e m, ln m = 2 atanh((m - 1)/(m + 1)), by the best polynomial of degree 6 in its square; subnormal numbers count
   as the smallest normal one. */
static inline vec v_log(vec x) {
  vec at = v_most(v_all(LEAST_NORMAL), x);
  ivec bits = v_bits(at);
  ivec e = (ivec)((uvec)bits >> 52) - 1023;
  vec m = v_of_bits((bits & 0xfffffffffffffLL) | 0x3ff0000000000000LL);
  vec power = v_of_bits(e + 0x4338000000000000LL) - ROUNDER;
  mask above = v_less(v_all(ROOT_OF_TWO), m);
  m = v_select(above, m * 0.5, m);
  power = v_select(above, power + 1.0, power);
  vec f = v_ratio(m - 1.0, m + 1.0), z = f * f;
  vec p = v_polynomial((const double[]){LOG_TERMS}, 7, z), twice = f + f;
  vec low = v_sum_with_product(power, v_all(LN2_LOW), twice * z * p);
  vec y = power * LN2_HIGH + (twice + low);
  y = v_select(v_equal(x, v_all(0.0)), v_all(-INFINITE), y);
  y = v_select(v_equal(x, v_all(INFINITE)), x, y);
  return v_select(v_less_equal(v_all(0.0), x), y, v_all(NOT_A_NUMBER));
}

/* e^x - 1 = 2^n (e^r - 1) + (2^n - 1), which loses nothing where x is small. For x between -708 and 709. */
static inline vec v_expm1_inside(vec x) {
  vec shifted = x * ONE_OVER_LN2 + ROUNDER;
  vec n = shifted - ROUNDER;
  vec r = (x - n * LN2_HIGH) - n * LN2_LOW;
  vec p = v_polynomial((const double[]){EXP_TERMS}, 11, r) * r;
  vec power = v_times_power(v_all(1.0), shifted, n);
  return v_sum_with_product(p, power, power - 1.0);
}

static inline vec v_expm1(vec x) {
  const vec low = v_all(-708.0), high = v_all(709.0);
  vec y = v_expm1_inside(v_least(high, v_most(low, x)));
  return v_select(v_less(high, x), v_all(INFINITE), y);
}

/* The rounding of 1 + x is taken back to first order. */
static inline vec v_log1p(vec x) {
  vec u = 1.0 + x;
  vec y = v_sum_with_ratio(x - (u - 1.0), u, v_log(u));
  return v_select(v_equal(u, v_all(INFINITE)), u, y);
}

static inline vec v_tanh(vec x) {
  vec a = v_abs(x);
  vec e = v_expm1_inside(-2.0 * v_least(v_all(20.0), a));
  return v_with_sign_of(v_ratio(-e, 2.0 + e), x);
}

static inline vec v_sinh(vec x) {
  vec a = v_abs(x);
  vec e = v_expm1(a);
  vec t = v_select(v_less(v_all(40.0), a), 0.5 * e, 0.5 * v_sum_with_ratio(e, e + 1.0, e));
  return v_with_sign_of(t, x);
}

static inline vec v_cosh(vec x) {
  vec e = v_exp(v_abs(x));
  return 0.5 * v_sum_with_ratio(v_all(1.0), e, e);
}

/* Where 1 is nothing beside a^2 it is ln(2 a). */
static inline vec v_asinh(vec x) {
  vec a = v_abs(x);
  vec near = v_sum_with_ratio(a * a, 1.0 + v_sqrt(v_sum_with_product(a, a, v_all(1.0))), a);
  vec inside = v_select(v_less(v_all(1e9), a), 2.0 * a - 1.0, near);
  return v_with_sign_of(v_log1p(inside), x);
}

static inline vec v_hypot(vec a, vec b) { return v_sqrt(v_sum_with_product(a, a, b * b)); }

/* x^y for x >= 0, and any x for the whole numbers 1 to 3 that models use. */
static inline vec v_pow(vec x, vec y) {
  vec r = v_exp(y * v_log(x));
  r = v_select(v_equal(x, v_all(0.0)), v_select(v_less(v_all(0.0), y), v_all(0.0), v_all(INFINITE)), r);
  r = v_select(v_equal(y, v_all(0.0)), v_all(1.0), r);
  r = v_select(v_equal(y, v_all(1.0)), x, r);
  r = v_select(v_equal(y, v_all(2.0)), x * x, r);
  return v_select(v_equal(y, v_all(3.0)), x * x * x, r);
}

static inline vec v_sign(vec x) {
  vec s = v_truth(v_less(v_all(0.0), x)) - v_truth(v_less(x, v_all(0.0)));
  return v_select(v_is_number(x), s, x);
}

/* sin and cos by the nearest multiple of pi/2; arguments of a model are of moderate size. */
static inline vec v_cos_of_quarter(vec x, long long quarters) {
  vec shifted = x * 0.6366197723675814 + ROUNDER;
  vec n = shifted - ROUNDER;
  vec r = (x - n * 1.5707963267341256) - n * 6.077100506506192e-11;
  vec z = r * r;
  vec c = v_all(1.0 / 87178291200.0), s = v_all(1.0 / 1307674368000.0);
  c = -c * z + 1.0 / 479001600.0;
  c = -c * z + 1.0 / 3628800.0;
  c = -c * z + 1.0 / 40320.0;
  c = -c * z + 1.0 / 720.0;
  c = -c * z + 1.0 / 24.0;
  c = -c * z + 0.5;
  c = -c * z + 1.0;
  s = -s * z + 1.0 / 6227020800.0;
  s = -s * z + 1.0 / 39916800.0;
  s = -s * z + 1.0 / 362880.0;
  s = -s * z + 1.0 / 5040.0;
  s = -s * z + 1.0 / 120.0;
  s = -s * z + 1.0 / 6.0;
  s = (-s * z + 1.0) * r;
  ivec q = (v_bits(shifted) + quarters) & 3, sine = -(q & 1); /* all bits where it is one of the sine */
  vec value = v_of_bits((sine & v_bits(-s)) | (~sine & v_bits(c)));
  return v_of_bits(v_bits(value) ^ (ivec)((uvec)(q & 2) << 62)); /* the sign */
}

static inline vec v_cos(vec x) { return v_cos_of_quarter(x, 0); }
static inline vec v_sin(vec x) { return v_cos_of_quarter(x, 3); }

#endif
