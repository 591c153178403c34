/* A tape as values, each computed once from others: operations of the processor, into which those of the tape are written out. */

#if W == 8
#define REGISTERS 32
#define FUSED 1
#elif defined(__AVX2__) && defined(__FMA__)
#define REGISTERS 16
#define FUSED 1
#else
#define REGISTERS 16
#define FUSED 0
#endif

#if W == 4 || W == 2
#define COPIES 2                          /* vectors of cases whose operations stand in turn */
#else
#define COPIES 1
#endif
#define POOL 80                           /* constants of the code itself */
#define CONSTANT_BYTES (W == 1 ? 16 : W == 8 ? 8 : 8 * W) /* wide vectors take one number for all of theirs */
#define NEVER 0x7fffffff
#define FOR_FUNCTION 120                  /* values that one is written out in, at most */
#define FOR_OTHERS 6                      /* that any other operation of a tape is */
#define LONGEST_CODE 48                   /* bytes of one value, with what is stored and loaded before */
#define POINTERS 12                       /* registers that hold an address, beside that of the memory */
#define IN_WINDOW 256                     /* slots of eight numbers that the short form of an address reaches from their middle */
#define WINDOWS 64                        /* such pieces of the memory that are looked at */

/* Kinds of values. The first two are there before. GUESS, ROOT_GUESS: nearly 1/a and 1 over the root of a. */
enum {
  OF_SLOT, OF_POOL, SUM, DIFFERENCE, PRODUCT, QUOTIENT, LEAST, MOST, ROOT, GUESS, ROOT_GUESS,
  BOTH_BITS, OTHER_BITS, ANY_BITS, NOT_FIRST_BITS,   /* and, exclusive or, or, the second and not the first */
  EQUAL, IS_LESS, IS_LESS_EQUAL,                     /* all bits where that is so, else none */
  PLUS, LESS, MINUS,                                 /* c + a b, c - a b, a b - c */
  CHOICE, MENDED,                                    /* of each bit: b where a has it, else c; by its class a, or what c says */
  ADD_BITS, SHIFT_UP, SHIFT_DOWN, POWER_OF_TWO, COPY, CALL
};

typedef struct {
  int kind, a, b, c; /* values; the slot, the number of a constant, and in c what is called */
} Value;

/* A part of a tape, which may be repeated: some of its slots are others each time. Slots have names here: those of the
   memory, then those that move, then those of numbers that are gone with the part. */
typedef struct {
  const Instruction *code;
  long long length;
  int times, kept;        /* kept: the first slot of those that hold nothing after the part */
  int names, moving;
  const int *slot, *by;   /* [moving]: the slot that a name has the first time, and how much farther on it is each time */
} Part;

typedef struct {
  const Model *model;
  const Part *part;
  int copy, stride;       /* the copy that is written out; bytes of a slot */
  int count, slots, registers, ordered, spilled, failed; /* slots: of all copies; registers: the first of them */
  int names, moving;      /* of all copies; moving: the first name after those that move */
  int steps, step[POINTERS]; /* by how much slots move, each in a register of its own */
  Value *value;
  int *now, *given;       /* [names], the value that stands in a slot, and the one that stood there before the tape; or -1 */
  int *goes, *also;       /* [values], [names]: the first slot that a value is left in, and the next one; or -1 */
  int *needs;             /* [values], registers that it takes to compute it */
  int *order, *after;     /* [values], and of each of their operands where it is read next, [values * 3] */
  int *next, *in, *home;  /* [values]: where it is read next; its register; its slot, or -2 - the number of a constant; or -1 */
  int *stack;             /* [values * 2] */
  int *missing, *ready;   /* [values], operands that are not yet there, and when the last one is [half cycles] */
  int *readers, *reader;  /* [values + 1], [values * 3]: who reads a value stands in reader[readers[v]] to the next one */
  int *waits, *goes_on;   /* [values], heaps of places in the order */
  int *free_slots, frees; /* [slots] slots of registers that hold nothing */
  int held[REGISTERS];    /* the value in each register, or -1 */
  unsigned locked;        /* registers that stay */
  int trails;             /* bytes that follow the place of an operand */
  unsigned char window[WINDOWS]; /* the register that points to the middle of some slots, or 0 */
  unsigned long long pool[POOL];
  int constants, pooled[POOL]; /* how many constants, and their values */
  unsigned char *code, *at, *end;
} Making;

static int value_of(Making *m, int kind, int a, int b, int c) {
  int found = m->count++;
  m->value[found] = (Value){kind, a, b, c};
  m->goes[found] = m->in[found] = m->home[found] = -1;
  m->next[found] = NEVER;
  return found;
}

