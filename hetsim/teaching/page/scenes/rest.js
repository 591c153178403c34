// Scene 2: a particle with a field, at rest.

const fieldControl = (particle, most = 8) => ({
  key: "v", name: "Built-in potential V<sub>bi</sub>, shell minus core", unit: "RT/F", min: -most, max: most, step: 0.5, def: 4,
  say: (v) => `${Math.round(v * particle.thermalVoltage * 1e3)} mV at 25 °C; ${v > 0 ? "draws cations into the core" : v < 0 ? "keeps cations out of the core" : "no field"}`,
});
const DEBYE = {key: "l", name: "Debye length over particle radius λ/R", unit: "", min: 0.02, max: 2, log: true, def: 0.05, digits: 3, say: (value) => `the radius is ${short(1 / value, 3)} Debye lengths`};
const RADIUS_AXIS = {label: "radius r/R", min: 0, max: 1};
const SLOW = 1e-3; // C
const OCCUPANCY_AXIS = {label: "occupancy θ of the sites", min: 0, max: 1};
// A profile from the centre on, where it is flat, to the outermost node.
const overRadius = (radius, values) => ({x: [0, ...radius], y: [values[0], ...values]});
const CORE_AND_SHELL = [{from: 0, to: CORE, text: "core", tinted: true}, {from: CORE, to: 1, text: "shell"}];

function restScene(particle) {
  const means = Array.from({length: 47}, (_, k) => 0.04 + 0.02 * k);
  return {
    id: "rest",
    title: "A field at rest",
    question: "A field between core and shell pulls ions into the core. Does it drive a current in a cell at rest, and does it move the open-circuit voltage?",
    prediction: {
      choices: [
        "A small current flows for ever",
        "Ions move once, then nothing flows; the open-circuit curve stays where it is",
        "The open-circuit curve moves by V<sub>bi</sub>",
      ],
      right: 1,
      because: "The pile-up of ions pushes back as hard as the field pulls: the chemical potential is flat, and the curve was measured on the particle with its field.",
    },
    controls: [fieldControl(particle), DEBYE, {key: "m", name: "Mean occupancy", unit: "", min: 0.03, max: 0.97, step: 0.01, def: 0.5, say: (m) => `${Math.round(100 * m)} % of all sites hold an ion`}],
    figures: ["Where the ions sit at rest", "Pull of the field and push of the pile-up", "Slow insertion (C/1000): both curves lie on each other"],
    law: "<math><mi>μ</mi><mo>=</mo><mi>ln</mi><mfrac><mi>θ</mi><mrow><mn>1</mn><mo>−</mo><mi>θ</mi></mrow></mfrac><mo>+</mo><mfrac><mrow><mi>F</mi><mi>φ</mi></mrow><mrow><mi>R</mi><mi>T</mi></mrow></mfrac></math> is the same everywhere in the particle.",
    source: "hetsim.laws.transport and hetsim.laws.isotherm; flux after D. L. Scharfetter and H. K. Gummel (1969), doi:10.1109/T-ED.1969.16566. The particle is hetsim's SPM, 48 volumes.",
    sentence: "A built-in field moves ions once. At rest it drives no current, and it does not move the open-circuit curve.",
    experiment: ["field_as_a_diode", "field_reversal"],

    show(state, figures) {
      const one = {v: state.v, l: state.l}, none = {v: 0, l: state.l};
      const at = particle.atMean(one, state.m), without = particle.atMean(none, state.m);
      const mu = at["chemical potential"], spread = Math.max(...mu) - Math.min(...mu);
      const [hour, slow, plainSlow] = [
        particle.currents([{...one, rate: 0, mean: state.m}], {duration: HOUR})[0],
        ...particle.currents([{...one, rate: SLOW}, {...none, rate: SLOW}], {path: true}),
      ];
      const moved = Math.max(...at.occupancy.map((value, k) => Math.abs(hour.profileAtEnd[k] - value)));
      const curves = [slow, plainSlow].map((run) => run.along(ENDS));
      const apart = Math.max(...means.map((x) => Math.abs(between(curves[0], x) - between(curves[1], x))).filter(Number.isFinite));
      figures[0].draw({
        x: RADIUS_AXIS, y: OCCUPANCY_AXIS, zones: CORE_AND_SHELL,
        lines: [{name: "with field", ...overRadius(at.radius, at.occupancy), color: "c0"}, {name: "without", ...overRadius(without.radius, without.occupancy), color: "c1", dash: DASHED}],
        alt: `Occupancy over the radius: ${short(at.occupancy[0], 2)} in the core and ${short(at.occupancy[47], 2)} at the surface; without a field ${short(state.m, 2)} everywhere.`,
      });
      const pile = mu.map((value, k) => value - at.potential[k]);
      const most = Math.max(2, ...[...pile, ...at.potential, ...mu].map(Math.abs)) * 1.15;
      figures[1].draw({
        x: RADIUS_AXIS, y: {label: "energy of an ion [RT]", min: -most, max: most}, zones: CORE_AND_SHELL,
        lines: [
          {name: "field Fφ/RT", ...overRadius(at.radius, at.potential), color: "c1", dash: DASHED},
          {name: "ln θ/(1−θ)", ...overRadius(at.radius, pile), color: "c2", dash: CHAIN},
          {name: "sum μ", ...overRadius(at.radius, mu), color: "c0"},
        ],
        alt: "The field steps at the junction, the pile-up steps the other way, their sum is flat.",
      });
      figures[2].draw({
        x: {label: "share of the sites filled", min: 0, max: 1}, y: {label: "voltage [V]", min: 0.65, max: 1.35},
        lines: [{name: "with field", x: curves[0].share, y: curves[0].voltage, color: "c0", width: 1.8}, {name: "without", x: curves[1].share, y: curves[1].voltage, color: "c1", dash: DASHED}],
        points: [{name: "now at rest", x: [state.m - particle.file.extracted], y: [at.voltage], color: "c0", shape: "circle"}],
        alt: "Both voltage curves lie on each other.",
      });
      return {
        numbers: [
          ["centre : surface", `${short(at.occupancy[0], 2)} : ${short(at.occupancy[47], 2)}`],
          ["μ differs by", `${short(spread, 1)} RT`],
          ["θ changes in 1 h by", short(moved, 1)],
          ["both curves differ by", `${short(apart * 1e3, 2)} mV`],
        ],
        raw: {centre: at.occupancy[0], surface: at.occupancy[47], spread, moved, apart, voltage: at.voltage},
        told: `${Math.round(100 * at.occupancy[0])} % of the sites are filled in the centre and ${Math.round(100 * at.occupancy[47])} % at the surface, and nothing flows: the chemical potential is flat to ${short(spread, 1)} RT. At C/1000 both voltage curves lie on each other.`,
      };
    },
  };
}

// The voltage of a curve at a share of the sites passed.
function between({share, voltage}, at) {
  const k = share.findIndex((one) => one >= at);
  if (k <= 0) return NaN;
  const part = (at - share[k - 1]) / (share[k] - share[k - 1]);
  return voltage[k - 1] + part * (voltage[k] - voltage[k - 1]);
}
