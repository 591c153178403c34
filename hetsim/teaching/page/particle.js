// Runs of the particle of scenes 2 to 5 on the engine: one size, R^2/D = 1 h, core and shell in a static field.
//
// A case is {v, l, core}: built-in potential [RT/F], Debye length over radius, core radius over radius.

const HOUR = 3600;
const CORE = 0.7; // of scenes 2 to 4, as in experiments/_particle.py

class Particle {
  constructor(engine, data) {
    this.file = data.models.particle;
    this.model = engine.model(this.file);
    this.rest = engine.law(data.laws.rest);
    const {values, active_mass: mass} = this.file;
    this.full = values["Specific capacity [mA.h.g-1]"] * mass * 1e-3; // [A.h]
  }

  get thermalVoltage() {
    return this.file.thermal_voltage; // [V]
  }

  // Profiles in equilibrium with surfaces of some log-odds: the results of the law "rest".
  atSurface(cases, odds) {
    return this.rest.of(odds, cases.map((c) => c.v), cases.map((c) => c.l), cases.map((c) => c.core ?? CORE));
  }

  // Log-odds of the surfaces at rest at some mean occupancies. What is asked for several times is looked for once.
  surfaces(cases, means) {
    const key = (k) => [cases[k].v, cases[k].l, cases[k].core, means[k]].join();
    const first = new Map(cases.map((_, k) => [key(k), k])), unlike = [...first.values()];
    const asked = unlike.map((k) => cases[k]), goals = unlike.map((k) => logOdds(means[k]));
    const bound = (way) => goals.map((goal, k) => goal + way * (Math.abs(asked[k].v) + 1e-6));
    const miss = (at) => this.atSurface(asked, at).mean.map((mean, k) => logOdds(mean) - goals[k]);
    const found = roots(miss, bound(-1), bound(1));
    const places = new Map(unlike.map((k, place) => [key(k), place]));
    return cases.map((_, k) => found[places.get(key(k))]);
  }

  // Profile at rest at a mean occupancy.
  atMean(one, mean) {
    const found = this.atSurface([one], this.surfaces([one], [mean]));
    return Object.fromEntries(Object.entries(found).map(([name, rows]) => [name, rows[0]]));
  }

  // Constant currents from rest to the cut-off of their direction.
  //   runs: [{v, l, core, rate}], rate in C, positive inserts;  room: for a path, 0 without
  // Returns, of each, {ended, share} and with a path what `Run` shows.
  currents(runs, {path = false, duration} = {}) {
    const {file, model} = this;
    const means = runs.map((run) => run.mean ?? (run.rate > 0 ? file.extracted : file.inserted));
    const start = this.surfaces(runs, means).map((odds) => 1 / (1 + Math.exp(-odds)));
    const radius = file.radius, lengths = runs.map((run) => run.l * radius);
    const values = {
      "Built-in potential [V]": runs.map((run) => run.v * this.thermalVoltage),
      "Core Debye length [m]": lengths,
      "Shell Debye length [m]": lengths,
      "Core radius fraction": runs.map((run) => run.core ?? CORE),
      "Initial surface occupancy": start,
    };
    const rows = runs.map((run) => this.imposed(run.rate, duration));
    const answers = model.run(values, {
      case_of: runs.map((_, k) => k), imposed: rows.flat(), next: [-1, -1, -1], save: [0], back: [0],
    }, {rtol: 5e-5, atol: 5e-5, lanes: runs.length > 8 ? 32 : 8, room: path ? 80 * runs.length : 0});
    return runs.map((run, k) => new Run(this, run, k, answers, rows[k].slice(0, -1)));
  }

  // What is imposed at a current [C]: the current [A], both cut-offs [V] and the longest time [s].
  imposed(rate, duration) {
    const {file} = this, inserts = rate > 0, {beyond} = file;
    const low = file.values["Lower voltage cut-off [V]"] - (inserts ? 0 : beyond);
    const high = file.values["Upper voltage cut-off [V]"] + (inserts ? beyond : 0);
    const of = {"Current function [A]": rate * this.full, "Lower voltage cut-off [V]": low, "Upper voltage cut-off [V]": high};
    return [...file.imposed_names.map((name) => of[name]), duration ?? 2 * HOUR / Math.abs(rate)];
  }
}

// One constant current that was solved.
class Run {
  constructor(particle, run, number, answers, imposed) {
    const {file} = particle;
    Object.assign(this, {particle, run, number, answers, imposed});
    this.time = answers.code[number] === CODES.IMPOSSIBLE ? 0 : answers.time[number]; // [s]
    this.share = this.time / HOUR * Math.abs(run.rate); // of the sites
    this.end = answers.state.subarray(number * file.model.states, (number + 1) * file.model.states);
  }

  get profileAtEnd() {
    return this.end.subarray(...this.particle.file.profile);
  }

  // Along the time, at some shares of it: share of the sites passed, voltage [V], profiles.
  along(shares) {
    const {file, model} = this.particle, {states, fixed, outputs, kept} = file.model;
    const times = shares.map((one) => one * this.time);
    const rows = this.answers.path.statesAt(this.number, times);
    const of = this.answers.fixed.subarray(this.number * fixed, (this.number + 1) * fixed);
    const seen = model.look(of, this.imposed, rows);
    const width = outputs + kept;
    const [first, last] = file.profile;
    return {
      share: times.map((time) => time / HOUR * Math.abs(this.run.rate)),
      time: times,
      voltage: times.map((_, k) => seen[k * width]),
      profiles: times.map((_, k) => rows.subarray(k * states + first, k * states + last)),
    };
  }
}

// Shares of a step, dense at both ends, where its voltage is steep.
const ENDS = Array.from({length: 121}, (_, k) => (1 - Math.cos(Math.PI * k / 120)) / 2);