/* Whether a slot keeps what a part leaves there. */
static int is_kept(const Making *m, int slot) { return slot < m->registers || (slot >= m->slots && slot < m->moving); }

/* Places count the slots of all copies: first those of slot 0, then those of slot 1. */
static int read_place(Making *m, int slot) {
  if (m->now[slot] < 0) {
    m->now[slot] = m->given[slot] = value_of(m, OF_SLOT, 0, 0, 0);
    m->home[m->now[slot]] = slot;
    if (!is_kept(m, slot)) m->failed = 1; /* what another tape left there */
  }
  return m->now[slot];
}

static int place_of(const Making *m, int slot) { return slot * COPIES + m->copy; }
static int read_slot(Making *m, int slot) { return read_place(m, place_of(m, slot)); }

static int constant_of_bits(Making *m, unsigned long long bits) {
  int k = 0;
  while (k < m->constants && m->pool[k] != bits) k++;
  if (k == POOL) {
    m->failed = 1;
    return 0;
  }
  if (k < m->constants) return m->pooled[k];
  m->pool[m->constants++] = bits;
  m->pooled[k] = value_of(m, OF_POOL, k, 0, 0);
  m->home[m->pooled[k]] = -2 - k;
  return m->pooled[k];
}

static int constant(Making *m, double number) {
  unsigned long long bits;
  __builtin_memcpy(&bits, &number, sizeof bits);
  return constant_of_bits(m, bits);
}

static int sum_with_product(Making *m, int kind, int a, int b, int c) {
  if (FUSED) return value_of(m, kind, a, b, c);
  int product = value_of(m, PRODUCT, a, b, 0);
  if (kind == PLUS) return value_of(m, SUM, c, product, 0);
  return kind == LESS ? value_of(m, DIFFERENCE, c, product, 0) : value_of(m, DIFFERENCE, product, c, 0);
}

/* --- the functions of vector_math.h, in the same steps ------------------------------------------ */

static int plus(Making *m, int a, int b) { return value_of(m, SUM, a, b, 0); }
static int minus(Making *m, int a, int b) { return value_of(m, DIFFERENCE, a, b, 0); }
static int times(Making *m, int a, int b) { return value_of(m, PRODUCT, a, b, 0); }
static int one_plus(Making *m, int x) { return plus(m, constant(m, 1.0), x); }
static int both_bits(Making *m, int x, unsigned long long bits) {
  return value_of(m, BOTH_BITS, x, constant_of_bits(m, bits), 0);
}
static int any_bits(Making *m, int a, int b) { return value_of(m, ANY_BITS, a, b, 0); }
static int is(Making *m, int kind, int a, int b) { return value_of(m, kind, a, b, 0); }
static int truth(Making *m, int where) { return value_of(m, BOTH_BITS, where, constant(m, 1.0), 0); }
static int chosen(Making *m, int where, int yes, int no) {
  if (W == 8) return value_of(m, CHOICE, where, yes, no);
  return any_bits(m, value_of(m, BOTH_BITS, where, yes, 0), value_of(m, NOT_FIRST_BITS, where, no, 0));
}
static int size_of(Making *m, int x) { return both_bits(m, x, 0x7fffffffffffffffULL); }
static int with_sign_of(Making *m, int x, int sign) {
  if (W == 8) return chosen(m, constant_of_bits(m, 0x7fffffffffffffffULL), x, sign);
  return any_bits(m, size_of(m, x), both_bits(m, sign, 0x8000000000000000ULL));
}
static int held_between(Making *m, double low, double high, int x) {
  return value_of(m, LEAST, constant(m, high), value_of(m, MOST, constant(m, low), x, 0), 0);
}

