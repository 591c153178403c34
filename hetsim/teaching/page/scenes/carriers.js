// Scene 6: space charge. Which carriers, along or across, half full or nearly empty.

function carriersScene(engine, data) {
  const law = engine.law(data.laws.carriers);
  const KELVIN = 298.15;
  const ions = Array.from({length: 97}, (_, k) => 0.74 - 0.005 * k); // potentials of the ions [V], empty to full
  const potentials = Array.from({length: 61}, (_, k) => k / 150);
  const temperatures = Array.from({length: 41}, (_, k) => 230 + 3.5 * k);

  // Potentials of the ions [V] at which the grain holds an occupancy, at some temperatures.
  function potentialsAt(occupancy, kelvins) {
    const miss = (at) => law.of(0, kelvins, at, 1, 0).occupancy.map((found) => logOdds(found) - logOdds(occupancy));
    return roots(miss, kelvins.map(() => 0.1), kelvins.map(() => 0.9));
  }

  // Interface potential [mV] that dilute carriers of one mobility need for a ratio.
  function needed(ratio) {
    const miss = (at) => law.of(at, KELVIN, 0.5, 1, 0)["dilute layer"].map((found) => Math.log(found / ratio));
    return 1e3 * roots(miss, [0], [1])[0];
  }

  const MEASURED = 62.84; // [mV], FeSe/Fe3Se4
  const hundred = needed(100), [given] = law.of([MEASURED / 1e3], KELVIN, 0.5, 1, 0)["dilute layer"];
  const axis = {label: "interface potential [mV]", min: 0, max: 400};
  const ratios = {label: "conductivity, layer over grain", min: 0.03, max: 3000, log: true, ticks: [[0.1, "0.1"], [1, "1"], [10, "10"], [100, "100"], [1000, "1000"]]};
  const printed = {low: 100, high: 1000, text: "as reviews print it"};
  const kinds = {dilute: "dilute defects", lattice: "stored ions"};
  const STYLES = {dilute: {color: "c0"}, lattice: {color: "c1", dash: DASHED}};
  return {
    id: "carriers",
    title: "Space charge",
    question: "A space charge gathers mobile defects along a junction. Measured interface potentials are 17 and 63 mV. Which potential would it take to make the layer conduct a hundred times as well as the grain?",
    prediction: {
      of: "x", step: 5, told: (value) => `${value} mV`,
      figure: {x: axis, y: ratios, bands: [printed], rules: [{x: 17.24, text: ""}, {x: MEASURED, text: "measured"}]},
      handles: [{name: "Potential for a ratio of 100", start: 100}],
      verdict: ([value]) => `You said ${short(value, 3)} mV; it takes ${short(hundred, 3)} mV. ${Math.abs(value - hundred) < 40 ? "Well predicted." : value < hundred ? "The layer conducts as exp(FV/2RT), only half of the exponent." : "A little less is enough."} What was measured, 63 mV, gives ${short(given, 2)}.`,
    },
    controls: [
      {key: "p", name: "Interface potential", unit: "mV", min: 0, max: 400, step: 1, def: 63, say: () => "17 and 63 mV were measured (FeSe/Fe3Se4)"},
      {key: "k", name: "Carriers", options: [[0, "few mobile defects: conduct, do not store"], [1, "the stored ions themselves"]], def: 0},
      {key: "m", name: "Occupancy of the host", unit: "", min: 0.02, max: 0.98, step: 0.01, def: 0.5, say: (m) => `${m < 0.1 ? "nearly empty" : m > 0.9 ? "nearly full" : "partly filled"}; acts on stored ions only`},
      {key: "w", name: "Way of the ions", options: [[0, "along layers"], [1, "network around grains"], [2, "across layers"]], def: 0},
      {key: "T", name: "Temperature", unit: "K", min: 230, max: 370, step: 1, def: 298, say: (T) => `${Math.round(T - 273.15)} °C`},
      {key: "h", name: "Barrier of the grain minus that of the layer", unit: "eV", min: -0.1, max: 0.3, step: 0.01, def: 0.1, say: (h) => (h > 0 ? "hops are easier in the layer: the ratio grows on cooling" : h < 0 ? "hops are harder in the layer" : "equal barriers")},
      {key: "r", name: "Mobility in the layer over that in the grain, at 25 °C", unit: "", min: 0.1, max: 1000, log: true, def: 1, digits: 3, say: () => "1: only the space charge acts"},
    ],
    figures: ["Layer over grain against the interface potential", "The same ratio against temperature", "The same ratio against filling of the host", "What the whole particle gains in diffusivity"],
    law: "<math><mfrac><msub><mi>σ</mi><mtext>layer</mtext></msub><msub><mi>σ</mi><mtext>grain</mtext></msub></mfrac><mo>=</mo><mi>m</mi><mo>[</mo><mn>1</mn><mo>+</mo><mfrac><mrow><mn>2</mn><mi>λ</mi></mrow><mi>w</mi></mfrac><mo>(</mo><msup><mi>e</mi><mrow><mi>F</mi><mi>φ</mi><mo>/</mo><mn>2</mn><mi>R</mi><mi>T</mi></mrow></msup><mo>−</mo><mn>1</mn><mo>)</mo><mo>]</mo></math> for dilute carriers; for stored ions <math><mi>m</mi><mo>⟨</mo><mi>c</mi><mo>(</mo><mi>u</mi><mo>−</mo><mi>φ</mi><mo>)</mo><mo>⟩</mo><mo>/</mo><mi>c</mi><mo>(</mo><mi>u</mi><mo>)</mo></math>, with <math><mi>c</mi><mo>∝</mo><mi>θ</mi><mo>(</mo><mn>1</mn><mo>−</mo><mi>θ</mi><mo>)</mo></math>.",
    source: "hetsim.laws.junction_channel and hetsim.architectures, after J. Maier (1995), doi:10.1016/0079-6786(95)00004-E; across layers S. Lifson and J. L. Jackson (1962), doi:10.1063/1.1732899. Layers of two Debye lengths, 1 nm, in grains of 34 nm.",
    sentence: "A space charge along a junction conducts better if its carriers are few defects, a little. In a half-full lattice stored ions gain nothing, and across layers a potential only slows.",
    experiment: ["which_carriers", "half_full_lattice", "series_against_parallel"],

    show(state, figures) {
      const {k, m, w, T: kelvin, h, r} = state, volt = state.p / 1e3;
      const kind = Object.keys(kinds)[k];
      const [ion] = potentialsAt(m, [kelvin]);
      const overPotential = law.of(potentials, kelvin, ion, r, h);
      const now = law.of([volt], kelvin, ion, r, h);
      const way = ["along", "network", "across"][w];
      const gainOf = (found, one) => (w === 2 ? found.across : found[`${one} ${way}`]);
      const ratio = now[`${kind} layer`][0], gain = gainOf(now, kind)[0];
      const mv = potentials.map((one) => 1e3 * one);
      const point = (x, y) => [{name: "chosen", x: [x], y: [y], color: "ink", shape: "circle"}];
      const both = (x, found) => Object.keys(kinds).map((one) => ({name: kinds[one], x, y: found[`${one} layer`], ...STYLES[one]}));
      figures[0].draw({
        x: axis, y: ratios, bands: [printed], rules: [{x: 17.24, text: ""}, {x: MEASURED, text: "measured"}],
        lines: both(mv, overPotential), points: point(state.p, ratio),
        alt: `Ratio of the conductivities against the potential; chosen ${short(ratio, 3)}.`,
      });
      const overTemperature = law.of(volt, temperatures, potentialsAt(m, temperatures), r, h);
      figures[1].draw({
        x: {label: "temperature [K]", min: 230, max: 370}, y: ratios, bands: [printed],
        lines: both(temperatures, overTemperature), points: point(kelvin, ratio),
        alt: `Ratio of the conductivities against temperature, from ${short(overTemperature[`${kind} layer`][0], 2)} at 230 K to ${short(overTemperature[`${kind} layer`][40], 2)} at 370 K.`,
      });
      const filled = law.of(volt, kelvin, ions, r, h);
      figures[2].draw({
        x: {label: "occupancy of the host", min: 0, max: 1}, y: ratios, bands: [printed],
        lines: both(filled.occupancy, filled), points: point(m, ratio), rules: [{y: r}],
        alt: "Ratio against the filling: stored ions gain while the host is nearly empty and lose when it is nearly full.",
      });
      const gains = {label: "D of the particle over D of the grain", min: 0.03, max: 3000, log: true, ticks: ratios.ticks};
      figures[3].draw({
        x: axis, y: gains,
        lines: [
          {name: "along", x: mv, y: overPotential[`${kind} along`], color: "c0"},
          {name: "network", x: mv, y: overPotential[`${kind} network`], color: "c2", dash: CHAIN},
          {name: "across", x: mv, y: overPotential.across, color: "c1", dash: DASHED},
        ],
        points: point(state.p, gain),
        alt: `Gain of the diffusivity of the whole particle ${way} the layers: ${short(gain, 3)}.`,
      });
      const whole = ["stack along its layers", "particle with its network", "stack that ions cross"];
      const reason = w === 2 ? "the steps of the potential must be climbed" : k === 1 ? "what conducts more stores more" : "the layers are a small share of it";
      return {
        numbers: [["layer over grain", short(ratio, 3)], [`stored ions, ${short(m, 2)} full`, short(now["lattice layer"][0], 3)], ["dilute defects", short(now["dilute layer"][0], 3)], ["D of the particle", `× ${short(gain, 3)}`]],
        raw: {ratio, gain, dilute: now["dilute layer"][0], lattice: now["lattice layer"][0], hundred},
        told: `At ${short(state.p, 3)} mV and ${short(kelvin, 3)} K the layer conducts ${short(ratio, 3)} times as well as the grain. The ${whole[w]} has ${short(gain, 3)} times the diffusivity of the grain: ${reason}.`,
      };
    },
  };
}
