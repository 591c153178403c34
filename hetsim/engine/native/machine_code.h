/* Machine code of a tape, for W cases side by side or one case alone, on x86-64.

   A tape becomes the operations of the processor that `play` would do, on the same numbers, with the same roundings: results
   are equal to the last bit. What it spares is the memory: a result that is read soon stays in a register of the processor.
   Operations stand in the order in which few of them wait to be read, and where there is no register left, the result
   that is read last goes to the slots of the tape's registers. Functions that are not written out are called.

   Only numbers are written here: who calls puts them where the processor may run them. The function that they are takes the
   address of the memory of the first case. */

#if defined(__x86_64__) && !defined(_WIN32) && !defined(__SANITIZE_ADDRESS__)
#define HAS_MACHINE_CODE 1

#include "machine_values.h"
#include "machine_order.h"
#include "machine_bytes.h"

/* --- registers ---------------------------------------------------------------------------------- */

static int spill_slot(Making *m) {
  if (m->frees) return m->free_slots[--m->frees];
  int slot = m->registers + m->spilled++;
  if (slot >= m->slots) {
    m->failed = 1;
    return m->registers;
  }
  return slot;
}

/* A value that is read again stands in the memory. */
static void keep(Making *m, int v) {
  if (m->home[v] != -1) return;
  m->home[v] = spill_slot(m);
  store_to(m, m->in[v], m->home[v]);
}

static void leave_register(Making *m, int v) {
  if (m->in[v] >= 0) m->held[m->in[v]] = -1;
  m->in[v] = -1;
}

/* A register for a result: a free one, else that of the value that is read last. */
static int take(Making *m) {
  int best = -1, latest = -1;
  for (int r = 0; r < REGISTERS; r++) {
    if (m->locked >> r & 1) continue;
    if (m->held[r] < 0) return r;
    int next = m->next[m->held[r]];
    /* what stands in the memory costs nothing to give away */
    if (next > latest || (next == latest && m->home[m->held[r]] != -1)) {
      latest = next;
      best = r;
    }
  }
  int gone = m->held[best];
  if (m->next[gone] != NEVER) keep(m, gone);
  leave_register(m, gone);
  return best;
}

static void hold(Making *m, int r, int v) {
  m->held[r] = v;
  m->in[v] = r;
}

static int in_register(Making *m, int v) {
  if (m->in[v] < 0) {
    int r = take(m);
    load_from(m, r, m->home[v]);
    hold(m, r, v);
  }
  m->locked |= 1u << m->in[v];
  return m->in[v];
}

/* An operand that may stay in the memory, if nothing reads it soon again. */
#define SOON 3
static Where anywhere(Making *m, int v, int again, int i) {
  if (m->in[v] < 0 && again != NEVER && again - i < SOON) in_register(m, v);
  if (m->in[v] >= 0) m->locked |= 1u << m->in[v];
  return (Where){m->in[v], m->home[v]};
}

/* Its register is free for the result of what reads it last; its slot is when that is written. */
static void leave_if_read(Making *m, int v) {
  if (m->next[v] == NEVER) leave_register(m, v);
}

static void forget(Making *m, int v) {
  if (m->next[v] != NEVER) return;
  leave_register(m, v);
  if (m->value[v].kind > OF_POOL && m->home[v] >= m->registers && m->home[v] < m->slots) {
    m->free_slots[m->frees++] = m->home[v];
    m->home[v] = -1;
  }
}

/* --- one value ---------------------------------------------------------------------------------- */

static const struct {
  unsigned char packed, opcode, commutes;
} CODES[] = {
    [SUM] = {0, 0x58, 1},      [DIFFERENCE] = {0, 0x5C, 0}, [PRODUCT] = {0, 0x59, 1},    [QUOTIENT] = {0, 0x5E, 0}, [LEAST] = {0, 0x5D, 0},
    [MOST] = {0, 0x5F, 0},     [ROOT] = {0, 0x51, 0},       [BOTH_BITS] = {1, 0x54, 0},   [OTHER_BITS] = {1, 0x57, 0},
    [ANY_BITS] = {1, 0x56, 0}, [NOT_FIRST_BITS] = {1, 0x55, 0}, [EQUAL] = {0, 0xC2, 0}, [IS_LESS] = {0, 0xC2, 0},
    [IS_LESS_EQUAL] = {0, 0xC2, 0}, [ADD_BITS] = {1, 0xD4, 0},
};

