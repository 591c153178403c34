// Scene 7: the heterostructure and its controls.

const JUNCTION = "Interface mobility ratio", POTENTIAL = "Interface potential [V]", FAST = "Fast fraction";
const DIFFUSIVITIES = ["Component A diffusivity [m2.s-1]", "Component B diffusivity [m2.s-1]"];
const CYCLES = 2; // each current by itself: the second insertion after a first cycle from rest

// Capacities [mA.h.g-1] at some currents [A.g-1], each by itself, of a cell on a tape.
function rateCurve(model, cell, currents, changes = {}) {
  const {file} = model, {patience, beyond} = file, segments = 2 * CYCLES - 1;
  const values = {...cell.values, ...changes};
  const low = values["Lower voltage cut-off [V]"], high = values["Upper voltage cut-off [V]"];
  const imposed = currents.flatMap((current) => Array.from({length: segments}, (_, k) => {
    const inserts = k % 2 === 0;
    const of = {
      "Current function [A]": (inserts ? 1 : -1) * current * cell.active_mass,
      "Lower voltage cut-off [V]": inserts ? low : low - beyond,
      "Upper voltage cut-off [V]": inserts ? high + beyond : high,
    };
    return [...file.imposed_names.map((name) => of[name]), patience * cell.specific_capacity / current * 3.6];
  }).flat());
  const steps = Array.from({length: segments}, (_, k) => k);
  const answers = model.run(values, {
    case_of: currents.map(() => 0), imposed,
    next: steps.flatMap((k) => [k + 1 < segments ? k + 1 : -1, -1, -1]), save: steps.map((k) => k % 2), back: steps.map(() => 1),
  }, {rtol: 2e-4, atol: 2e-4});
  return currents.map((current, k) => {
    const last = k * segments + segments - 1;
    return answers.code[last] === CODES.CUT_OFF ? current * answers.time[last] / 3.6 : NaN;
  });
}

