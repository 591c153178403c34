// Scene 1: two materials touch.

const NANO = 1e9;
const REACHES = [-1, 0, 1, 2, 3].flatMap((k) => [1, 2, 5].map((one) => one * 10 ** k)); // of the axis [nm]

function contactScene(engine, data) {
  const {materials} = data;
  const file = data.laws.contact, law = engine.law(file);
  const named = (name) => materials.findIndex((one) => one.name === name);
  const options = materials.map((one, k) => [k, `${one.name}, ${one.title} (${one.work_function.toFixed(2)} eV)`]);
  const pair = (a, b) => ({a: named(a), b: named(b), wa: materials[named(a)].work_function, wb: materials[named(b)].work_function});
  const first = pair("CoTe2", "ZnTe");
  const work = (key, name, def) => ({key, name, unit: "eV", min: 3.5, max: 7.5, step: 0.01, def, digits: 4});

  // Potential over its step along x [nm], rising from A (x < 0) to B, for the sides that can be depleted.
  function bending(a, b, found) {
    const mirrored = (table) => ({"x/w": table["x/w"].map((x) => -x), "phi/V": table["phi/V"]});
    if (a.metal && b.metal) return {x: [-5, -0.05, 0.05, 5], share: [0, 0, 1, 1], width: 0, field: NaN};
    const both = !a.metal && !b.metal;
    const width = found[both ? "width of each [m]" : "width of one [m]"][0] * NANO;
    const field = found[both ? "field of both [V.m-1]" : "field of one [V.m-1]"][0];
    // the tables fall from the left to the right, and the depleted side of a metal contact lies on the left
    const table = both || b.metal ? file[both ? "both" : "one"] : mirrored(file.one);
    const points = table["x/w"].map((x, k) => ({x: x * width, share: b.metal || both ? 1 - table["phi/V"][k] : table["phi/V"][k]}));
    points.sort((one, other) => one.x - other.x);
    const reach = REACHES.find((one) => one >= points.at(-1).x); // a round one, so that a wider layer is seen to be wider
    const ends = [{...points[0], x: -reach}, ...points, {...points.at(-1), x: reach}];
    return {x: ends.map((one) => one.x), share: ends.map((one) => one.share), width, field};
  }

  return {
    id: "contact",
    title: "Two materials touch",
    question: `CoTe2 binds its electrons with a work function of ${first.wa.toFixed(2)} eV, ZnTe with ${first.wb.toFixed(2)} eV. They are brought into contact. Which side becomes positive, and where does the field pull a cation?`,
    prediction: {
      choices: [
        "CoTe2 becomes positive: it has the larger work function",
        "ZnTe becomes positive: its electrons leave it, and cations are pulled towards CoTe2",
        "Neither: both are neutral before, so both are neutral after",
      ],
      right: 1,
      because: "Electrons go where they are bound more tightly, to the larger work function. The side that they leave is positive, and a cation is pulled away from it.",
    },
    controls: [
      {key: "after", name: "Time", options: [[0, "before the contact"], [1, "after the contact"]], def: 1},
      {name: "Pairs", buttons: [["CoTe2 | ZnTe", pair("CoTe2", "ZnTe")], ["MoS2 | ZnIn2S4", pair("MoS2", "ZnIn2S4")], ["Sn | Al", pair("Sn", "Al")]]},
      {key: "a", name: "Material A", options, def: first.a, list: true},
      work("wa", "Work function of A", first.wa),
      {key: "b", name: "Material B", options, def: first.b, list: true},
      work("wb", "Work function of B", first.wb),
      {key: "n", name: "Doping of semiconductors", unit: "m⁻³", min: 1e22, max: 1e27, log: true, def: 1e25, digits: 3, say: () => "assumed, relative permittivity 10; a metal has no wide layer"},
    ],
    // another material brings its own work function
    follow: {a: (value) => ({wa: materials[value].work_function}), b: (value) => ({wb: materials[value].work_function})},
    figures: ["Energy of the electrons across the junction", "Electric potential across the junction"],
    law: "<math><msub><mi>V</mi><mtext>bi</mtext></msub><mo>=</mo><msub><mi>φ</mi><mi>B</mi></msub><mo>−</mo><msub><mi>φ</mi><mi>A</mi></msub><mo>=</mo><mo>(</mo><msub><mi>W</mi><mi>A</mi></msub><mo>−</mo><msub><mi>W</mi><mi>B</mi></msub><mo>)</mo><mo>/</mo><mi>e</mi></math>",
    source: "hetsim.laws.junction and hetsim.laws.depletion, after R. L. Anderson (1962), doi:10.1016/0038-1101(62)90115-6, and W. Schottky (1939), Z. Phys. 113, 367. Vacuum levels are aligned: no dipoles and no reaction layers at the interface, so V<sub>bi</sub> is an upper bound.",
    sentence: "The side with the smaller work function becomes positive. The step in the potential is at most the difference of the work functions, and ions screen it within a nanometre.",
    experiment: ["barrier_field_size"],

    show(state, figures) {
      const a = materials[state.a], b = materials[state.b];
      const found = law.of([state.wa], [state.wb], [Math.log10(state.n)]);
      const step = found["built-in potential [V]"][0], screening = found["screening length of ions [m]"][0] * NANO;
      const bent = bending(a, b, found), reach = Math.max(...bent.x);
      const positive = step > 0 ? b : step < 0 ? a : null, negative = step > 0 ? a : step < 0 ? b : null;
      const label = (one) => (a.name === b.name ? (one === a ? "A" : "B") : one.name);
      const sides = [`A: ${a.name}`, `B: ${b.name}`];
      const x = {label: "distance from the junction [nm]", min: -reach, max: reach};
      const lines = [], half = (side) => (side ? [0, reach] : [-reach, 0]);
      const bands = (side, one, vacuum) => {
        const {x: at, y} = vacuum;
        const place = {x: at};
        if (one.affinity !== null && one.gap !== null) {
          lines.push({...place, name: `band edges of ${one.name}`, y: y.map((value) => value - one.affinity), color: "c2"});
          lines.push({...place, y: y.map((value) => value - one.affinity - one.gap), color: "c2"});
        }
      };
      if (state.after) {
        const vacuum = bent.share.map((share) => state.wa - share * step);
        lines.push({name: "vacuum level", x: bent.x, y: vacuum, color: "soft", dash: CHAIN});
        lines.push({name: "Fermi level", x: [-reach, reach], y: [0, 0], color: "c0"});
        [a, b].forEach((one, side) => {
          const on = bent.x.map((at, k) => [at, vacuum[k]]).filter(([at]) => (side ? at >= 0 : at <= 0));
          bands(side, one, {x: on.map((p) => p[0]), y: on.map((p) => p[1])});
        });
      } else {
        [a, b].forEach((one, side) => {
          const level = side ? state.wb : state.wa;
          lines.push({name: side ? "" : "vacuum level", x: half(side), y: [state.wa, state.wa], color: "soft", dash: CHAIN});
          lines.push({name: side ? "" : "Fermi level", x: half(side), y: [state.wa - level, state.wa - level], color: "c0"});
          bands(side, one, {x: half(side), y: [state.wa, state.wa]});
        });
      }
      const zones = sides.map((text, side) => ({from: half(side)[0], to: half(side)[1], text, tinted: side === 0}));
      const charges = state.after && positive ? [["+", positive], ["−", negative]].map(([text, one]) => ({x: (one === a ? -0.04 : 0.04) * reach, y: -1.5, text: text.repeat(3), anchor: one === a ? "end" : "start", color: text === "+" ? "c1" : "c0"})) : [];
      figures[0].draw({
        x, y: {label: "energy of an electron [eV]", min: Math.min(-2.6, state.wa - state.wb - 1.5), max: Math.max(8, state.wa + 0.8, state.wb + 0.8)}, lines, zones,
        notes: charges, rules: [{x: 0}],
        alt: `${state.after ? "After" : "Before"} the contact: Fermi levels ${state.after ? "are equal and the vacuum level steps" : "differ"} by ${short(Math.abs(step), 3)} electronvolts.`,
      });
      const potential = bent.share.map((share) => (state.after ? share * step : 0));
      figures[1].draw({
        x, y: {label: "potential φ − φ of A [V]", min: Math.min(-0.5, step - 0.3), max: Math.max(0.5, step + 0.3)}, zones, rules: [{x: 0}],
        lines: [{name: "potential", x: bent.x, y: potential, color: "c1"}],
        alt: `The potential ${state.after ? `changes by ${short(step, 3)} volts from A to B` : "is flat before the contact"}.`,
      });
      const none = positive === null || !state.after, layer = bent.width && state.after;
      const after = positive === null
        ? "Equal work functions: no electron moves and no field arises."
        : `Electrons go from ${label(positive)} to ${label(negative)}. ${label(positive)} is left positive, the potential ${step > 0 ? "rises" : "falls"} by ${short(Math.abs(step), 3)} V from A to B, and a cation is pulled towards ${label(negative)}. Ions at 10 mol/L screen a step within an atomic distance (Debye length ${short(screening, 2)} nm).`;
      return {
        numbers: [
          ["V<sub>bi</sub>, B minus A", `${short(state.after ? step : 0, 3)} V`],
          ["positive side", none ? "neither" : label(positive)],
          ["a cation is pulled to", none ? "neither" : label(negative)],
          ["width of the layer", layer ? `${short(bent.width, 2)} nm` : "none"],
          ["largest field", layer ? `${short(bent.field / 1e6, 2)} MV/m` : "–"],
        ],
        raw: {step, width: bent.width, field: bent.field, screening, positive: positive?.name ?? "", pulled: negative?.name ?? ""},
        told: state.after ? after : `Before the contact both sides are neutral and there is no field. The Fermi levels differ by ${short(Math.abs(step), 3)} eV: electrons will go to the lower one.`,
      };
    },
  };
}