static void pass(Making *m, int i, int first, int count) {
  const Value *of = &m->value[m->order[i]];
  for (int k = first; k < count; k++) m->next[operand(of, k)] = m->after[3 * i + k];
}

#if W == 8
/* Into mask register 1, and from there all bits or none of each number. */
static void compare_wide(Making *m, int how, int to, int first, Where second) {
  m->trails = 1;
  instruction(m, PACKED, MAP_0F, 1, 0xC2, 1, first, second);
  m->trails = 0;
  put(m, how);
  instruction(m, PREFIX_F3, MAP_0F38, 1, 0x38, to, -1, (Where){1, -1});
}
#else
#define compare_wide(m, how, to, first, second) (void)0
#endif

static int write_pair(Making *m, int i) {
  const Value *of = &m->value[m->order[i]];
  int a = of->a, b = of->b, again_a = m->after[3 * i], again_b = m->after[3 * i + 1];
  if (CODES[of->kind].commutes && (m->in[a] < 0 || again_a != NEVER) && m->in[b] >= 0 && (m->in[a] < 0 || again_b == NEVER)) {
    int kept = a;
    a = b;
    b = kept;
    kept = again_a;
    again_a = again_b;
    again_b = kept;
  }
  if (m->in[b] >= 0) m->locked |= 1u << m->in[b];
  int first = in_register(m, a), to;
  if (W == 1 && CODES[of->kind].packed && m->home[b] > -2) in_register(m, b); /* a slot of one number is not as wide */
  Where second = anywhere(m, b, again_b, i);
  pass(m, i, 0, 2);
#if FUSED
  m->locked = 0;
  leave_if_read(m, a);
  leave_if_read(m, b);
  to = take(m);
#else /* the result takes the place of the first operand */
  to = m->next[a] == NEVER && a != b ? first : take(m);
  move(m, to, first);
#endif
  int compares = of->kind >= EQUAL && of->kind <= IS_LESS_EQUAL;
  if (W == 8 && compares) compare_wide(m, of->kind - EQUAL, to, first, second);
  else {
    m->trails = compares;
    instruction(m, CODES[of->kind].packed ? PACKED : NUMBERS, MAP_0F, WIDE, CODES[of->kind].opcode, to, first, second);
    m->trails = 0;
    if (compares) put(m, of->kind - EQUAL);
  }
  forget(m, a);
  forget(m, b);
  return to;
}

/* c + a b and the like, by the form of the instruction in which the result takes the place of what is not read again. */
static int write_with_product(Making *m, int i) {
  const Value *of = &m->value[m->order[i]];
  static const unsigned char opcodes[] = {[PLUS] = 0x98, [LESS] = 0x9C, [MINUS] = 0x9A};
  int opcode = opcodes[of->kind] + (W == 1), a = of->a, b = of->b, c = of->c, to;
  int again[3];
  for (int k = 0; k < 3; k++) {
    int v = operand(of, k);
    again[k] = m->after[3 * i + k];
    if (m->in[v] >= 0) m->locked |= 1u << m->in[v];
  }
  for (int k = 0; k < 3; k++) anywhere(m, operand(of, k), again[k], i);
  if (m->in[a] < 0 && m->in[b] < 0) in_register(m, a); /* of the factors one may be in the memory */
  pass(m, i, 0, 3);
  int goes_a = m->in[a] >= 0 && m->next[a] == NEVER && a != b && a != c;
  int goes_b = m->in[b] >= 0 && m->next[b] == NEVER && a != b && b != c;
  int goes_c = m->in[c] >= 0 && m->next[c] == NEVER && c != a && c != b;
  int both_in = m->in[a] >= 0 && m->in[b] >= 0;
  if (!goes_c && goes_b && (!goes_a || m->in[a] < 0)) { /* b as a */
    int kept = a;
    a = b;
    b = kept;
    goes_a = 1;
  }
  if (goes_a && !goes_c && (both_in || m->in[c] >= 0)) {
    to = m->in[a];
    if (both_in) instruction(m, PACKED, MAP_0F38, 1, opcode + 0x10, to, m->in[b], (Where){m->in[c], m->home[c]});
    else instruction(m, PACKED, MAP_0F38, 1, opcode, to, m->in[c], (Where){-1, m->home[b]});
  } else {
    if (goes_c) to = m->in[c];
    else {
      to = take(m);
      if (m->in[c] >= 0) move(m, to, m->in[c]);
      else load_from(m, to, m->home[c]);
    }
    if (m->in[a] < 0) {
      int kept = a;
      a = b;
      b = kept;
    }
    instruction(m, PACKED, MAP_0F38, 1, opcode + 0x20, to, m->in[a], (Where){m->in[b], m->home[b]});
  }
  forget(m, a);
  forget(m, b);
  forget(m, c);
  return to;
}