function controlsScene(engine, data) {
  const hosts = engine.model(data.models.hosts), mixture = engine.model(data.models.mixture);
  const {CZT, CT, ZT} = hosts.file.cells;
  const {measured} = data, currents = measured.CZT.currents, count = currents.length;
  const fitted = {m: CZT.values[JUNCTION], p: 1e3 * CZT.values[POTENTIAL], f: 1, s: CZT.values[FAST]};
  const bare = {...fitted, m: 1, p: 0};
  const last = (name) => Math.round(measured[name].capacities.at(-1));
  const fixed = {}; // curves that no slider moves, solved a piece at a time when the scene is opened

  const waiting = [
    ...["CT", "ZT"].map((name) => () => { fixed[name] = rateCurve(hosts, {CT, ZT}[name], currents); }),
    ...currents.map((current, k) => () => {
      fixed.mixture ??= new Array(count).fill(NaN);
      [fixed.mixture[k]] = rateCurve(mixture, mixture.file.cells.mixture, [current]);
    }),
  ];

  return {
    id: "controls",
    title: "What do seven points tell?",
    question: `CoTe2/ZnTe (CZT) holds ${last("CZT")} mAh/g at 10 A/g, CoTe2 alone ${last("CT")} and ZnTe alone ${last("ZT")}. Two powders stirred together would also hold something. What is most of the gain of CZT at 10 A/g?`,
    prediction: {
      choices: [
        "Capacity: the mixture of both powders would hold as much",
        "The built-in field: it pulls the ions in",
        "Rate: at low current the mixture is not far behind, at high current it is",
      ],
      right: 2,
      because: "At 0.1 A/g CZT holds 1.3 times what the mixture holds, at 10 A/g about 3 times: most of that is rate. But seven points do not say what made it faster: try the explanations below.",
    },
    controls: [
      {name: "Explanations", buttons: [["Paths along junctions", fitted], ["Faster grains, no junction", {...bare, f: 1.9}], ["Neither", bare], ["Neither, and as CT at once", {...bare, s: CT.values[FAST]}]]},
      {key: "m", name: "Mobility along junctions over that in grains", unit: "", min: 0.3, max: 300, log: true, def: fitted.m, digits: 3, say: (m) => (m === 1 ? "as in the grains" : `fitted to the seven points: ${short(fitted.m, 3)}`)},
      {key: "p", name: "Interface potential", unit: "mV", min: 0, max: 200, step: 1, def: fitted.p, say: () => `gathers carriers along the junctions; assumed ${short(fitted.p, 3)} mV`},
      {key: "f", name: "Diffusivity of the grains, times that of the tellurides", unit: "", min: 0.3, max: 30, log: true, def: 1, digits: 3, say: (f) => (f === 1 ? "as CoTe2 and ZnTe alone" : "smaller particles act in the same way, as D/R²")},
      {key: "s", name: "Share of the capacity that is filled at once", unit: "", min: 0.02, max: 0.9, step: 0.01, def: fitted.s, digits: 3, say: () => `surfaces and thin layers; ${short(fitted.s, 3)} fitted to CZT, ${short(CT.values[FAST], 3)} to CT`},
    ],
    figures: ["Capacity against current: lines simulated, markers measured", "CZT over the mixture of its parts: the gain grows with the current", "Simulated minus measured, CZT"],
    law: "<math><mfrac><mrow><mo>∂</mo><mi>θ</mi></mrow><mrow><mo>∂</mo><mi>t</mi></mrow></mfrac><mo>=</mo><mo>∇</mo><mo>·</mo><mo>(</mo><mi>D</mi><mo>∇</mo><mi>θ</mi><mo>)</mo></math> in particles of many sizes, behind charge transfer and electrolyte; D with and without paths along the junctions.",
    source: `hetsim's SPMe of CZT, CT, ZT and of the mixture, each current by itself, second insertion; in a rate test that goes from current to current 10 A/g gives 2 % (CZT) to 12 % (ZT) less. Measured: Z. Pan et al. (2023), doi:10.1007/s40820-023-01202-6, Fig. 4e. The mixture has the share that is filled at once and the hysteresis of CT; the capacities of fresh CT and ZT at low current were not printed. CZT keeps its smaller hysteresis in all explanations.`,
    sentence: "The part of a gain that is there at low current is capacity; the part that grows with the current is rate. Seven points say that something became faster. They do not say what.",
    experiment: ["sum_of_the_parts", "czt_rate", "barrier_field_size"],

    show(state, figures, guess, again) {
      const changes = {
        [JUNCTION]: state.m, [POTENTIAL]: state.p / 1e3, [FAST]: state.s,
        ...Object.fromEntries(DIFFUSIVITIES.map((name) => [name, state.f * CZT.values[name]])),
      };
      const whole = rateCurve(hosts, CZT, currents, changes);
      if (waiting.length) {
        setTimeout(() => { if (waiting.length) { waiting.shift()(); again(); } });
      }
      const {CT: a, ZT: b, mixture: sum} = fixed;
      const axis = {label: "current [A/g]", min: 0.1, max: 10, log: true, ticks: [0.1, 0.3, 1, 3, 10]};
      const given = currents.map((one) => one), told = measured.CZT.capacities;
      const line = (name, y, color, dash) => (y ? [{name, x: given, y, color, dash}] : []);
      figures[0].draw({
        x: axis, y: {label: "capacity [mAh/g]", min: 0, max: 450},
        lines: [...line("CZT", whole, "c0"), ...line("mixture", sum, "c3", CHAIN), ...line("CoTe2 (CT)", a, "c1", DASHED), ...line("ZnTe (ZT)", b, "c2", DOTTED)],
        points: [
          {name: "CZT measured", x: given, y: told, color: "c0", shape: "circle"},
          {x: measured.CT.currents, y: measured.CT.capacities, color: "c1", shape: "square"},
          {x: measured.ZT.currents, y: measured.ZT.capacities, color: "c2", shape: "triangle"},
        ],
        alt: `Capacity against current. CZT ${short(whole[0], 3)} to ${short(whole[count - 1], 3)} milliampere hours per gram.`,
      });
      const ratios = whole.map((one, k) => one / (sum?.[k] ?? NaN));
      figures[1].draw({
        x: axis, y: {label: "CZT over mixture", min: 0.5, max: 3.5}, rules: [{y: 1, text: "no gain"}],
        lines: [{name: "simulated", x: given, y: ratios, color: "c0"}],
        points: [{name: "measured CZT", x: given, y: told.map((one, k) => one / (sum?.[k] ?? NaN)), color: "c0", shape: "circle"}],
        alt: `CZT over the mixture: ${short(ratios[0], 3)} at 0.1 ampere per gram, ${short(ratios[count - 1], 3)} at 10.`,
      });
      const misses = whole.map((one, k) => 100 * (one / told[k] - 1));
      const error = misses.reduce((all, one) => all + Math.abs(one), 0) / count;
      figures[2].draw({
        x: axis, y: {label: "simulated minus measured [%]", min: -60, max: 60}, rules: [{y: 0}],
        lines: [{name: "CZT", x: given, y: misses, color: "c0"}], points: [{x: given, y: misses, color: "c0", shape: "circle"}],
        alt: `Mean difference to the measured curve ${short(error, 2)} percent.`,
      });
      const low = ratios[0], high = ratios[count - 1], ready = Number.isFinite(high) && !waiting.length;
      return {
        numbers: [["gain at 0.1 A/g: capacity", ready ? `× ${low.toFixed(2)}` : "…"], ["gain at 10 A/g: with rate", ready ? `× ${high.toFixed(2)}` : "…"], ["CZT at 10 A/g", `${short(whole[count - 1], 3)} mAh/g`], ["mean difference to the 7 points", `${error.toFixed(1)} %`]],
        raw: {
          ...Object.fromEntries(currents.map((one, k) => [`CZT ${one}`, whole[k]])), error,
          ...(ready ? Object.fromEntries(currents.flatMap((one, k) => [["CT", a], ["ZT", b], ["mixture", sum]].map(([name, y]) => [`${name} ${one}`, y[k]]))) : {}),
        },
        told: `CZT differs from the seven measured points by ${error.toFixed(1)} % on average. ${ready ? `Over the mixture of its parts it gains ${Math.round(100 * (low - 1))} % at 0.1 A/g and ${Math.round(100 * (high - 1))} % at 10 A/g.` : "The curves of its parts are being computed."}`,
      };
    },
  };
}
