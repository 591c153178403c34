// Scene 3: the diode.

const C_RATE = {key: "c", name: "Current", unit: "C", min: 0.5, max: 30, step: 0.5, def: 5, say: (c) => `a full particle in ${short(60 / c, 3)} min; diffusion over the radius takes R²/D = 60 min`};
const MOMENTS = [0, 0.25, 0.5, 0.75, 1];

function diodeScene(particle) {
  const axis = (v) => ({label: "built-in potential [RT/F]", min: -1.5, max: 1.5, ticks: [[-1, short(-v, 3)], [0, "0"], [1, short(v, 3)]]});
  const shares = {label: "share of the sites passed", min: 0, max: 1};
  // of the starting state: what the student is told, and what there is to predict
  const asked = [[0, 5], [4, 5], [4, -5]].map(([v, rate]) => ({v, l: 0.05, rate}));
  const [plain, into, out] = particle.currents(asked).map((run) => run.share);
  return {
    id: "diode",
    title: "The diode",
    question: "Without a field, 5C passes 0.64 of the sites in either direction before a cut-off is met. Now a field of +4 RT/F draws ions into the core. How much is inserted, and how much can be extracted?",
    prediction: {
      of: "y", step: 0.01,
      figure: {x: axis(4), y: shares, points: [{name: "no field", x: [0], y: [plain], color: "ink", shape: "circle"}]},
      handles: [
        {name: "inserted, at +4 RT/F", x: 0.88, start: 0.5, color: "c0", shape: "triangle"},
        {name: "extracted, at +4 RT/F", x: 1.12, start: 0.5, color: "c1", shape: "square"},
      ],
      verdict([inserted, extracted]) {
        const near = Math.abs(inserted - into) < 0.08 && Math.abs(extracted - out) < 0.08;
        const why = near ? "Well predicted." : inserted > plain && extracted > plain ? "The field cannot speed up both." : "What it gives one way it takes the other way.";
        return `You said ${short(inserted, 2)} in and ${short(extracted, 2)} out; it is ${short(into, 2)} in and ${short(out, 2)} out. ${why}`;
      },
    },
    controls: [
      fieldControl(particle), DEBYE, C_RATE,
      {key: "d", name: "Direction shown", options: [[1, "insertion"], [-1, "extraction"]], def: 1},
      {key: "t", name: "Moment of the step", unit: "%", min: 0, max: 100, step: 1, def: 100, say: () => "the dot on the voltage curve"},
    ],
    figures: ["Occupancy from the start to the chosen moment (thick)", "Voltage until the cut-off: the directions differ", "Shares of the sites passed: −V exchanges both", "The particle, cut open at the chosen moment"],
    law: "<math><mi>n</mi><mo>=</mo><mo>−</mo><mi>D</mi><mo>[</mo><mo>∇</mo><mi>θ</mi><mo>+</mo><mi>θ</mi><mo>(</mo><mn>1</mn><mo>−</mo><mi>θ</mi><mo>)</mo><mo>∇</mo><mi>Φ</mi><mo>]</mo></math>: an ion in Φ is a vacancy in −Φ.",
    source: "hetsim.laws.transport, after D. L. Scharfetter and H. K. Gummel (1969), doi:10.1109/T-ED.1969.16566, with site exclusion. R²/D = 1 h, core to 0.7 R, symmetric lattice and cut-offs; everything else of the cell takes no voltage.",
    sentence: "A static field is a diode: what it gives one way it takes the other way. A battery is cycled.",
    experiment: ["field_as_a_diode", "field_reversal"],

    show(state, figures, guess) {
      const {v, l, c, d} = state;
      const kinds = [[v, 1], [v, -1], [0, 1], [0, -1], [-v, 1], [-v, -1]];
      const runs = particle.currents(kinds.map(([step, way]) => ({v: step, l, rate: way * c})), {path: true});
      const [inserted, extracted, bare, bareBack, mirrored, mirroredBack] = runs.map((run) => run.share);
      const forward = d > 0 ? 0 : 1;
      const shown = runs[forward], other = runs[1 - forward], none = runs[2 + forward];
      const radius = particle.atSurface([{v, l}], [0]).radius[0];
      const profiles = shown.along(MOMENTS.map((one) => one * state.t / 100)).profiles, now = profiles[4];
      figures[0].draw({
        x: RADIUS_AXIS, y: OCCUPANCY_AXIS, zones: CORE_AND_SHELL,
        lines: profiles.map((y, k) => ({...overRadius(radius, y), color: "c0", width: k === 4 ? 1.7 : 0.5, name: k === 4 ? `at ${state.t} %` : k === 0 ? "before" : ""})),
        alt: `Occupancy over the radius at ${state.t} percent of the step: ${short(now[0], 2)} in the centre, ${short(now[47], 2)} at the surface.`,
      });
      const [curve, back, flat] = [shown, other, none].map((run) => run.along(ENDS));
      const moment = shown.along([state.t / 100]);
      figures[1].draw({
        x: {label: "share of the sites passed", min: 0, max: 1}, y: {label: "voltage [V]", min: 0.65, max: 1.35},
        lines: [
          {name: "no field", x: flat.share, y: flat.voltage, color: "soft", dash: DOTTED},
          {name: d > 0 ? "insertion" : "extraction", x: curve.share, y: curve.voltage, color: "c0"},
          {name: d > 0 ? "extraction" : "insertion", x: back.share, y: back.voltage, color: "c1", dash: DASHED},
        ],
        points: [{x: moment.share, y: moment.voltage, color: "c0", shape: "circle"}],
        alt: `Voltage over the share passed. Inserted ${short(inserted, 3)}, extracted ${short(extracted, 3)}, without field ${short(bare, 3)}.`,
      });
      const own = (guess && v === 4 && l === 0.05 && c === 5) ? [{name: "your prediction", x: [0.8, 1.2], y: guess, color: "ink", shape: "diamond", open: true}] : [];
      figures[2].draw({
        x: axis(v), y: shares,
        lines: [{x: [-1, 1], y: [mirrored, inserted], color: "c0", width: 0.5}, {x: [-1, 1], y: [mirroredBack, extracted], color: "c1", width: 0.5, dash: DASHED}],
        points: [
          {name: "inserted", x: [-1, 0, 1], y: [mirrored, bare, inserted], color: "c0", shape: "triangle"},
          {name: "extracted", x: [-1, 0, 1], y: [mirroredBack, bareBack, extracted], color: "c1", shape: "square"}, ...own,
        ],
        alt: `At plus V: inserted ${short(inserted, 3)}, extracted ${short(extracted, 3)}. At minus V: inserted ${short(mirrored, 3)}, extracted ${short(mirroredBack, 3)}.`,
      });
      figures[3].disc(radius, now, CORE, `Cross section of the particle: occupancy ${short(now[0], 2)} in the centre, ${short(now[47], 2)} at the surface.`);
      const change = (share) => `${share >= bare ? "+" : "−"}${Math.abs(Math.round(100 * (share / bare - 1)))} %`;
      return {
        numbers: [["inserted", short(inserted, 3)], ["extracted", short(extracted, 3)], ["without field", short(bare, 3)], ["change in, out", `${change(inserted)}, ${change(extracted)}`]],
        raw: {inserted, extracted, plain: bare, mirrored, mirroredBack, surface: moment.profiles[0][47], voltage: moment.voltage[0]},
        told: `At ${short(c, 3)}C ${short(inserted, 3)} of the sites are filled and ${short(extracted, 3)} are emptied; without a field ${short(bare, 3)} either way. With −V it is ${short(mirrored, 3)} in and ${short(mirroredBack, 3)} out: exchanged.`,
      };
    },
  };
}
