// The engine in WebAssembly, in a page or in node: a model written by scripts/export_tape.py, or a law by
// scripts/law_tape.py, run on the module of scripts/build_wasm.sh.
//
//     const engine = await Engine.from(bytes);            // of hetsim.wasm
//     const model = engine.model(tape);                   // of the JSON file
//     const answers = model.run({"Series resistance [Ohm.cm2]": [1, 10]}, chains);
//
// Nothing of the model stands here: names, order and layout in memory come with the file.

const SIZES = {i32: 4, i64: 8, f64: 8, pointer: 4, tape: 24};
const ALIGNED = {i32: 4, i64: 8, f64: 8, pointer: 4, tape: 8};
const TO_NEXT = 64; // bytes to which blocks are aligned

const WIDEST = 32; // lanes of hetsim_look

const up = (at, to) => Math.ceil(at / to) * to;

export const CODES = {
  NOT_REACHED: -1, CUT_OFF: 0, TIME_OVER: 1, IMPOSSIBLE: 2, TOO_MANY_STEPS: 3, TOO_SMALL_STEP: 4, NO_START: 5,
  NO_NUMBER: 6,
};

export class Engine {
  static async from(bytes) {
    const {instance} = await WebAssembly.instantiate(bytes);
    return new Engine(instance.exports);
  }

  constructor(exports) {
    this.exports = exports;
    this.free = up(exports.__heap_base.value, TO_NEXT);
    this.mark = this.free; // below it lie the models
  }

  get version() {
    return this.exports.hetsim_version();
  }

  // The address of a new block of memory.
  block(bytes) {
    const at = this.free;
    this.free = up(at + bytes, TO_NEXT);
    const {memory} = this.exports;
    const missing = this.free - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / 65536));
    return at;
  }

  doubles(at, count) {
    return new Float64Array(this.exports.memory.buffer, at, count);
  }

  integers(at, count) {
    return new Int32Array(this.exports.memory.buffer, at, count);
  }

  hold(numbers, kind = "f64") {
    const at = this.block(numbers.length * SIZES[kind]);
    (kind === "f64" ? this.doubles(at, numbers.length) : this.integers(at, numbers.length)).set(numbers);
    return at;
  }

  // The address of a structure of C.
  structure(layout, members) {
    return this.placed(layout, members).at;
  }

  // A structure of C and where each member lies; a tape is {code, length}.
  placed(layout, members) {
    let size = 0;
    const places = layout.map(([name, kind]) => {
      const at = up(size, ALIGNED[kind]);
      size = at + SIZES[kind];
      return [name, kind, at];
    });
    const start = this.block(size);
    const view = new DataView(this.exports.memory.buffer);
    const put = {
      i32: (at, x) => view.setInt32(at, x, true),
      i64: (at, x) => view.setBigInt64(at, BigInt(x), true),
      f64: (at, x) => view.setFloat64(at, x, true),
      pointer: (at, x) => view.setUint32(at, x, true),
      tape: (at, x) => { put.pointer(at, x.code); put.i64(at + 8, x.length); },
    };
    for (const [name, kind, at] of places) {
      if (!(name in members)) throw new Error(`The engine asks for '${name}', which is not given.`);
      put[kind](start + at, members[name]);
    }
    return {at: start, places: Object.fromEntries(places.map(([name, , at]) => [name, start + at]))};
  }

  model(file) {
    return new Model(this, this.fitting(file));
  }

  law(file) {
    return new Law(this, this.fitting(file));
  }

  fitting(file) {
    if (file.version !== this.version)
      throw new Error(`The file is for version ${file.version} of the engine, and this one is ${this.version}.`);
    return file;
  }
}

