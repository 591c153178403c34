// Scene 4: too small for a field, or too fast for it.

function limitsScene(particle) {
  const points = 25;
  const spaced = (low, high) => Array.from({length: points}, (_, k) => low * (high / low) ** (k / (points - 1)));
  const lengths = spaced(0.02, 2), currents = spaced(0.5, 30);
  const kept = {}; // the runs of each name that were solved last, with what was asked
  // Runs by their names; those that are asked anew are solved side by side.
  const solved = (asked) => {
    const fresh = Object.entries(asked).filter(([name, runs]) => kept[name]?.asked !== JSON.stringify(runs));
    const found = particle.currents(fresh.flatMap(([, runs]) => runs));
    for (const [name, runs] of fresh) kept[name] = {asked: JSON.stringify(runs), found: found.splice(0, runs.length)};
    return kept;
  };
  return {
    id: "limits",
    title: "Too small, too fast",
    question: "A field of +4 RT/F raises the insertion at 5C by a third while the particle is 20 Debye lengths large. What is left of that if the particle is one Debye length, or if the current is 20C?",
    prediction: {
      choices: [
        "All of it: the field is a property of the two materials",
        "About a half in both cases",
        "Almost nothing in both cases",
      ],
      right: 2,
      because: "A particle of one Debye length is too small to hold the step. At 20C only the surface layer works, and the junction lies too deep.",
    },
    controls: [fieldControl(particle, 6), DEBYE, C_RATE],
    figures: ["Small particles lose the field: inserted against λ/R", "Fast ions miss the junction: inserted against current", "Potential that is left in the particle", "Occupancy at the end of the insertion"],
    law: "<math><mo>(</mo><mi>r</mi><mi>φ</mi><mo>)</mo><mo>″</mo><mo>=</mo><mo>(</mo><mi>r</mi><mi>φ</mi><mo>−</mo><mi>r</mi><msub><mi>φ</mi><mtext>bulk</mtext></msub><mo>)</mo><mo>/</mo><msup><mi>λ</mi><mn>2</mn></msup></math>: λ ≪ R keeps the whole step, λ ≫ R flattens it with (R/λ)². The layer that works at a current grows as √(Dt).",
    source: "hetsim.laws.potential, after P. Debye and E. Hückel (1923), Phys. Z. 24, 185; linear in V<sub>bi</sub>, so above RT/F the true profile is steeper.",
    sentence: "A particle smaller than its Debye length holds no field, and at a high current only its surface works. Between both lies the room in which a field can act at all.",
    experiment: ["size_map", "field_as_a_diode"],

    show(state, figures) {
      const {v, l, c} = state;
      const at = (rate) => ({v: 0, l: DEBYE.def, rate}); // without a field the Debye length says nothing
      const {chosen, plainly, overLengths, overCurrents, plainlyOverCurrents} = solved({
        chosen: [{v, l, rate: c}], plainly: [at(c)], overLengths: lengths.map((one) => ({v, l: one, rate: c})),
        overCurrents: currents.map((rate) => ({v, l, rate})), plainlyOverCurrents: currents.map(at),
      });
      const shares = (name) => name.found.map((run) => run.share);
      const [here] = shares(chosen), [plain] = shares(plainly);
      const overLength = shares(overLengths), withField = shares(overCurrents), without = shares(plainlyOverCurrents);
      const axis = {label: "share of the sites inserted", min: 0, max: 1};
      const now = (x) => [{name: "chosen", x: [x], y: [here], color: "c0", shape: "circle"}];
      figures[0].draw({
        x: {label: "Debye length over radius λ/R", min: 0.02, max: 2, log: true}, y: axis,
        lines: [{name: "with field", x: lengths, y: overLength, color: "c0"}, {name: "without", x: [0.02, 2], y: [plain, plain], color: "c1", dash: DASHED}],
        points: now(l), rules: [{x: 1, text: "λ = R"}],
        alt: `Inserted share against the Debye length: ${short(overLength[0], 2)} for a large particle, ${short(overLength[points - 1], 2)} for a small one, ${short(plain, 2)} without field.`,
      });
      figures[1].draw({
        x: {label: "current [C]", min: 0.5, max: 30, log: true, ticks: [0.5, 1, 2, 5, 10, 20]}, y: axis,
        lines: [{name: "with field", x: currents, y: withField, color: "c0"}, {name: "without", x: currents, y: without, color: "c1", dash: DASHED}],
        points: now(c),
        alt: `Inserted share against the current with and without field; at 30 C ${short(withField[points - 1], 2)} and ${short(without[points - 1], 2)}.`,
      });
      const profile = particle.atSurface([{v, l}], [0]);
      const radius = profile.radius[0], potential = profile.potential[0], left = v === 0 ? NaN : -potential[0] / v;
      const most = Math.max(1, Math.abs(v)) * 1.1;
      figures[2].draw({
        x: RADIUS_AXIS, y: {label: "Fφ/RT, 0 at the surface", min: v > 0 ? -most : -0.2 * most, max: v > 0 ? 0.2 * most : most}, zones: CORE_AND_SHELL,
        lines: [{name: "potential", ...overRadius(radius, potential), color: "c1"}], rules: [{y: -v, text: "whole step"}],
        alt: `The potential in the centre is ${short(potential[0], 2)} of a step of ${short(-v, 2)}.`,
      });
      figures[3].draw({
        x: RADIUS_AXIS, y: OCCUPANCY_AXIS, zones: CORE_AND_SHELL,
        lines: [{name: "with field", ...overRadius(radius, chosen.found[0].profileAtEnd), color: "c0"}, {name: "without", ...overRadius(radius, plainly.found[0].profileAtEnd), color: "c1", dash: DASHED}],
        alt: `Occupancy at the end: centre ${short(chosen.found[0].profileAtEnd[0], 2)} with field, ${short(plainly.found[0].profileAtEnd[0], 2)} without.`,
      });
      const gain = here / plain - 1, signed = `${gain < 0 ? "−" : "+"}${Math.abs(100 * gain).toFixed(1)} %`;
      return {
        numbers: [["inserted", short(here, 3)], ["without field", short(plain, 3)], ["gain", signed], ["left of the step", v === 0 ? "–" : `${Math.round(100 * left)} %`]],
        raw: {inserted: here, plain, gain, left, small: overLength[points - 1], fast: withField[points - 1]},
        told: `With R = ${short(1 / l, 3)} λ the particle keeps ${v === 0 ? "no step, since there is none" : `${Math.round(100 * left)} % of the step`}. At ${short(c, 3)}C the field changes the insertion by ${signed}.`,
      };
    },
  };
}
