// The engine in WebAssembly, in a page or in node: a model written by scripts/export_tape.py, run on the module of
// scripts/build_wasm.sh.
//
//     const engine = await Engine.from(bytes);            // of hetsim.wasm
//     const model = engine.model(tape);                   // of the JSON file
//     const answers = model.run({"Series resistance [Ohm.cm2]": [1, 10]}, chains);
//
// Nothing of the model stands here: names, order and layout in memory come with the file.

const SIZES = {i32: 4, i64: 8, f64: 8, pointer: 4, tape: 16};
const ALIGNED = {i32: 4, i64: 8, f64: 8, pointer: 4, tape: 8};
const TO_NEXT = 64; // bytes to which blocks are aligned

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

  // A structure of C; a tape is {code, length}.
  structure(layout, members) {
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
    return start;
  }

  model(file) {
    if (file.version !== this.version)
      throw new Error(`The file is for version ${file.version} of the engine, and this one is ${this.version}.`);
    return new Model(this, file);
  }
}

class Model {
  constructor(engine, file) {
    this.engine = engine;
    this.file = file;
    const members = {};
    for (const [name, kind] of file.layout.Model) {
      const given = file.model[name];
      if (kind === "tape") members[name] = {code: engine.hold(given, "i32"), length: given.length / 4};
      else if (kind === "pointer") members[name] = engine.hold(given, ["diagonal", "which"].includes(name) ? "i32" : "f64");
      else members[name] = given;
    }
    this.at = engine.structure(file.layout.Model, members);
    this.mark = engine.free;
  }

  // All segments of all chains.
  //   values: numbers by name in place of those of the file, one for all cases or a list of [cases]
  //   chains: {case_of: [chains], imposed: [chains * segments * (n + 1)], next: [segments * 3], save: [segments],
  //            back: [segments]}, as the class Chains of hetsim.engine.interpreter
  //   shown holds, of each segment, the outputs at its start, at half of its time (with
  //   half: 1) and at its end: [chains * segments * 3 * outputs]
  run(values, chains, {rtol = 1e-4, atol = 1e-4, lanes = 8, half = 0} = {}) {
    const {engine, file} = this;
    engine.free = this.mark; // what runs before have left is over
    const columns = file.value_names.map((name) => [values[name] ?? file.values[name]].flat());
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
    const task = engine.structure(file.layout.Task, {
      chains: count, cases, segments, longest: file.longest, rtol, atol,
      columns: engine.hold(columns.map((column) => engine.hold(column)), "i32"),
      stride: engine.hold(columns.map((column) => Number(column.length > 1)), "i32"),
      fixed: atFixed,
      case_of: engine.hold(chains.case_of, "i32"),
      imposed: engine.hold(chains.imposed),
      next: engine.hold(chains.next, "i32"),
      save: engine.hold(chains.save, "i32"),
      back: engine.hold(chains.back, "i32"),
      begin: 0, look: 1, half, exact: Number(file.model.nearly_poles > 0), path: 0, room: 0, recorded: 0, ...made,
    });
    const {hetsim_memory, hetsim_prepare, hetsim_run} = engine.exports;
    const memory = engine.block(8 * Number(hetsim_memory(this.at, task, lanes)));
    hetsim_prepare(this.at, task, 0n, BigInt(cases), atFixed, memory, lanes);
    hetsim_run(this.at, task, 0n, BigInt(count), memory, lanes);
    const answers = {};
    for (const [name, size] of Object.entries(sizes)) {
      answers[name] = (whole.has(name) ? engine.integers(made[name], size) : engine.doubles(made[name], size)).slice();
    }
    return answers;
  }
}
