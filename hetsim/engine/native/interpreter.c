/* Stand-in for the interpreter: the same names, so that building and loading can be tested. */

#ifndef W
#define W 2
#endif

typedef double vec __attribute__((vector_size(8 * W)));

int hetsim_version(void) { return 1; }

double hetsim_run(const double *x, long n) {
  vec sum = {0};
  for (long i = 0; i + W <= n; i += W) {
    vec one;
    __builtin_memcpy(&one, x + i, sizeof one);
    sum += one * one;
  }
  double total = 0;
  for (int i = 0; i < W; i++) total += sum[i];
  return total;
}
