/* The bytes of instructions on x86-64, and the addresses of what they read and write. Included by machine_code.h. */

static void put(Making *m, int one) {
  if (m->at < m->end) *m->at++ = (unsigned char)one;
  else m->failed = 1;
}
static void put_four(Making *m, long long number) {
  for (int k = 0; k < 4; k++) put(m, (int)(number >> (8 * k)) & 255);
}

/* Where an operand is: a register, or a slot or constant as `home` has it. */
typedef struct {
  int in, home;
} Where;

enum { NO_PREFIX, PREFIX_66, PREFIX_F3, PREFIX_F2 };
enum { MAP_0F = 1, MAP_0F38, MAP_0F3A };
#define PACKED PREFIX_66
#define NUMBERS (W == 1 ? PREFIX_F2 : PREFIX_66)

/* Registers of addresses: of the memory, and of what moves, those with short names first. Number 12 would ask for
   another byte. */
enum { RAX, RCX, RDX, RBX, RBP = 5, RSI, RDI };
static const unsigned char pointers[POINTERS] = {RSI, RDI, RDX, RCX, RBP, 8, 9, 10, 11, 13, 14, 15};

/* The register that the place of an operand is counted from, and its slot as counted from there. */
static int pointer_of(Making *m, int step) {
  int k = 0;
  while (k < m->steps && m->step[k] != step) k++;
  if (k == POINTERS) {
    m->failed = 1;
    return RBX;
  }
  if (k == m->steps) m->step[m->steps++] = step;
  return pointers[k];
}
/* The register that points near to a slot of eight numbers; 0 where none does. */
static int window_of(const Making *m, int home) {
  return W == 8 && home >= 0 && home < m->slots && home / IN_WINDOW < WINDOWS ? m->window[home / IN_WINDOW] : 0;
}
static int base_of(Making *m, int home) {
  if (home <= -2) return 0;
  if (window_of(m, home)) return window_of(m, home);
  return home < m->slots ? RBX : pointer_of(m, m->part->by[home / COPIES - m->model->slots]);
}
static int slot_of(const Making *m, int home) {
  return home < m->slots ? home / COPIES : m->part->slot[home / COPIES - m->model->slots];
}

static void put_modrm(Making *m, int reg, Where rm) {
  reg &= 7;
  if (rm.in >= 0) {
    put(m, 0xC0 | reg << 3 | (rm.in & 7));
  } else if (rm.home <= -2) { /* relative to the next instruction */
    put(m, reg << 3 | 5);
    put_four(m, m->code + (long long)(-2 - rm.home) * CONSTANT_BYTES - (m->at + 4 + m->trails));
  } else if (window_of(m, rm.home)) { /* in units of a slot */
    put(m, 0x40 | reg << 3 | (window_of(m, rm.home) & 7));
    put(m, (rm.home % IN_WINDOW - IN_WINDOW / 2) & 255);
  } else {
    long long offset = (long long)slot_of(m, rm.home) * m->stride + rm.home % COPIES * 8 * W;
    int near = offset < 128 && W != 8;
    put(m, (near ? 0x40 : 0x80) | reg << 3 | (base_of(m, rm.home) & 7));
    if (near) put(m, (int)offset);
    else put_four(m, offset);
  }
}

#define SPREAD 0x19 /* one number of the memory to all places of a register */

