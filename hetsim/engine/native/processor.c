/* Which of the variants of the engine this processor can run, under this operating system.

   A library of its own: it is asked before one of the others is loaded, and made for any processor of the family.
   The order is that of the table in build.py. */

int hetsim_processor(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_cpu_init();
  int avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
               __builtin_cpu_supports("avx512vl");
  return avx2 ? (avx512 ? 2 : 1) : 0;
#else
  return 0;
#endif
}
