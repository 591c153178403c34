// What a student says first: a choice, or values dragged in a figure (by pointer, or with sliders by keyboard).

// A verdict, and the room for the longest one, so that nothing moves when it appears.
const verdict = (longest) => `<div class="verdict"><p class="room" aria-hidden="true">You expected otherwise. ${longest}</p><p class="told-now" aria-live="polite"></p></div>`;

class ChosenPrediction {
  // spec: {choices, right, why: [a sentence for each choice]}
  constructor(spec, parent, made) {
    this.spec = spec;
    parent.append(html(`${spec.choices.map((text, k) => `<label class="choice"><input type="radio" name="guess" value="${k}"><span>${text}</span></label>`).join("")}${verdict(spec.because)}`));
    this.inputs = [...parent.querySelectorAll("[name=guess]")];
    this.told = parent.querySelector(".verdict .told-now");
    this.inputs.forEach((one) => one.addEventListener("change", () => made([Number(one.value)])));
  }

  accepts(guess) {
    return guess.length === 1 && Number.isInteger(guess[0]) && guess[0] >= 0 && guess[0] < this.spec.choices.length;
  }

  show(guess) {
    this.inputs.forEach((one) => { one.checked = guess?.[0] === Number(one.value); });
    if (!guess) this.told.textContent = "";
    else this.told.textContent = guess[0] === this.spec.right ? `As you expected. ${this.spec.because}` : `You expected otherwise. ${this.spec.because}`;
  }

  resize() {}
}

class DraggedPrediction {
  // spec: {handles: [{name, x, color, shape}], of: "x" | "y", figure: what Figure.draw takes, step, start,
  //        verdict(guess): a sentence}
  constructor(spec, parent, made) {
    this.spec = spec;
    const axis = spec.figure[spec.of];
    this.values = spec.handles.map((one) => one.start);
    parent.append(html(`<div class="small"><div class="plot" id="guess-plot"></div></div>${spec.handles.map((one, k) => `<div class="control"><label for="g-${k}">${one.name}</label><div class="row"><input type="range" id="g-${k}" min="${axis.min}" max="${axis.max}" step="${spec.step}"><output class="unit" for="g-${k}"></output></div></div>`).join("")}
      <button type="button" class="main" id="predict">This is my prediction</button>${verdict(spec.verdict(this.values))}`));
    this.figure = new Figure(parent.querySelector("#guess-plot"));
    this.sliders = spec.handles.map((_, k) => parent.querySelector(`#g-${k}`));
    this.outputs = [...parent.querySelectorAll("output")];
    this.told = parent.querySelector(".verdict .told-now");
    this.sliders.forEach((one, k) => one.addEventListener("input", () => { this.values[k] = Number(one.value); this.redraw(); }));
    parent.querySelector("#predict").addEventListener("click", () => made(this.values.slice()));
    this.draggable();
  }

  draggable() {
    const {element} = this.figure;
    element.classList.add("handle", this.spec.of);
    let held = -1;
    const at = (event) => {
      const box = element.getBoundingClientRect(), axis = this.spec.figure[this.spec.of];
      const {left, right, top, bottom} = this.figure.axes;
      const share = this.spec.of === "x" ? (event.clientX - box.left - left) / (right - left) : (bottom - event.clientY + box.top) / (bottom - top);
      const value = axis.min + share * (axis.max - axis.min), {step} = this.spec;
      return Math.min(Math.max(Math.round(value / step) * step, axis.min), axis.max);
    };
    element.addEventListener("pointerdown", (event) => {
      const box = element.getBoundingClientRect(), x = event.clientX - box.left;
      const far = this.spec.handles.map((one) => (this.spec.of === "x" ? 0 : Math.abs(this.figure.axes.X(one.x) - x)));
      held = far.indexOf(Math.min(...far));
      element.setPointerCapture(event.pointerId);
      this.values[held] = Number(at(event).toFixed(6));
      this.redraw();
    });
    element.addEventListener("pointermove", (event) => {
      if (held < 0) return;
      this.values[held] = Number(at(event).toFixed(6));
      this.redraw();
    });
    for (const end of ["pointerup", "pointercancel"]) element.addEventListener(end, () => { held = -1; });
  }

  accepts(guess) {
    const {min, max} = this.spec.figure[this.spec.of];
    return guess.length === this.values.length && guess.every((one) => one >= min && one <= max);
  }

  show(guess) {
    if (guess) this.values = guess.slice();
    this.told.textContent = guess ? this.spec.verdict(guess) : "";
    this.redraw();
  }

  redraw() {
    const {spec, values} = this;
    spec.handles.forEach((one, k) => {
      this.sliders[k].value = values[k];
      const told = spec.told ? spec.told(values[k]) : short(values[k], 3);
      this.outputs[k].textContent = told;
      this.sliders[k].setAttribute("aria-valuetext", told);
    });
    const points = spec.of === "y" ? spec.handles.map((one, k) => ({...one, name: "", x: [one.x], y: [values[k]], open: true})) : [];
    const rules = spec.of === "x" ? spec.handles.map((one, k) => ({x: values[k], text: "your prediction"})) : [];
    this.figure.draw({...spec.figure, points: [...(spec.figure.points ?? []), ...points], rules: [...(spec.figure.rules ?? []), ...rules],
      alt: `Your prediction: ${spec.handles.map((one, k) => `${plain(one.name)} ${short(values[k], 3)}`).join(", ")}`});
  }

  resize() {
    this.figure.redraw();
  }
}
