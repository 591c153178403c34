// Scene 5: 1.5 V or 60 mV? What each would do to the ions.

function voltsScene(particle, data) {
  const {measured, work_functions: whole, core, sites_in_a_shell: sites} = data.steps;
  const means = Array.from({length: 49}, (_, k) => 0.02 + 0.02 * k);
  const DEBYE_RATIO = 0.05; // the step survives
  const volt = (mv) => (mv >= 1000 ? `${short(mv / 1e3, 3)} V` : `${short(mv, 3)} mV`);
  const {odds} = particle.atSurface([measured, whole].map((u) => ({v: u / particle.thermalVoltage, l: DEBYE_RATIO, core})), [0, 0]);
  return {
    id: "volts",
    title: "1.5 V or 60 mV?",
    question: "The work functions of CoTe2 and ZnTe differ by 1.50 V. At the interface of a related pair 63 mV were measured. Suppose that the ions felt all of the 1.50 V: where would they sit when half of the sites are filled?",
    prediction: {
      choices: [
        "Nearly the same in core and shell: ions are heavy, the field is for electrons",
        "A few times as many in the core as in the shell",
        "All of them in the core: not one ion at the surface of the shell",
      ],
      right: 2,
      because: `Odds of a filled site go as exp(FV/RT): 63 mV make them ${short(odds[0], 2)} times as large in the core as at the surface, 1.5 V ${short(odds[1], 1)} times. No voltammogram shows such a thing.`,
    },
    controls: [
      {name: "Steps that are printed", buttons: [[`${volt(1e3 * measured)}, measured`, {u: 1e3 * measured}], [`${volt(1e3 * whole)}, work functions`, {u: 1e3 * whole}], ["0", {u: 0}]]},
      {key: "u", name: "Step between shell and core", unit: "mV", min: 0, max: 1600, step: 1, def: 1e3 * measured, digits: 5, say: (u) => `${short(u / 1e3 / particle.thermalVoltage, 3)} RT/F`},
      {key: "m", name: "Mean occupancy", unit: "", min: 0.02, max: 0.98, step: 0.01, def: 0.5, say: (m) => `${Math.round(100 * m)} % of all sites hold an ion`},
    ],
    figures: ["Filling of centre and surface while the particle fills", "Occupancy over the radius at the chosen filling", "Odds of a filled site, centre over surface, against the step"],
    law: "<math><mfrac><msub><mi>θ</mi><mtext>core</mtext></msub><mrow><mn>1</mn><mo>−</mo><msub><mi>θ</mi><mtext>core</mtext></msub></mrow></mfrac><mo>=</mo><msup><mi>e</mi><mrow><mi>F</mi><mi>V</mi><mo>/</mo><mi>R</mi><mi>T</mi></mrow></msup><mfrac><msub><mi>θ</mi><mtext>shell</mtext></msub><mrow><mn>1</mn><mo>−</mo><msub><mi>θ</mi><mtext>shell</mtext></msub></mrow></mfrac></math>",
    source: "hetsim.laws.isotherm at rest. Work functions: doi:10.1007/s40820-023-01202-6 (DFT); 62.84 mV: Kelvin probe on Co-doped FeSe/Fe3Se4. Core of CoTe2 to 0.86 R, λ = 0.05 R.",
    sentence: "A difference of work functions is a step for electrons before any ion comes. What an ion feels is what screening leaves of it: where it was measured, tens of millivolts.",
    experiment: ["one_and_a_half_volts_or_sixty_millivolts", "fese_fields"],

    show(state, figures) {
      const v = state.u / 1e3 / particle.thermalVoltage, one = {v, l: DEBYE_RATIO, core};
      const cases = means.map(() => one);
      const filling = particle.atSurface(cases, particle.surfaces(cases, means));
      const centres = filling.occupancy.map((row) => row[0]), surfaces = filling.occupancy.map((row) => row[47]);
      const at = particle.atMean(one, state.m), centre = at.occupancy[0], surface = at.occupancy[47];
      const ions = surface * sites;
      figures[0].draw({
        x: {label: "mean occupancy", min: 0, max: 1}, y: OCCUPANCY_AXIS,
        lines: [
          {name: "centre, CoTe2", x: filling.mean, y: centres, color: "c0"},
          {name: "surface, ZnTe", x: filling.mean, y: surfaces, color: "c1", dash: DASHED},
        ],
        points: [{name: "now", x: [state.m, state.m], y: [centre, surface], color: "ink", shape: "circle"}],
        alt: `At a mean occupancy of ${short(state.m, 2)} the centre holds ${short(centre, 2)} and the surface ${short(surface, 2)}.`,
      });
      figures[1].draw({
        x: RADIUS_AXIS, y: OCCUPANCY_AXIS, zones: [{from: 0, to: core, text: "core", tinted: true}, {from: core, to: 1, text: "shell"}],
        lines: [{name: `step of ${volt(state.u)}`, ...overRadius(at.radius, at.occupancy), color: "c0"}, {name: "no step", x: [0, 1], y: [state.m, state.m], color: "c1", dash: DASHED}],
        alt: `Occupancy over the radius: ${short(centre, 3)} in the centre, ${short(surface, 3)} at the surface.`,
      });
      const span = Array.from({length: 33}, (_, k) => 50 * k);
      const list = span.map((u) => ({v: u / 1e3 / particle.thermalVoltage, l: DEBYE_RATIO, core}));
      const ratios = particle.atSurface(list, span.map(() => 0)).odds, here = at.odds;
      figures[2].draw({
        x: {label: "step [mV]", min: 0, max: 1600}, y: {label: "odds, centre over surface", min: 1, max: 1e28, log: true, ticks: [[1, "1"], [1e5, "10⁵"], [1e10, "10¹⁰"], [1e15, "10¹⁵"], [1e20, "10²⁰"], [1e25, "10²⁵"]]},
        lines: [{name: "odds", x: span, y: ratios, color: "c0"}],
        rules: [{x: 1e3 * measured, text: "measured", atTop: true}, {x: 1e3 * whole, text: "work functions"}],
        points: [{x: [state.u], y: [here], color: "ink", shape: "circle"}],
        alt: `The odds grow as an exponential; at ${volt(state.u)} they are ${short(here, 2)}.`,
      });
      return {
        numbers: [["centre, CoTe2", short(centre, 3)], ["surface, ZnTe", short(surface, 3)], ["odds, centre : surface", short(here, 2)], ["ions in a shell that is all like its surface", short(ions, 2)]],
        raw: {centre, surface, core: at.core, shell: at.shell, odds: here, ions},
        told: ions < 1
          ? `With ${volt(state.u)} a shell that is filled as its surface would hold ${short(ions, 2)} ions on its ${short(sites, 2)} sites: one particle in ${short(1 / ions, 1)} would have an ion there. All others sit in the core.`
          : `With ${volt(state.u)} both fill side by side: ${short(centre, 2)} in the centre, ${short(surface, 2)} at the surface.`,
      };
    },
  };
}