#if W == 8
/* The result takes the place of the first operand. */
static int write_in_place(Making *m, int i, int opcode, int how) {
  const Value *of = &m->value[m->order[i]];
  int first = of->a;
  for (int k = 0; k < 3; k++)
    if (m->in[operand(of, k)] >= 0) m->locked |= 1u << m->in[operand(of, k)];
  int second = in_register(m, of->b);
  Where third = anywhere(m, of->c, m->after[3 * i + 2], i);
  pass(m, i, 0, 3);
  int to = m->in[first];
  if (to < 0 || m->next[first] != NEVER || first == of->b || first == of->c) {
    to = take(m);
    if (m->in[first] >= 0) move(m, to, m->in[first]);
    else load_from(m, to, m->home[first]);
  }
  m->trails = 1;
  instruction(m, PACKED, MAP_0F3A, 1, opcode, to, second, third);
  m->trails = 0;
  put(m, how);
  for (int k = 0; k < 3; k++) forget(m, operand(of, k));
  return to;
}
#else
#define write_in_place(m, i, opcode, how) 0
#endif

static int write_shift(Making *m, int i) {
  const Value *of = &m->value[m->order[i]];
  int from = in_register(m, of->a), which = of->kind == SHIFT_UP ? 6 : 2;
  pass(m, i, 0, 1);
  int to = take(m);
#if FUSED
  instruction(m, PACKED, MAP_0F, WIDE, 0x73, which, to, (Where){from, -1});
#else
  move(m, to, from);
  instruction(m, PACKED, MAP_0F, 0, 0x73, which, -1, (Where){to, -1});
#endif
  put(m, 52);
  forget(m, of->a);
  return to;
}

static int write_of_one(Making *m, int i) {
  const Value *of = &m->value[m->order[i]];
  int from = in_register(m, of->a);
  pass(m, i, 0, 1);
  int to = take(m);
  if (of->kind == COPY) move(m, to, from);
  else if (of->kind == GUESS) instruction(m, PACKED, MAP_0F38, WIDE, 0x4C, to, -1, (Where){from, -1});
  else if (of->kind == ROOT_GUESS) instruction(m, PACKED, MAP_0F38, WIDE, 0x4E, to, -1, (Where){from, -1});
  else instruction(m, NUMBERS, MAP_0F, WIDE, 0x51, to, W == 1 ? from : -1, (Where){from, -1});
  forget(m, of->a);
  return to;
}

/* All registers are those of the function that is called. */
static int write_call(Making *m, int i, const void *function) {
  const Value *of = &m->value[m->order[i]];
  int count = operands(of);
  pass(m, i, 0, count);
  for (int k = 0; count == 2 && k < 2; k++)
    if (m->home[operand(of, k)] == -1) keep(m, operand(of, k));
  for (int r = 0; r < REGISTERS; r++)
    if (m->held[r] >= 0 && m->next[m->held[r]] != NEVER) keep(m, m->held[r]);
  for (int k = 0; k < count; k++) {
    int v = operand(of, k);
    if (count == 1 && m->in[v] >= 0) move(m, 0, m->in[v]);
    else load_from(m, k, m->home[v]);
  }
  for (int r = 0; r < REGISTERS; r++)
    if (m->held[r] >= 0) leave_register(m, m->held[r]);
  for (int k = 0; k < count; k++) forget(m, operand(of, k));
  unsigned long long address = (unsigned long long)function;
  put(m, 0x48);
  put(m, 0xB8);
  put_four(m, (long long)(address & 0xffffffff));
  put_four(m, (long long)(address >> 32));
  put(m, 0xFF);
  put(m, 0xD0);
  point_to_windows(m);
  return 0;
}

/* --- functions that are called ------------------------------------------------------------------ */

#define ONE(name, expression) \
  static vec called_##name(vec a) { return expression; }
#define TWO(name, expression) \
  static vec called_##name(vec a, vec b) { return expression; }
TWO(POW, v_pow(a, b))
TWO(AND, v_select(v_equal(a, v_all(0.0)), v_all(0.0), 1.0 - v_truth(v_equal(b, v_all(0.0)))))
TWO(OR, v_select(v_equal(a, v_all(0.0)), 1.0 - v_truth(v_equal(b, v_all(0.0))), v_all(1.0)))
ONE(SIN, v_sin(a))
ONE(COS, v_cos(a))