#if W == 8
/* A guess of an inverse, and e, by which it is off. */
static int corrected(Making *m, int guess, int e) {
  int closer = sum_with_product(m, PLUS, guess, e, guess);
  return sum_with_product(m, PLUS, closer, times(m, e, e), closer);
}
/* The inverse of a number that is not 0 and not infinite. */
static int usual_inverse(Making *m, int x) {
  int guess = value_of(m, GUESS, x, 0, 0);
  return corrected(m, guess, sum_with_product(m, LESS, guess, x, constant(m, 1.0)));
}
static int inverse(Making *m, int x) {
  int guess = value_of(m, GUESS, x, 0, 0), e = sum_with_product(m, LESS, guess, x, constant(m, 1.0));
  return corrected(m, guess, value_of(m, MENDED, e, e, constant_of_bits(m, E_OF_A_RIGHT_GUESS)));
}
static int ratio(Making *m, int a, int b) { return times(m, a, usual_inverse(m, b)); }
static int quotient(Making *m, int a, int b) { return times(m, a, inverse(m, b)); }
static int sum_with_ratio(Making *m, int a, int b, int c) { return sum_with_product(m, PLUS, a, usual_inverse(m, b), c); }
static int root(Making *m, int x) {
  int guess = value_of(m, ROOT_GUESS, x, 0, 0), y = times(m, x, guess), half = times(m, constant(m, 0.5), guess);
  int e = sum_with_product(m, LESS, y, half, constant(m, 0.5));
  int closer = sum_with_product(m, PLUS, y, e, y), half_closer = sum_with_product(m, PLUS, half, e, half);
  int off = sum_with_product(m, LESS, closer, closer, x);
  int made = sum_with_product(m, PLUS, off, half_closer, closer);
  return value_of(m, MENDED, made, x, constant_of_bits(m, ROOTS_OF_THEMSELVES));
}
#else
static int ratio(Making *m, int a, int b) { return value_of(m, QUOTIENT, a, b, 0); }
static int inverse(Making *m, int x) { return ratio(m, constant(m, 1.0), x); }
#define usual_inverse inverse
#define quotient ratio
static int sum_with_ratio(Making *m, int a, int b, int c) { return plus(m, c, ratio(m, a, b)); }
static int root(Making *m, int x) { return value_of(m, ROOT, x, 0, 0); }
#endif

/* A polynomial, its terms from the highest one on. */
static int polynomial(Making *m, const double *terms, int count, int x) {
  int p = constant(m, terms[0]);
  for (int k = 1; k < count; k++) p = sum_with_product(m, PLUS, p, x, constant(m, terms[k]));
  return p;
}

/* n and r of x = n ln(2) + r, and 2^n. */
typedef struct {
  int shifted, n, r;
} Divided;

static Divided divided(Making *m, int x) {
  int shifted = sum_with_product(m, PLUS, x, constant(m, ONE_OVER_LN2), constant(m, ROUNDER));
  int n = minus(m, shifted, constant(m, ROUNDER));
  int r = sum_with_product(m, LESS, n, constant(m, LN2_HIGH), x);
  return (Divided){shifted, n, sum_with_product(m, LESS, n, constant(m, LN2_LOW), r)};
}

static int times_power(Making *m, int p, Divided of) {
#if W == 8
  return value_of(m, POWER_OF_TWO, p, of.n, 0);
#else
  int bits = value_of(m, SHIFT_UP, value_of(m, ADD_BITS, of.shifted, constant_of_bits(m, 1023), 0), 0, 0);
  return p == constant(m, 1.0) ? bits : times(m, p, bits);
#endif
}

static const double exponential_terms[] = {EXP_TERMS};

static int exponential_inside(Making *m, int x) {
  Divided of = divided(m, x);
  return times_power(m, polynomial(m, exponential_terms, 12, of.r), of);
}

static int exponential_less_one_inside(Making *m, int x) {
  Divided of = divided(m, x);
  int p = times(m, polynomial(m, exponential_terms, 11, of.r), of.r), power = times_power(m, constant(m, 1.0), of);
  return sum_with_product(m, PLUS, p, power, minus(m, power, constant(m, 1.0)));
}

static int sign_of(Making *m, int x) {
  int zero = constant(m, 0.0), up = truth(m, is(m, IS_LESS, zero, x));
  return chosen(m, is(m, EQUAL, x, x), minus(m, up, truth(m, is(m, IS_LESS, x, zero))), x);
}

static int held_exponential(Making *m, int x) {
  static const double terms[] = {NEARLY_EXP_TERMS};
  int held = held_between(m, -300.0, 300.0, x);
  int shifted = sum_with_product(m, PLUS, held, constant(m, ONE_OVER_LN2), constant(m, ROUNDER));
  int n = minus(m, shifted, constant(m, ROUNDER)), r = sum_with_product(m, LESS, n, constant(m, LN2), held);
  return times_power(m, polynomial(m, terms, 10, r), (Divided){shifted, n, r});
}

static int exponential(Making *m, int x) {
  int low = constant(m, -708.0), high = constant(m, 709.0);
  int y = exponential_inside(m, held_between(m, -708.0, 709.0, x));
  y = chosen(m, is(m, IS_LESS, x, low), constant(m, 0.0), y);
  return chosen(m, is(m, IS_LESS, high, x), constant(m, INFINITE), y);
}