class Model {
  constructor(engine, file) {
    this.engine = engine;
    this.file = file;
    engine.free = engine.mark;
    const members = {};
    for (const [name, kind] of file.layout.Model) {
      const given = file.model[name];
      if (kind === "tape") members[name] = {code: engine.hold(given, "i32"), length: given.length / 5};
      else if (kind === "pointer") members[name] = engine.hold(given, ["diagonal", "which", "branch"].includes(name) ? "i32" : "f64");
      else members[name] = given;
    }
    this.at = engine.structure(file.layout.Model, members);
    engine.mark = engine.free;
  }

  // All segments of all chains.
  //   values: numbers by name in place of those of the file, one for all cases or a list of [cases]
  //   chains: {case_of: [chains], imposed: [chains * segments * (n + 1)], next: [segments * 3], save: [segments],
  //            back: [segments]}, as the class Chains of hetsim.engine.interpreter
  //   half: 1 for outputs at half of the time, too;  room: for accepted steps; with it the answers have a path
  // shown holds, of each segment, the outputs at its start, at half of its time (with half: 1) and at its end:
  // [chains * segments * 3 * outputs]; fixed what depends on the values of each case alone, for `look`.
  run(values, chains, {rtol = 1e-4, atol = 1e-4, lanes = 8, half = 0, room = 0} = {}) {
    const {engine, file} = this;
    engine.free = engine.mark; // what runs before have left is over
    const known = {...file.values, ...values};
    const columns = file.value_names.map((name) => [known[name]].flat());
    const cases = Math.max(...columns.map((column) => column.length));
    const count = chains.case_of.length, segments = chains.save.length, rows = count * segments;
    const {states, fixed, kept, outputs} = file.model;
    const sizes = {
      code: rows, event: rows, steps: rows, exact_steps: rows, time: rows, kept: rows * 2 * kept, shown: rows * 3 * outputs,
      state: count * states,
    };
    const whole = new Set(["code", "event", "steps", "exact_steps"]);
    const made = {};
    for (const [name, size] of Object.entries(sizes)) {
      made[name] = engine.hold(new Array(size).fill(whole.has(name) ? 0 : NaN), whole.has(name) ? "i32" : "f64");
    }
    engine.integers(made.code, rows).fill(CODES.NOT_REACHED);
    const atFixed = engine.block(8 * cases * Math.max(fixed, 1));
    const wide = 4 + states * (2 + file.model.dense);
    const atPath = room ? engine.block(8 * room * wide) : 0;
    const task = this.task({
      chains: count, cases, segments, longest: file.longest, rtol, atol,
      columns: engine.hold(columns.map((column) => engine.hold(column)), "i32"),
      stride: engine.hold(columns.map((column) => Number(column.length > 1)), "i32"),
      fixed: atFixed,
      case_of: engine.hold(chains.case_of, "i32"),
      imposed: engine.hold(chains.imposed),
      next: engine.hold(chains.next, "i32"),
      save: engine.hold(chains.save, "i32"),
      back: engine.hold(chains.back, "i32"),
      look: 1, half, exact: Number(file.model.nearly_poles > 0 && !room), path: atPath, room, entered: 0, lenient: 0, ...made,
    });
    const {hetsim_memory, hetsim_prepare, hetsim_run} = engine.exports;
    const memory = engine.block(8 * Number(hetsim_memory(this.at, task.at, lanes)));
    hetsim_prepare(this.at, task.at, 0n, BigInt(cases), atFixed, memory, lanes);
    hetsim_run(this.at, task.at, 0n, BigInt(count), memory, lanes);
    const recorded = Number(task.view().getBigInt64(task.places.recorded, true));
    if (recorded > room && room) return this.run(values, chains, {rtol, atol, lanes, half, room: recorded});
    const answers = {fixed: engine.doubles(atFixed, cases * fixed).slice()};
    for (const [name, size] of Object.entries(sizes)) {
      answers[name] = (whole.has(name) ? engine.integers(made[name], size) : engine.doubles(made[name], size)).slice();
    }
    if (room) answers.path = new Path(engine.doubles(atPath, recorded * wide).slice(), wide, states);
    return answers;
  }

