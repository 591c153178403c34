/* The order in which values are computed. */

/* The operands of a value, that which takes most registers first. */
static int by_needs(const Making *m, const Value *of, int *sorted) {
  int count = operands(of);
  for (int k = 0; k < count; k++) {
    int place = k, one = operand(of, k);
    while (place > 0 && m->needs[sorted[place - 1]] < m->needs[one]) {
      sorted[place] = sorted[place - 1];
      place--;
    }
    sorted[place] = one;
  }
  return count;
}

static void count_needs(Making *m) {
  for (int v = 0; v < m->count; v++) {
    int sorted[3], count = by_needs(m, &m->value[v], sorted), most = count > 0;
    for (int k = 0; k < count; k++)
      if (m->needs[sorted[k]] + k > most) most = m->needs[sorted[k]] + k;
    m->needs[v] = most;
  }
}

/* A value after all that it reads, each once; `in` says what is in the order. */
static void put_in_order(Making *m, int wanted) {
  int depth = 0;
  m->stack[0] = wanted;
  m->stack[1] = 0;
  while (depth >= 0) {
    int v = m->stack[2 * depth], sorted[3], count = by_needs(m, &m->value[v], sorted), k = m->stack[2 * depth + 1]++;
    if (m->in[v] >= 0 || count == 0) depth--;
    else if (k < count) {
      depth++;
      m->stack[2 * depth] = sorted[k];
      m->stack[2 * depth + 1] = 0;
    } else {
      m->in[v] = m->ordered;
      m->order[m->ordered++] = v;
      depth--;
    }
  }
}

/* The values of both copies in turn; those of the second one stand from `first` on. */
static void take_turns(Making *m, int first) {
  int one = 0, other = first, count = 0;
  while (one < first || other < m->ordered) {
    if (one < first) m->stack[count++] = m->order[one++];
    if (other < m->ordered) m->stack[count++] = m->order[other++];
  }
  for (int i = 0; i < count; i++) m->order[i] = m->stack[i];
}

/* A heap of places, the least key first. */
static void heap_add(int *heap, int *size, const int *key, int one) {
  int at = (*size)++;
  while (at > 0 && key[heap[(at - 1) / 2]] > key[one]) {
    heap[at] = heap[(at - 1) / 2];
    at = (at - 1) / 2;
  }
  heap[at] = one;
}
static int heap_take(int *heap, int *size, const int *key) {
  int least = heap[0], one = heap[--*size], at = 0;
  for (;;) {
    int child = 2 * at + 1;
    if (child >= *size) break;
    if (child + 1 < *size && key[heap[child + 1]] < key[heap[child]]) child++;
    if (key[heap[child]] >= key[one]) break;
    heap[at] = heap[child];
    at = child;
  }
  heap[at] = one;
  return least;
}

/* Half cycles until a result is there. */
static int latency(int kind) {
  switch (kind) {
    case QUOTIENT: return W == 8 ? 48 : 28;
    case ROOT: return W == 8 ? 64 : 40;
    case GUESS:
    case ROOT_GUESS: return 14;
    case POWER_OF_TWO: return 16;
    case CALL: return 120;
    case EQUAL:
    case IS_LESS:
    case IS_LESS_EQUAL: return W == 8 ? 14 : 2;
    case LEAST:
    case MOST: return W == 8 ? 8 : 2;
    case BOTH_BITS:
    case OTHER_BITS:
    case ANY_BITS:
    case NOT_FIRST_BITS:
    case ADD_BITS:
    case SHIFT_UP:
    case SHIFT_DOWN:
    case COPY: return 2;
    default: return 8;
  }
}

/* The processor looks some dozens of operations ahead for one that waits for no other. Here the order is changed so that
   it finds them: of the next WINDOW operations always the first one that is ready. Wide vectors are computed at two
   places of the processor alone, and have many registers: there, the end waits for few of many operations, and what it
   waits for longest goes first: half a cycle counts as much as PER_PLACE places. */
#define WINDOW (W == 8 ? 3000 : COPIES == 2 ? 100 : 200)
#define PER_PLACE 2
static void interleave(Making *m) {
  const int n = m->ordered;
  int waiting = 0, going = 0, seen = 0, base = 0, now = 0, *place = m->needs, *issued = m->in, *made = m->stack, made_count = 0;
  for (int v = 0; v < m->count; v++) place[v] = -1;
  for (int i = 0; i < n; i++) place[m->order[i]] = i;
  for (int v = 0; v <= m->count; v++) m->readers[v] = 0;
  for (int i = 0; i < n; i++)
    for (int k = 0; k < operands(&m->value[m->order[i]]); k++) m->readers[operand(&m->value[m->order[i]], k) + 1]++;
  for (int v = 0; v < m->count; v++) m->readers[v + 1] += m->readers[v];
  for (int i = 0; i < n; i++) {
    const Value *of = &m->value[m->order[i]];
    m->missing[i] = m->ready[i] = issued[i] = 0;
    for (int k = 0; k < operands(of); k++) {
      m->reader[m->readers[operand(of, k)]++] = i;
      m->missing[i] += place[operand(of, k)] >= 0;
    }
  }
  for (int v = m->count; v > 0; v--) m->readers[v] = m->readers[v - 1];
  m->readers[0] = 0;
  int *key = m->after; /* places, or places less what is left to do */
  for (int i = n - 1; i >= 0; i--) {
    int v = m->order[i], left = 0;
    key[i] = i;
    if (W < 8) continue;
    for (int k = m->readers[v]; k < m->readers[v + 1]; k++) {
      int of_reader = (m->reader[k] - key[m->reader[k]]) / PER_PLACE;
      if (of_reader > left) left = of_reader;
    }
    key[i] -= PER_PLACE * (left + latency(m->value[v].kind));
  }
  while (made_count < n) {
    for (; seen < n && (seen < base + WINDOW || !(waiting || going)); seen++)
      if (m->missing[seen] == 0) heap_add(m->waits, &waiting, m->ready, seen);
    if (!going && m->ready[m->waits[0]] > now) now = m->ready[m->waits[0]];
    while (waiting && m->ready[m->waits[0]] <= now) {
      int one = heap_take(m->waits, &waiting, m->ready);
      heap_add(m->goes_on, &going, key, one);
    }
    int one = heap_take(m->goes_on, &going, key), v = m->order[one];
    made[made_count++] = v;
    issued[one] = 1;
    int there = now + latency(m->value[v].kind);
    now += m->value[v].kind == CALL ? 40 : 1;
    for (int k = m->readers[v]; k < m->readers[v + 1]; k++) {
      int other = m->reader[k];
      if (there > m->ready[other]) m->ready[other] = there;
      if (--m->missing[other] == 0 && other < seen) heap_add(m->waits, &waiting, m->ready, other);
    }
    while (base < n && issued[base]) base++;
  }
  for (int i = 0; i < n; i++) m->order[i] = made[i];
}

/* Where each operand is read next. What a value is left in may be read after it: then it is put there in the end, and
   counts as read there. */
static void look_ahead(Making *m) {
  for (int i = m->ordered - 1; i >= 0; i--) {
    const Value *of = &m->value[m->order[i]];
    int count = operands(of);
    for (int k = 0; k < count; k++) m->after[3 * i + k] = m->next[operand(of, k)];
    for (int k = 0; k < count; k++) m->next[operand(of, k)] = i;
  }
}

/* The last place at which the number is read that stood in a slot before the tape. */
static int last_read(const Making *m, int slot, const int *last) {
  return m->given[slot] < 0 ? -1 : last[m->given[slot]];
}