static int logarithm(Making *m, int x) {
  static const double terms[] = {LOG_TERMS};
  int bits = value_of(m, MOST, constant(m, LEAST_NORMAL), x, 0);
  int e = value_of(m, ADD_BITS, value_of(m, SHIFT_DOWN, bits, 0, 0), constant_of_bits(m, 0x4338000000000000ULL - 1023), 0);
  int mantissa = any_bits(m, both_bits(m, bits, 0xfffffffffffffULL), constant_of_bits(m, 0x3ff0000000000000ULL));
  int power = minus(m, e, constant(m, ROUNDER)), above = is(m, IS_LESS, constant(m, ROOT_OF_TWO), mantissa);
  mantissa = chosen(m, above, times(m, mantissa, constant(m, 0.5)), mantissa);
  power = chosen(m, above, plus(m, power, constant(m, 1.0)), power);
  int f = ratio(m, minus(m, mantissa, constant(m, 1.0)), plus(m, mantissa, constant(m, 1.0))), z = times(m, f, f);
  int p = polynomial(m, terms, 7, z), twice = plus(m, f, f);
  int low = sum_with_product(m, PLUS, power, constant(m, LN2_LOW), times(m, times(m, twice, z), p));
  int y = sum_with_product(m, PLUS, power, constant(m, LN2_HIGH), plus(m, twice, low));
  y = chosen(m, is(m, EQUAL, x, constant(m, 0.0)), constant(m, -INFINITE), y);
  y = chosen(m, is(m, EQUAL, x, constant(m, INFINITE)), x, y);
  return chosen(m, is(m, IS_LESS_EQUAL, constant(m, 0.0), x), y, constant(m, NOT_A_NUMBER));
}

static int exponential_less_one(Making *m, int x) {
  int y = exponential_less_one_inside(m, held_between(m, -708.0, 709.0, x));
  return chosen(m, is(m, IS_LESS, constant(m, 709.0), x), constant(m, INFINITE), y);
}

static int logarithm_of_one_plus(Making *m, int x) {
  int u = one_plus(m, x), off = minus(m, x, minus(m, u, constant(m, 1.0)));
  int y = sum_with_ratio(m, off, u, logarithm(m, u));
  return chosen(m, is(m, EQUAL, u, constant(m, INFINITE)), u, y);
}

static int hyperbolic_tangent(Making *m, int x) {
  int a = value_of(m, LEAST, constant(m, 20.0), size_of(m, x), 0);
  int e = exponential_less_one_inside(m, times(m, a, constant(m, -2.0)));
  int negative = value_of(m, OTHER_BITS, e, constant(m, -0.0), 0);
  return with_sign_of(m, ratio(m, negative, plus(m, e, constant(m, 2.0))), x);
}

static int inverse_hyperbolic_sine(Making *m, int x) {
  int a = size_of(m, x), square = times(m, a, a);
  int near = sum_with_ratio(m, square, one_plus(m, root(m, sum_with_product(m, PLUS, a, a, constant(m, 1.0)))), a);
  int far = minus(m, plus(m, a, a), constant(m, 1.0));
  int inside = chosen(m, is(m, IS_LESS, constant(m, 1e9), a), far, near);
  return with_sign_of(m, logarithm_of_one_plus(m, inside), x);
}

static int hyperbolic_sine(Making *m, int x) {
  int a = size_of(m, x), e = exponential_less_one(m, a);
  int near = times(m, sum_with_ratio(m, e, plus(m, e, constant(m, 1.0)), e), constant(m, 0.5));
  return with_sign_of(m, chosen(m, is(m, IS_LESS, constant(m, 40.0), a), times(m, e, constant(m, 0.5)), near), x);
}

static int hyperbolic_cosine(Making *m, int x) {
  int e = exponential(m, size_of(m, x));
  return times(m, plus(m, e, inverse(m, e)), constant(m, 0.5));
}

/* Whether an operation is one of these. */
static int is_function(int op) {
  return op == HELD_EXP || op == LOGISTIC || op == EXP || op == LOG || op == EXPM1 || op == LOG1P || op == TANH || op == SINH ||
         op == COSH || op == ASINH;
}

/* How many operands an operation has, of those that are called. */
static int takes_two(int op) { return op == POW || op == AND || op == OR; }

/* Whether a value is an exponential that is held between numbers: others end with a choice. */
static int is_held(const Making *m, int x) { return m->value[x].kind == POWER_OF_TWO; }