  // A Task of the C file with zero for all that is not given.
  task(members) {
    const {engine, file} = this;
    const none = Object.fromEntries(file.layout.Task.map(([name]) => [name, 0]));
    const {at, places} = engine.placed(file.layout.Task, {...none, ...members});
    return {at, places, view: () => new DataView(engine.exports.memory.buffer)};
  }

  // What is looked at and what is kept of some states of one case: [rows * (outputs + kept)].
  //   fixed: of the case, as `run` answers it;  imposed: the same at all rows;  rows: [rows * states]
  look(fixed, imposed, rows) {
    const {engine, file} = this;
    engine.free = engine.mark;
    const {states, outputs, kept} = file.model;
    const count = rows.length / states, all = new Float64Array(count * imposed.length);
    for (let k = 0; k < count; k++) all.set(imposed, k * imposed.length);
    const found = engine.block(8 * count * (outputs + kept));
    const given = [engine.hold(fixed), engine.hold(new Int32Array(count), "i32"), engine.hold(all), engine.hold(rows)];
    const task = this.task({longest: 1});
    const {hetsim_memory, hetsim_look} = engine.exports;
    const memory = engine.block(8 * Number(hetsim_memory(this.at, task.at, WIDEST)));
    hetsim_look(this.at, ...given, BigInt(count), found, memory);
    return engine.doubles(found, count * (outputs + kept)).slice();
  }
}

// A law: its arguments stand where a model has its states, its results where it has what is looked at.
class Law extends Model {
  // Results by name, each [rows] or, of a result that has several values, a list of rows.
  //   columns: one number for all rows or a list of [rows] for each argument, in their order
  of(...columns) {
    const {arguments: names, results, model: {outputs}} = this.file;
    if (columns.length !== names.length) throw new Error(`A law takes ${names.join(", ")}.`);
    const count = Math.max(...columns.map((column) => column.length ?? 1));
    const rows = new Float64Array(count * names.length);
    columns.forEach((column, k) => {
      for (let row = 0; row < count; row++) rows[row * names.length + k] = column.length ? column[row] : column;
    });
    const found = this.look([], [], rows), answers = {};
    let first = 0;
    for (const [name, length] of results) {
      const start = first;
      answers[name] = Array.from({length: count}, (_, row) => {
        const at = row * outputs + start;
        return length === 1 ? found[at] : found.subarray(at, at + length);
      });
      first += length;
    }
    return answers;
  }
}

// Accepted steps of all chains; the counterpart of the class Path of hetsim.engine.interpreter.
class Path {
  constructor(rows, wide, states) {
    Object.assign(this, {rows, wide, states});
  }

  // The steps of one segment, in the order of time.
  part(chain, segment = 0) {
    const {rows, wide} = this, found = [];
    for (let at = 0; at < rows.length; at += wide) {
      if (rows[at] === chain && rows[at + 1] === segment) found.push(rows.subarray(at, at + wide));
    }
    return found.sort((one, other) => one[2] - other[2]);
  }

  // States at rising times of one segment: [times * states].
  statesAt(chain, times, segment = 0) {
    const {states} = this, steps = this.part(chain, segment), found = new Float64Array(times.length * states);
    const dense = (this.wide - 4) / states - 2;
    let step = 0;
    times.forEach((time, row) => {
      while (step + 1 < steps.length && steps[step + 1][2] <= time) step++;
      const one = steps[step], share = Math.min((time - one[2]) / one[3], 1);
      for (let i = 0; i < states; i++) {
        const first = one[4 + i], last = one[4 + states + i];
        let bend = 0;
        for (let k = dense - 1; k >= 0; k--) bend = one[4 + (2 + k) * states + i] + share * bend;
        found[row * states + i] = (1 - share) * first + share * (last + (1 - share) * bend);
      }
    });
    return found;
  }
}