static const void *function_of(int op) {
#define FUNCTION(name) \
  case name: return (const void *)called_##name
  switch (op) {
    FUNCTION(POW);
    FUNCTION(AND);
    FUNCTION(OR);
    FUNCTION(SIN);
    FUNCTION(COS);
    default: return 0;
  }
}

/* --- a tape ------------------------------------------------------------------------------------- */

static void write_value(Making *m, int i, const int *last) {
  int v = m->order[i], to;
  m->locked = 0;
  switch (m->value[v].kind) {
    case PLUS:
    case LESS:
    case MINUS: to = write_with_product(m, i); break;
    case CHOICE: to = write_in_place(m, i, 0x25, 0xCA); break;
    case MENDED: to = write_in_place(m, i, 0x54, 0); break;
    case SHIFT_UP:
    case SHIFT_DOWN: to = write_shift(m, i); break;
    case ROOT:
    case GUESS:
    case ROOT_GUESS:
    case COPY: to = write_of_one(m, i); break;
    case CALL: {
      const void *function = function_of(m->value[v].c);
      if (!function || m->part->times > 1) m->failed = 1; /* it would not keep the registers of what moves */
      to = write_call(m, i, function);
      break;
    }
    case POWER_OF_TWO: {
      int p = in_register(m, m->value[v].a);
      Where n = anywhere(m, m->value[v].b, m->after[3 * i + 1], i);
      pass(m, i, 0, 2);
      to = take(m);
      instruction(m, PACKED, MAP_0F38, 1, 0x2C, to, p, n);
      forget(m, m->value[v].a);
      forget(m, m->value[v].b);
      break;
    }
    default: to = write_pair(m, i);
  }
  hold(m, to, v);
  for (int slot = m->goes[v]; slot >= 0; slot = m->also[slot]) {
    if (last_read(m, slot, last) > i) continue; /* in the end */
    store_to(m, to, slot);
    if (m->home[v] == -1) m->home[v] = slot;
  }
  if (m->next[v] == NEVER) leave_register(m, v);
}

/* Of one case alone, or of W side by side. */
#if W == 1
#define MACHINE(name) hetsim_machine_##name##_alone
#else
#define MACHINE(name) hetsim_machine_##name
#endif

/* Values that a part is written out in, at most. */
static long long most_values(const Part *part) {
  long long count = part->names + POOL / COPIES + 1;
  for (long long i = 0; i < part->length; i++) {
    int op = part->code[i].op;
    count += is_function(op) ? FOR_FUNCTION : FOR_OTHERS;
  }
  return count * COPIES;
}

/* Numbers [int] and bytes of memory that it takes to write a part of a tape. */
long long MACHINE(work)(const Part *part) {
  return most_values(part) * (4 + 10 + 3 + 2 + 4) + 4LL * COPIES * part->names + 8;
}
long long MACHINE(room)(const Part *part) {
  return most_values(part) * LONGEST_CODE + POOL * CONSTANT_BYTES + 128 + POINTERS * 10;
}

/* --- what is repeated --------------------------------------------------------------------------- */


static void push_or_pop(Making *m, int opcode, int which) {
  if (which & 8) put(m, 0x41);
  put(m, opcode | (which & 7));
}
#define PUSH 0x50
#define POP 0x58

/* Registers that belong to who calls. */
static const unsigned char callers[] = {RBX, RBP, 13, 14, 15};
#define CALLERS(part) ((part)->times > 1 ? 5 : 1)

static void begin_function(Making *m) {
  for (int k = 0; k < CALLERS(m->part); k++) push_or_pop(m, PUSH, callers[k]);
  put_wide(m, 0x89, RDI, RBX); /* mov rbx, rdi */
  if (W == 8 && m->part->times == 1 && m->stride == 8 * W) choose_windows(m);
  point_to_windows(m);
  if (m->part->times == 1) return;
  for (int k = 0; k < m->part->moving; k++) pointer_of(m, m->part->by[k]);
  for (int k = 0; k < m->steps; k++) put_wide(m, 0x89, RBX, pointers[k]);
  put(m, 0xB8); /* mov eax, times */
  put_four(m, m->part->times);
}

