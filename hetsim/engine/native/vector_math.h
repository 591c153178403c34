/* Elementary functions on vectors of W doubles, on the vector extensions of gcc and clang.

   No library is called, so that the same code runs in any build, freestanding WebAssembly included, and gives the
   same numbers up to the last bits. Relative errors are a few 1e-16. */

#ifndef HETSIM_VECTOR_MATH_H
#define HETSIM_VECTOR_MATH_H

#ifndef W
#define W 2
#endif

#define NOT_A_NUMBER __builtin_nan("")
#define INFINITE __builtin_inf()

#if W == 1
/* Compilers make poor code of vectors of one number: a number stands for them. */
typedef double vec;
typedef long long ivec;
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
static inline vec v_all(double x) { return x; }
static inline ivec v_ones(ivec where) { return where; }
static inline ivec v_exponent(ivec n) { return (ivec)((unsigned long long)n << 52); }
static inline vec v_select(ivec where, vec yes, vec no) { return where ? yes : no; }
static inline vec v_truth(ivec where) { return where ? 1.0 : 0.0; }
static inline vec v_sqrt(vec x) { return __builtin_sqrt(x); }
#else
typedef double vec __attribute__((vector_size(8 * W)));
typedef long long ivec __attribute__((vector_size(8 * W)));
static inline ivec v_bits(vec x) { return (ivec)x; }
static inline vec v_of_bits(ivec bits) { return (vec)bits; }
static inline vec v_all(double x) { return x - (vec){0}; }
static inline ivec v_exponent(ivec n) { return n << 52; }
static inline ivec v_ones(ivec where) { return -where; } /* a comparison that holds is -1 */
static inline vec v_select(ivec where, vec yes, vec no) {
  return (vec)((where & (ivec)yes) | (~where & (ivec)no));
}
static inline vec v_truth(ivec where) { return (vec)(where & (ivec)v_all(1.0)); }
static inline vec v_sqrt(vec x) {
  vec r;
  for (int i = 0; i < W; i++) r[i] = __builtin_sqrt(x[i]);
  return r;
}
#endif

static inline vec v_abs(vec x) { return v_of_bits(v_bits(x) & 0x7fffffffffffffffLL); }
static inline vec v_with_sign_of(vec x, vec sign) {
  return v_of_bits((v_bits(x) & 0x7fffffffffffffffLL) | (v_bits(sign) & (-0x7fffffffffffffffLL - 1)));
}

/* Adding this to a number of moderate size leaves its nearest integer in the low bits. */
#define ROUNDER 6755399441055744.0
#define LN2_HIGH 0.6931471803691238
#define LN2_LOW 1.9082149292705877e-10

/* e^x = 2^n e^r, |r| <= ln(2)/2, by Taylor's series to r^13. */
static inline vec v_exp(vec x) {
  const vec low = v_all(-708.0), high = v_all(709.0);
  vec inside = v_select(x < low, low, v_select(x > high, high, x));
  vec shifted = inside * 1.4426950408889634 + ROUNDER;
  vec n = shifted - ROUNDER;
  vec r = (inside - n * LN2_HIGH) - n * LN2_LOW;
  vec p = v_all(1.0 / 6227020800.0);
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1.0;
  p = p * r + 1.0;
  vec y = p * v_of_bits(v_exponent(v_bits(shifted) + 1023));
  y = v_select(x < low, v_all(0.0), y);
  y = v_select(x > high, v_all(INFINITE), y);
  return v_select(x != x, x, y);
}

/* x = 2^e m, ln m = 2 atanh((m - 1)/(m + 1)); subnormal numbers count as the smallest normal one. */
static inline vec v_log(vec x) {
  vec at = v_select((x > v_all(0.0)) & (x < v_all(2.2250738585072014e-308)), v_all(2.2250738585072014e-308), x);
  ivec bits = v_bits(at);
  ivec e = ((bits >> 52) & 0x7ff) - 1023;
  vec m = v_of_bits((bits & 0xfffffffffffffLL) | 0x3ff0000000000000LL);
  ivec above = m > v_all(1.4142135623730951);
  m = v_select(above, m * 0.5, m);
  e = e + v_ones(above);
  vec power = v_of_bits(e + 0x4338000000000000LL) - ROUNDER;
  vec f = (m - 1.0) / (m + 1.0), z = f * f;
  vec p = v_all(1.0 / 21.0);
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  vec y = power * LN2_HIGH + (2.0 * f + (2.0 * f * z * p + power * LN2_LOW));
  y = v_select(x == v_all(0.0), v_all(-INFINITE), y);
  y = v_select(x == v_all(INFINITE), x, y);
  return v_select(x >= v_all(0.0), y, v_all(NOT_A_NUMBER));
}

static inline vec v_expm1(vec x) {
  vec p = v_all(1.0 / 5040.0);
  p = p * x + 1.0 / 720.0;
  p = p * x + 1.0 / 120.0;
  p = p * x + 1.0 / 24.0;
  p = p * x + 1.0 / 6.0;
  p = p * x + 0.5;
  p = p * x + 1.0;
  return v_select(v_abs(x) < v_all(1e-2), x * p, v_exp(x) - 1.0);
}

/* The rounding of 1 + x is taken back to first order. */
static inline vec v_log1p(vec x) {
  vec u = 1.0 + x;
  vec y = v_log(u) - ((u - 1.0) - x) / u;
  return v_select(u == v_all(INFINITE), u, y);
}

static inline vec v_tanh(vec x) {
  vec a = v_abs(x);
  vec e = v_expm1(-2.0 * v_select(a > v_all(20.0), v_all(20.0), a));
  vec t = v_with_sign_of(-e / (2.0 + e), x);
  return v_select(x != x, x, t);
}

static inline vec v_sinh(vec x) {
  vec a = v_abs(x);
  vec e = v_expm1(a);
  vec t = v_select(a > v_all(40.0), 0.5 * e, 0.5 * (e + e / (e + 1.0)));
  return v_with_sign_of(t, x);
}

static inline vec v_cosh(vec x) {
  vec e = v_exp(v_abs(x));
  return 0.5 * (e + 1.0 / e);
}

/* Where 1 is nothing beside a^2 it is ln(2 a). */
static inline vec v_asinh(vec x) {
  vec a = v_abs(x);
  vec inside = v_select(a > v_all(1e9), 2.0 * a - 1.0, a + a * a / (1.0 + v_sqrt(a * a + 1.0)));
  return v_with_sign_of(v_log1p(inside), x);
}

/* x^y for x >= 0, and any x for the whole numbers 1 to 3 that models use. */
static inline vec v_pow(vec x, vec y) {
  vec r = v_exp(y * v_log(x));
  r = v_select(x == v_all(0.0), v_select(y > v_all(0.0), v_all(0.0), v_all(INFINITE)), r);
  r = v_select(y == v_all(0.0), v_all(1.0), r);
  r = v_select(y == v_all(1.0), x, r);
  r = v_select(y == v_all(2.0), x * x, r);
  return v_select(y == v_all(3.0), x * x * x, r);
}

static inline vec v_sign(vec x) {
  vec s = v_truth(x > v_all(0.0)) - v_truth(x < v_all(0.0));
  return v_select(x != x, x, s);
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
  ivec q = (v_bits(shifted) + quarters) & 3;
  vec value = v_select((q & 1) == 1, -s, c);
  return v_select(q >= 2, -value, value);
}

static inline vec v_cos(vec x) { return v_cos_of_quarter(x, 0); }
static inline vec v_sin(vec x) { return v_cos_of_quarter(x, 3); }

#endif