static void write_out(Making *m, const Instruction *at) {
#define A read_slot(m, at->a)
#define B read_slot(m, at->b)
#define C read_slot(m, at->c)
  int made, op = at->op;
  switch (op) {
    case ADD: made = value_of(m, SUM, A, B, 0); break;
    case SUB: made = value_of(m, DIFFERENCE, A, B, 0); break;
    case MUL: made = value_of(m, PRODUCT, A, B, 0); break;
    case TIMES: made = value_of(m, PRODUCT, read_slot(m, at->to), A, 0); break;
    case DIV: made = quotient(m, A, B); break;
    case NEG: made = value_of(m, OTHER_BITS, A, constant(m, -0.0), 0); break;
    case FABS: made = size_of(m, A); break;
    case SQ: made = value_of(m, PRODUCT, A, A, 0); break;
    case TWICE: made = value_of(m, SUM, A, A, 0); break;
    case SQRT: made = root(m, A); break;
    case INV: made = inverse(m, A); break;
    case INV_ONE_PLUS: made = is_held(m, A) ? usual_inverse(m, one_plus(m, A)) : inverse(m, one_plus(m, A)); break;
    case HELD_EXP: made = held_exponential(m, A); break;
    case LOGISTIC: made = usual_inverse(m, one_plus(m, held_exponential(m, A))); break;
    case EXP: made = exponential(m, A); break;
    case LOG: made = logarithm(m, A); break;
    case EXPM1: made = exponential_less_one(m, A); break;
    case LOG1P: made = logarithm_of_one_plus(m, A); break;
    case TANH: made = hyperbolic_tangent(m, A); break;
    case SINH: made = hyperbolic_sine(m, A); break;
    case COSH: made = hyperbolic_cosine(m, A); break;
    case HYPOT:
      made = root(m, sum_with_product(m, PLUS, A, A, times(m, B, B)));
      break;
    case SIGN: made = sign_of(m, A); break;
    case COPYSIGN: made = with_sign_of(m, A, B); break;
    case ASINH: made = inverse_hyperbolic_sine(m, A); break;
    case PLUS_PRODUCT: made = sum_with_product(m, PLUS, A, B, C); break;
    case LESS_PRODUCT: made = sum_with_product(m, LESS, A, B, C); break;
    case PRODUCT_LESS: made = sum_with_product(m, MINUS, A, B, C); break;
    case SUM_TIMES: made = value_of(m, PRODUCT, value_of(m, SUM, A, B, 0), C, 0); break;
    case DIFFERENCE_TIMES: made = value_of(m, PRODUCT, value_of(m, DIFFERENCE, A, B, 0), C, 0); break;
    case PRODUCT_TIMES: made = value_of(m, PRODUCT, value_of(m, PRODUCT, A, B, 0), C, 0); break;
    case FMIN:
    case FMAX: /* the other one where b is no number */
      made = value_of(m, op == FMIN ? LEAST : MOST, A, B, 0);
      if (at->b >= m->model->constants) made = chosen(m, is(m, EQUAL, B, B), made, A);
      break;
    case IF_ELSE_ZERO: made = value_of(m, NOT_FIRST_BITS, is(m, EQUAL, A, constant(m, 0.0)), B, 0); break;
    case NOT: made = truth(m, is(m, EQUAL, A, constant(m, 0.0))); break;
    case LT: made = truth(m, is(m, IS_LESS, A, B)); break;
    case LE: made = truth(m, is(m, IS_LESS_EQUAL, A, B)); break;
    case EQ: made = truth(m, is(m, EQUAL, A, B)); break;
    case NE: made = value_of(m, DIFFERENCE, constant(m, 1.0), truth(m, is(m, EQUAL, A, B)), 0); break;
    case ASSIGN: /* a number that was there before is copied, for its slot may get another one */
      made = A;
      if (m->value[made].kind == OF_SLOT) made = value_of(m, COPY, made, 0, 0);
      break;
    default: made = takes_two(op) ? value_of(m, CALL, A, B, op) : value_of(m, CALL, A, 0, op);
  }
  m->now[place_of(m, at->to)] = made;
#undef A
#undef B
#undef C
}

static int operands(const Value *of) {
  switch (of->kind) {
    case OF_SLOT:
    case OF_POOL: return 0;
    case ROOT:
    case GUESS:
    case ROOT_GUESS:
    case SHIFT_UP:
    case SHIFT_DOWN:
    case COPY: return 1;
    case PLUS:
    case LESS:
    case MINUS:
    case CHOICE:
    case MENDED: return 3;
    case CALL: return 1 + takes_two(of->c);
    default: return 2;
  }
}

static inline int operand(const Value *of, int k) { return k == 0 ? of->a : k == 1 ? of->b : of->c; }