static void end_function(Making *m, const unsigned char *again) {
  for (int k = 0; k < m->steps; k++) { /* add pointer, bytes */
    put_wide(m, 0x81, 0, pointers[k]);
    put_four(m, (long long)m->step[k] * m->stride);
  }
  if (m->part->times > 1) { /* dec eax; jnz again */
    put(m, 0xFF);
    put(m, 0xC8);
    put(m, 0x0F);
    put(m, 0x85);
    put_four(m, again - (m->at + 4));
  }
  if (FUSED) {
    put(m, 0xC5); /* vzeroupper */
    put(m, 0xF8);
    put(m, 0x77);
  }
  for (int k = CALLERS(m->part); k--;) push_or_pop(m, POP, callers[k]);
  put(m, 0xC3);
}

/* The machine code of a part of a tape into code[room], which starts on 64 bytes, and where its function begins into *start;
   how many bytes it takes, or 0 where it cannot be written so. */
long long MACHINE(code)(const Model *model, const Part *part, int lanes, unsigned char *code, long long room,
                        long long *start, int *work) {
  Making making = {.model = model, .part = part, .code = code, .end = code + room}, *m = &making;
  m->stride = 8 * lanes;
  m->slots = COPIES * model->slots;
  m->registers = COPIES * part->kept;
  m->names = COPIES * part->names;
  m->moving = m->slots + COPIES * part->moving;
  long long values = most_values(part);
  m->value = (Value *)work;
  work += 4 * values;
  int **of_values[] = {&m->goes, &m->needs, &m->order, &m->next, &m->in, &m->home, &m->missing, &m->ready, &m->waits, &m->goes_on};
  for (int k = 0; k < 10; k++, work += values) *of_values[k] = work;
  m->after = work;
  work += 3 * values;
  m->stack = work;
  work += 2 * values;
  m->reader = work;
  work += 3 * values;
  m->readers = work;
  work += values + 1;
  int **of_slots[] = {&m->now, &m->given, &m->also, &m->free_slots};
  for (int k = 0; k < 4; k++, work += m->names) *of_slots[k] = work;
  for (int slot = 0; slot < m->names; slot++) m->now[slot] = m->given[slot] = m->also[slot] = -1;
  for (int r = 0; r < REGISTERS; r++) m->held[r] = -1;
  for (const Instruction *at = part->code; at->op != END && !m->failed; at++)
    for (m->copy = 0; m->copy < COPIES; m->copy++) write_out(m, at);
  if (m->failed) return 0;
  count_needs(m);
  /* what is left in slots, in the order in which the tape leaves it there */
  for (int slot = m->moving - 1; slot >= 0; slot--) {
    int v = m->now[slot];
    if (v < 0 || v == m->given[slot] || !is_kept(m, slot)) continue;
    m->also[slot] = m->goes[v];
    m->goes[v] = slot;
  }
  int first = 0; /* of the second copy */
  for (int copy = 0; copy < COPIES; copy++) {
    if (copy == 1) first = m->ordered;
    for (int v = 0; v < m->count; v++) {
      if (m->goes[v] < 0 || m->goes[v] % COPIES != copy) continue;
      if (m->value[v].kind <= OF_POOL) return 0;
      put_in_order(m, v);
    }
  }
  if (COPIES == 2) take_turns(m, first);
  interleave(m);
  int *last = m->needs; /* which nobody needs any more */
  for (int v = 0; v < m->count; v++) last[v] = m->in[v] = -1;
  for (int i = 0; i < m->ordered; i++)
    for (int k = 0; k < operands(&m->value[m->order[i]]); k++) last[operand(&m->value[m->order[i]], k)] = i;
  for (int i = 0; i < m->ordered; i++) {
    int v = m->order[i];
    for (int slot = m->goes[v]; slot >= 0; slot = m->also[slot])
      if (last_read(m, slot, last) > i) m->next[v] = m->ordered;
  }
  look_ahead(m);
  m->at = code + (m->constants * CONSTANT_BYTES + 63) / 64 * 64;
  *start = m->at - code;
  begin_function(m);
  const unsigned char *again = m->at;
  for (int i = 0; i < m->ordered && !m->failed; i++) write_value(m, i, last);
  for (int i = 0; i < m->ordered && !m->failed; i++) {
    int v = m->order[i];
    for (int slot = m->goes[v]; slot >= 0; slot = m->also[slot]) {
      if (last_read(m, slot, last) <= i) continue;
      m->locked = 0;
      store_to(m, in_register(m, v), slot);
    }
  }
  end_function(m, again);
  if (m->failed) return 0;
  for (int k = 0; k < m->constants; k++)
    for (int w = 0; w < CONSTANT_BYTES / 8; w++) __builtin_memcpy(code + k * CONSTANT_BYTES + 8 * w, &m->pool[k], 8);
  return m->at - code;
}

#endif