/* One instruction: result or first operand, second operand (-1 for none), and what may be in the memory. */
static void instruction(Making *m, int prefix, int map, int wide, int opcode, int reg, int second, Where rm) {
  int far = rm.in >= 0 ? rm.in : base_of(m, rm.home), other = second < 0 ? 0 : second;
#if W == 8
  put(m, 0x62);
  put(m, (reg & 8 ? 0 : 0x80) | (far & 16 ? 0 : 0x40) | (far & 8 ? 0 : 0x20) | (reg & 16 ? 0 : 0x10) | map);
  put(m, wide << 7 | (~other & 15) << 3 | 4 | prefix);
  int spreads = rm.in < 0 && rm.home <= -2 && !(map == MAP_0F38 && opcode == SPREAD); /* a constant stands there once */
  put(m, 0x40 | (spreads ? 0x10 : 0) | (other & 16 ? 0 : 8));
#elif FUSED
  int lanes = W == 4 ? 4 : 0;
  if (map == MAP_0F && !wide && far < 8) {
    put(m, 0xC5);
    put(m, (reg & 8 ? 0 : 0x80) | (~other & 15) << 3 | lanes | prefix);
  } else {
    put(m, 0xC4);
    put(m, (reg & 8 ? 0 : 0x80) | 0x40 | (far & 8 ? 0 : 0x20) | map);
    put(m, wide << 7 | (~other & 15) << 3 | lanes | prefix);
  }
#else
  (void)map, (void)wide, (void)other;
  if (prefix) put(m, prefix == PREFIX_66 ? 0x66 : prefix == PREFIX_F2 ? 0xF2 : 0xF3);
  if ((reg | far) & 8) put(m, 0x40 | (reg & 8) >> 1 | (far & 8) >> 3);
  put(m, 0x0F);
#endif
  put(m, opcode);
  put_modrm(m, reg, rm);
}

#define WIDE (W == 8)
static void move(Making *m, int to, int from) {
  if (to != from) instruction(m, PACKED, MAP_0F, WIDE, 0x28, to, -1, (Where){from, -1});
}
static void load_from(Making *m, int to, int home) {
  if (W == 8 && home <= -2) {
    instruction(m, PACKED, MAP_0F38, 1, SPREAD, to, -1, (Where){-1, home});
    return;
  }
  int packed = W > 1 || home <= -2;
  instruction(m, packed ? PACKED : PREFIX_F2, MAP_0F, WIDE, packed ? 0x28 : 0x10, to, -1, (Where){-1, home});
}
static void store_to(Making *m, int from, int home) {
  instruction(m, NUMBERS, MAP_0F, WIDE, W > 1 ? 0x29 : 0x11, from, -1, (Where){-1, home});
}

/* An operation of a register of 64 bits on another one or on itself. */
static void put_wide(Making *m, int opcode, int reg, int rm) {
  put(m, 0x48 | (rm & 8) >> 3);
  put(m, opcode);
  put(m, 0xC0 | reg << 3 | (rm & 7));
}

/* Pieces of the memory in which a part has most to do get a register that points to their middle: their addresses are
   three bytes shorter, and much of the code of a long tape is read once and no more. */
static void point_to_windows(Making *m) {
  for (int k = 0; k < WINDOWS; k++) {
    if (!m->window[k]) continue;
    put_wide(m, 0x89, RBX, m->window[k]); /* mov pointer, rbx; add pointer, bytes */
    put_wide(m, 0x81, 0, m->window[k]);
    put_four(m, (long long)(k * IN_WINDOW + IN_WINDOW / 2) * m->stride);
  }
}
static void count_slot(const Making *m, int *used, int slot) {
  if (slot >= 0 && slot < m->slots && slot / IN_WINDOW < WINDOWS) used[slot / IN_WINDOW]++;
}
static void choose_windows(Making *m) {
  static const unsigned char free[] = {RSI, RDI, RDX, RCX, 8, 9, 10, 11};
  int used[WINDOWS] = {0};
  if (m->registers / IN_WINDOW < WINDOWS) used[m->registers / IN_WINDOW] = m->ordered / 4; /* what has no register */
  for (int i = 0; i < m->ordered; i++) {
    const Value *of = &m->value[m->order[i]];
    for (int k = 0; k < operands(of); k++) count_slot(m, used, m->home[operand(of, k)]);
    for (int slot = m->goes[m->order[i]]; slot >= 0; slot = m->also[slot]) count_slot(m, used, slot);
  }
  for (int r = 0; r < (int)sizeof free; r++) {
    int most = 0;
    for (int k = 1; k < WINDOWS; k++)
      if (used[k] > used[most]) most = k;
    if (!used[most]) return;
    m->window[most] = free[r];
    used[most] = 0;
  }
}
