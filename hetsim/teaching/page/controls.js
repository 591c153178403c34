// Sliders with a typed value, choices and presets. What is typed and cannot be used is refused beside the field.

const html = (text) => { const box = document.createElement("template"); box.innerHTML = text; return box.content; };

// A typed number: a decimal comma is understood. {value} or {refused: a sentence}.
function understood(text, {min, max, unit, digits = 4}) {
  const range = `${short(min, digits)} to ${short(max, digits)}${unit ? ` ${unit}` : ""}`;
  const written = text.trim().replace(",", ".").replace("−", "-");
  const value = written === "" ? NaN : Number(written);
  if (!Number.isFinite(value)) return {refused: `“${text.trim().slice(0, 16)}” is no number; allowed: ${range}.`};
  if (value < min || value > max) return {refused: `${short(value)} is ${value < min ? "below" : "above"} the range; allowed: ${range}.`};
  return {value};
}

const plain = (text) => text.replace(/<[^>]+>/g, "");

class Slider {
  // spec: {key, name, unit, min, max, step, def, log, digits, say};  changed(key, value) is called with a new value
  constructor(spec, parent, changed) {
    this.spec = spec;
    const {key, name, unit = "", log} = spec;
    const [min, max] = log ? [Math.log10(spec.min), Math.log10(spec.max)] : [spec.min, spec.max];
    parent.append(html(`<div class="control"><label for="r-${key}">${name}</label><div class="row">
      <input type="range" id="r-${key}" min="${min}" max="${max}" step="${log ? 0.01 : spec.step}">
      <input type="text" inputmode="decimal" id="n-${key}" aria-label="${plain(name)}, typed" aria-describedby="s-${key}" autocomplete="off"><span class="unit">${unit}</span></div>
      <div class="say" id="s-${key}"></div></div>`));
    this.range = parent.querySelector(`#r-${key}`);
    this.field = parent.querySelector(`#n-${key}`);
    this.told = parent.querySelector(`#s-${key}`);
    this.range.addEventListener("input", () => {
      const raw = Number(this.range.value);
      const at = log ? Number((10 ** raw).toPrecision(3)) : Number(raw.toFixed(6));
      changed(key, Math.min(Math.max(at, spec.min), spec.max));
    });
    this.field.addEventListener("change", () => {
      const {value, refused} = understood(this.field.value, spec);
      if (refused) this.refuse(refused);
      else changed(key, value);
    });
  }

  refuse(sentence) {
    this.field.setAttribute("aria-invalid", "true");
    this.told.textContent = sentence;
    this.told.className = "say wrong";
    this.told.setAttribute("role", "alert");
  }

  show(value) {
    const {log, unit = "", say, digits = 4} = this.spec;
    this.range.value = log ? Math.log10(value) : value;
    this.field.value = String(+value.toPrecision(digits));
    this.field.removeAttribute("aria-invalid");
    this.told.className = "say";
    this.told.removeAttribute("role");
    const hint = say ? say(value) : "";
    this.told.textContent = hint;
    this.range.setAttribute("aria-valuetext", `${short(value, digits)} ${plain(unit)}. ${hint}`);
  }

  accepts(value) {
    return typeof value === "number" && value >= this.spec.min && value <= this.spec.max;
  }
}

class Choice {
  // spec: {key, name, options: [[value, text]], def}
  constructor(spec, parent, changed) {
    this.spec = spec;
    const {key, name, options} = spec;
    const radios = options.map(([value, text]) => `<label class="choice"><input type="radio" name="c-${key}" value="${value}"><span>${text}</span></label>`);
    const list = options.map(([value, text]) => `<option value="${value}">${text}</option>`);
    parent.append(html(spec.list
      ? `<div class="control"><label for="c-${key}">${name}</label><select id="c-${key}">${list.join("")}</select></div>`
      : `<fieldset class="control"><legend>${name}</legend>${radios.join("")}</fieldset>`));
    this.inputs = [...parent.querySelectorAll(spec.list ? `#c-${key}` : `[name="c-${key}"]`)];
    this.inputs.forEach((one) => one.addEventListener("change", () => changed(key, Number(one.value))));
  }

  show(value) {
    if (this.spec.list) this.inputs[0].value = value;
    else this.inputs.forEach((one) => { one.checked = Number(one.value) === value; });
  }

  accepts(value) {
    return this.spec.options.some(([one]) => one === value);
  }
}

class Presets {
  // spec: {name, buttons: [[text, {key: value}]]}
  constructor(spec, parent, changed) {
    parent.append(html(`<div class="control"><span class="label">${spec.name}</span><div class="buttons">${spec.buttons.map(([text], k) => `<button type="button" data-preset="${k}">${text}</button>`).join("")}</div></div>`));
    parent.lastElementChild.querySelectorAll("button").forEach((button, k) => {
      button.addEventListener("click", () => changed(spec.buttons[k][1]));
    });
  }
}
