// The page: one scene at a time, its state in the address, and the numbers that a test reads.
//
// A scene is {id, title, question, prediction, controls, figures, law, source, sentence, experiment, show}, where
// show(state, figures, guess, again) draws the figures and returns {numbers: [[name, text]], raw: {name: number}, told};
// `again` shows the scene once more, where something is computed a piece at a time. `follow` holds, by the key of a
// control, what other values it brings with it.

const BETWEEN = 320; // [ms] between two changes of the address; Safari allows a hundred in 30 s

class Page {
  constructor(scenes, gallery) {
    Object.assign(this, {scenes, gallery, guesses: {}, states: {}, next: 0, waiting: 0});
    window.addEventListener("pagehide", () => this.replace());
    this.main = document.querySelector("main");
    for (const one of scenes) this.states[one.id] = this.defaults(one);
    this.read();
    window.addEventListener("hashchange", () => {
      this.met = location.hash;
      if (this.met !== this.written) { this.read(); this.open(); }
    });
    let waiting = 0;
    new ResizeObserver(() => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => this.resize());
    }).observe(document.body);
    document.querySelector("#theme").addEventListener("click", () => this.turnTheme());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.tellTheme());
    this.applyTheme();
    this.open();
  }

  defaults(scene) {
    return Object.fromEntries(scene.controls.filter((one) => one.key).map((one) => [one.key, one.def]));
  }

  get scene() {
    return this.scenes[this.at];
  }

  get state() {
    return this.states[this.scene.id];
  }

  // --- the address --------------------------------------------------------------------------------

  read() {
    this.met = location.hash;
    const given = new URLSearchParams(location.hash.slice(1));
    const number = Number(given.get("scene") ?? 1);
    this.at = Number.isInteger(number) ? Math.min(Math.max(number, 1), this.scenes.length) - 1 : 0;
    const {scene} = this, state = this.defaults(scene); // an address is all of a state: what it leaves out is as usual
    this.states[scene.id] = state;
    for (const spec of scene.controls) {
      if (!spec.key || !given.has(spec.key)) continue;
      const value = Number(given.get(spec.key));
      const fits = spec.options ? spec.options.some(([one]) => one === value) : value >= spec.min && value <= spec.max;
      if (given.get(spec.key) !== "" && fits) state[spec.key] = value;
    }
    this.given = given.has("g") ? given.get("g").split("_").map(Number) : [];
    this.theme = ["dark", "light"].includes(given.get("theme")) ? given.get("theme") : undefined;
  }

  write() {
    const guess = this.guesses[this.scene.id];
    const parts = [`scene=${this.at + 1}`, ...Object.entries(this.state).map(([key, value]) => `${key}=${value}`)];
    if (guess) parts.push(`g=${guess.join("_")}`);
    if (this.theme) parts.push(`theme=${this.theme}`);
    this.written = `#${parts.join("&")}`;
    const rest = this.next - performance.now();
    clearTimeout(this.waiting);
    if (rest > 0) this.waiting = setTimeout(() => this.replace(), rest);
    else this.replace();
  }

  replace() {
    if (this.written === location.hash) return;
    if (this.met !== location.hash) return; // a link was followed and is read next: what was to be written is of before
    this.next = performance.now() + BETWEEN;
    history.replaceState(null, "", this.written);
    this.met = location.hash;
  }

  // --- dark and light -----------------------------------------------------------------------------

  get isDark() {
    return this.theme ? this.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  }

  applyTheme() {
    if (this.theme) document.documentElement.dataset.theme = this.theme;
    else delete document.documentElement.dataset.theme;
    this.tellTheme();
  }

  tellTheme() {
    document.querySelector("#theme").textContent = this.isDark ? "Light" : "Dark";
  }

  turnTheme() {
    this.theme = this.isDark ? "light" : "dark";
    this.applyTheme();
    this.write();
  }

  // --- a scene ------------------------------------------------------------------------------------

  open() {
    const {scene} = this;
    this.applyTheme();
    document.querySelector("#nav").innerHTML = this.scenes.map((one, k) => `<li><button type="button" data-scene="${k}"${k === this.at ? ' aria-current="step"' : ""}>${k + 1}. ${one.title}</button></li>`).join("");
    document.querySelectorAll("#nav button").forEach((one) => one.addEventListener("click", () => this.go(Number(one.dataset.scene))));
    this.main.innerHTML = `<h2 id="title" tabindex="-1">${this.at + 1}. ${scene.title}</h2><p class="question">${scene.question}</p>
<div class="grid"><section class="card" aria-label="Prediction"><fieldset id="prediction"><legend>First say what you expect</legend></fieldset></section>
<div class="work"><section class="card" id="panel" aria-label="Controls"><div id="controls"></div><div class="buttons"><button type="button" id="reset">Reset</button></div></section>
<section id="result" aria-label="Result"><dl class="numbers"></dl><p class="told" aria-live="polite"></p>
<div class="plots">${scene.figures.map((title, k) => `<figure><figcaption>${title}</figcaption><div class="plot" id="figure-${k}"></div><div class="files"><button type="button" data-svg="${k}" aria-label="${escaped(plain(title))}: figure as SVG">SVG</button><button type="button" data-csv="${k}" aria-label="${escaped(plain(title))}: data as CSV">CSV</button></div></figure>`).join("")}</div>
<h3>The law</h3><div class="law" tabindex="0" role="region" aria-label="The law as an equation">${scene.law}</div><p class="note">${scene.source}</p><h3>What stays</h3><p class="sentence">${scene.sentence}</p><p class="note">${this.experiment(scene.experiment)}</p></section></div></div>`;
    this.figures = scene.figures.map((_, k) => new Figure(this.main.querySelector(`#figure-${k}`)));
    const panel = this.main.querySelector("#controls");
    this.inputs = scene.controls.map((spec) => {
      if (spec.buttons) return new Presets(spec, panel, (values) => this.set(values));
      return new (spec.options ? Choice : Slider)(spec, panel, (key, value) => this.set({[key]: value}));
    });
    const Kind = scene.prediction.choices ? ChosenPrediction : DraggedPrediction;
    this.prediction = new Kind(scene.prediction, this.main.querySelector("#prediction"), (guess) => this.predict(guess));
    if (this.given) this.guesses[scene.id] = this.prediction.accepts(this.given) ? this.given : undefined;
    this.given = undefined; // from here on what the student does counts
    this.main.querySelector("#reset").addEventListener("click", () => this.set(this.defaults(scene)));
    this.main.querySelectorAll("[data-svg]").forEach((one) => one.addEventListener("click", () => {
      const k = Number(one.dataset.svg);
      this.save(`${scene.id}-${k + 1}.svg`, this.figures[k].svg(plain(scene.figures[k])), "image/svg+xml");
    }));
    this.main.querySelectorAll("[data-csv]").forEach((one) => one.addEventListener("click", () => {
      const k = Number(one.dataset.csv);
      this.save(`${scene.id}-${k + 1}.csv`, this.figures[k].csv(), "text/csv");
    }));
    this.prediction.show(this.guesses[scene.id]);
    this.showInputs();
    this.show();
  }

  go(number) {
    this.at = number;
    this.given = undefined;
    this.open();
    this.main.querySelector("#title").focus({preventScroll: true});
    scrollTo(0, 0);
  }

  experiment(names) {
    const one = (name) => (this.gallery ? `<a href="${escaped(this.gallery)}${name}.html">experiments/${name}.py</a>` : `experiments/${name}.py`);
    return `In hetsim: ${names.map(one).join(", ")}`;
  }

  predict(guess) {
    this.guesses[this.scene.id] = guess;
    this.prediction.show(guess);
    this.show();
  }

  set(values) {
    const {follow = {}} = this.scene;
    for (const [key, value] of Object.entries(values)) Object.assign(this.state, follow[key]?.(value));
    Object.assign(this.state, values);
    this.showInputs();
    this.show();
  }

  showInputs() {
    this.inputs.forEach((one) => { if (one.show) one.show(this.state[one.spec.key]); });
  }

  show() {
    const begin = performance.now();
    const guess = this.guesses[this.scene.id];
    const result = this.main.querySelector("#result"), panel = this.main.querySelector("#panel");
    result.classList.toggle("veiled", !guess);
    result.inert = !guess;
    panel.inert = !guess;
    panel.classList.toggle("waiting", !guess);
    const {numbers, raw, told} = this.scene.show(this.state, this.figures, guess, () => this.show());
    this.main.querySelector(".numbers").innerHTML = numbers.map(([name, text]) => `<div><dt>${name}</dt><dd>${text}</dd></div>`).join("");
    this.main.querySelector(".told").textContent = told;
    this.write();
    window.TEACHING = {scene: this.at + 1, numbers: raw, milliseconds: performance.now() - begin, predicted: !!guess};
  }

  resize() {
    this.figures.forEach((one) => one.redraw());
    this.prediction.resize();
  }

  save(name, text, type) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], {type}));
    link.download = `hetsim-${name}`;
    link.click();
    URL.revokeObjectURL(link.href);
  }
}

function bytesOf(text) {
  return Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
}

async function start(wasm, tapes, gallery) {
  try {
    const engine = await Engine.from(await inflated(bytesOf(wasm)));
    const data = unpacked(await inflated(bytesOf(tapes)));
    const page = new Page(scenesOf(engine, data), gallery);
    document.documentElement.dataset.ready = "yes";
    return page;
  } catch (error) {
    document.querySelector("main").innerHTML = `<p role="alert">This browser cannot run the page: it needs WebAssembly with vectors and DecompressionStream (browsers from 2023 on). ${escaped(error)}</p>`;
    throw error;
  }
}
