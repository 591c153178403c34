// Figures as SVG: axes, lines (simulated), markers (measured, or predicted by the student), zones and rules.

const escaped = (text) => String(text).replace(/[&<>"]/g, (c) => ({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}[c]));
const colour = (name) => (name ? `var(--${name})` : "var(--ink)");

// Ticks of an axis: round numbers, or 1, 2, 5 of each decade.
function ticksOf({min, max, log, ticks}, most) {
  if (ticks) return ticks.map((one) => (Array.isArray(one) ? one : [one, String(one)]));
  if (log) {
    const found = [];
    const decades = Math.log10(max / min), parts = decades > 2.6 ? [1] : decades > 1.3 && most < 7 ? [1, 3] : [1, 2, 5];
    for (let e = Math.floor(Math.log10(min)); e <= Math.ceil(Math.log10(max)); e++) {
      for (const part of parts) {
        const value = part * 10 ** e;
        if (value >= min * 0.999 && value <= max * 1.001) found.push([value, short(value)]);
      }
    }
    return found;
  }
  const rough = (max - min) / most, size = 10 ** Math.floor(Math.log10(rough));
  const step = size * [1, 2, 2.5, 5, 10].find((one) => one * size >= rough * 0.999);
  const found = [];
  for (let k = Math.ceil(min / step - 1e-9); k * step <= max + 1e-9 * step; k++) found.push([k * step, short(k * step)]);
  return found;
}

// A number for an axis or a sentence.
function short(value, digits = 4) {
  if (!Number.isFinite(value)) return "–";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e5 || size < 1e-3) {
    const [mantissa, exponent] = value.toExponential(Math.min(digits - 1, 2)).split("e");
    const raised = [...String(+exponent)].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]).join("");
    return (+mantissa === 1 ? "" : `${+mantissa}·`) + `10${raised}`;
  }
  return String(+value.toPrecision(digits)).replace("-", "−");
}

const SHAPES = {
  circle: (x, y, r) => `<circle cx="${x}" cy="${y}" r="${r}"/>`,
  square: (x, y, r) => `<rect x="${x - r}" y="${y - r}" width="${2 * r}" height="${2 * r}"/>`,
  triangle: (x, y, r) => `<path d="M${x} ${y - 1.2 * r}L${x + 1.1 * r} ${y + 0.8 * r}H${x - 1.1 * r}Z"/>`,
  diamond: (x, y, r) => `<path d="M${x} ${y - 1.4 * r}L${x + 1.4 * r} ${y}L${x} ${y + 1.4 * r}L${x - 1.4 * r} ${y}Z"/>`,
};

function marker({shape = "circle", color, open}, x, y, r) {
  const fill = open ? "var(--bg)" : colour(color);
  return `<g fill="${fill}" stroke="${colour(color)}" stroke-width="${open ? r / 2.5 : 1}">${SHAPES[shape](+x.toFixed(1), +y.toFixed(1), r)}</g>`;
}

// The names of lines and markers in rows above the axes.
function legend(entries, width, size, draw) {
  let x = 0, row = 0, text = "";
  for (const one of entries) {
    const wide = 2.6 * size + 0.56 * size * one.name.length + 0.8 * size;
    if (x > 0 && x + wide > width) { x = 0; row += 1; }
    text += draw(one, x, row);
    x += wide;
  }
  return {text, rows: entries.length ? row + 1 : 0};
}

class Figure {
  constructor(element) {
    this.element = element;
    this.name = `in-${element.id}`; // of what a figure refers to in itself
  }

  // Width, height and size of letters [px]. They are asked for once and after a resize: each question lays the page out.
  get room() {
    if (!this.measured) {
      const {clientWidth: width, clientHeight: height} = this.element;
      if (!width || !height) return undefined; // not shown yet
      const letters = parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.82;
      this.measured = {width, height, size: Math.min(letters, width / 24)};
    }
    return this.measured;
  }

  // o: {x, y: {label, min, max, log, ticks}, lines: [{name, x, y, color, dash, width}],
  //     points: [{name, x, y, color, shape, open}], zones: [{from, to, text}], bands: [{low, high, text}],
  //     rules: [{x | y, text}], notes: [{x, y, text, anchor, color}], alt}
  draw(o) {
    this.shown = o;
    const {element, room} = this;
    if (!room) return;
    const {width, height, size} = room;
    const left = 4.3 * size, right = 1.3 * size, bottom = 3.1 * size;
    const named = [...(o.lines ?? []), ...(o.points ?? [])].filter((one) => one.name);
    const inner = width - left - right;
    const entry = (one, x, row) => {
      const y = (row + 0.75) * 1.35 * size, from = 0.5 * size + x;
      const sample = one.shape ? marker(one, from + size, y - 0.3 * size, 0.36 * size)
        : `<path d="M${from} ${y - 0.3 * size}h${2 * size}" ${stroke(one, size)}/>`;
      return `${sample}<text x="${from + 2.4 * size}" y="${y}">${escaped(one.name)}</text>`;
    };
    const names = legend(named, width - size, size, entry);
    const top = names.rows * 1.35 * size + 0.7 * size;
    const place = ({min, max, log}, from, to) => (value) => {
      const share = log ? Math.log(value / min) / Math.log(max / min) : (value - min) / (max - min);
      return from + share * (to - from);
    };
    const X = place(o.x, left, width - right), Y = place(o.y, height - bottom, top);
    this.axes = {X, Y, left, right: width - right, top, bottom: height - bottom};
    const parts = [names.text];
    const down = height - bottom - top;
    for (const {low, high, text} of o.bands ?? []) {
      parts.push(`<rect x="${left}" y="${Y(high)}" width="${inner}" height="${Y(low) - Y(high)}" fill="var(--zone)"/>`);
      if (text) parts.push(`<text x="${left + 0.5 * size}" y="${Y(low) - 0.5 * size}" class="soft">${escaped(text)}</text>`);
    }
    (o.zones ?? []).forEach(({from, to, text, tinted}) => {
      if (tinted) parts.push(`<rect x="${X(from)}" y="${top}" width="${X(to) - X(from)}" height="${down}" fill="var(--zone)"/>`);
      if (text) parts.push(`<text x="${(X(from) + X(to)) / 2}" y="${height - bottom - 0.5 * size}" text-anchor="middle" class="soft">${escaped(text)}</text>`);
    });
    for (const [value, text] of ticksOf(o.x, Math.max(4, Math.floor(inner / (4.2 * size))))) {
      parts.push(`<path d="M${X(value).toFixed(1)} ${height - bottom}v${0.35 * size}" stroke="var(--soft)"/><text x="${X(value).toFixed(1)}" y="${height - bottom + 1.35 * size}" text-anchor="middle">${text}</text>`);
    }
    for (const [value, text] of ticksOf(o.y, Math.max(3, Math.floor(down / (2.6 * size))))) {
      parts.push(`<path d="M${left} ${Y(value).toFixed(1)}h${inner}" stroke="var(--line)" stroke-width=".6"/><text x="${left - 0.4 * size}" y="${(Y(value) + 0.33 * size).toFixed(1)}" text-anchor="end">${text}</text>`);
    }
    parts.push(`<rect x="${left}" y="${top}" width="${inner}" height="${down}" fill="none" stroke="var(--soft)"/>`);
    parts.push(`<text x="${left + inner / 2}" y="${height - 0.45 * size}" text-anchor="middle">${escaped(o.x.label)}</text>`);
    parts.push(`<text transform="translate(${0.95 * size} ${top + down / 2}) rotate(-90)" text-anchor="middle">${escaped(o.y.label)}</text>`);
    for (const {x, y, text, atTop} of o.rules ?? []) {
      const path = x === undefined ? `M${left} ${Y(y)}h${inner}` : `M${X(x)} ${top}v${down}`;
      parts.push(`<path d="${path}" stroke="var(--soft)" stroke-dasharray="2 3"/>`);
      const foot = atTop ? top + 0.5 * size : height - bottom - 0.5 * size;
      if (text && x !== undefined) parts.push(`<text transform="translate(${X(x) - 0.35 * size} ${foot}) rotate(-90)" text-anchor="${atTop ? "end" : "start"}" class="soft">${escaped(text)}</text>`);
      if (text && x === undefined) parts.push(`<text x="${width - right - 0.4 * size}" y="${Y(y) - 0.4 * size}" text-anchor="end" class="soft">${escaped(text)}</text>`);
    }
    parts.push(`<clipPath id="${this.name}"><rect x="${left}" y="${top - 1}" width="${inner}" height="${down + 2}"/></clipPath>`);
    const far = (y) => Math.min(Math.max(y, -1e4), 1e4);
    for (const line of o.lines ?? []) {
      let path = "", pen = "M";
      for (let k = 0; k < line.x.length; k++) {
        const x = X(line.x[k]), y = Y(line.y[k]);
        if (!Number.isFinite(x) || !Number.isFinite(y)) { pen = "M"; continue; }
        path += `${pen}${x.toFixed(1)} ${far(y).toFixed(1)}`;
        pen = "L";
      }
      parts.push(`<path d="${path}" ${stroke(line, size)} stroke-linejoin="round" clip-path="url(#${this.name})"/>`);
    }
    for (const one of o.points ?? []) {
      for (let k = 0; k < one.x.length; k++) {
        const at = Y(one.y[k]);
        if (at >= top - 1 && at <= height - bottom + 1) parts.push(marker(one, X(one.x[k]), at, 0.4 * size));
      }
    }
    for (const note of o.notes ?? []) {
      parts.push(`<text x="${X(note.x)}" y="${Y(note.y)}" text-anchor="${note.anchor ?? "middle"}" style="fill:${colour(note.color)};font-weight:600">${escaped(note.text)}</text>`);
    }
    element.innerHTML = `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-size="${size.toFixed(1)}" role="img" aria-label="${escaped(o.alt)}">${parts.join("")}</svg>`;
  }

  // A particle cut open; occupancy from empty to full in the colours of cividis.
  disc(radius, occupancy, junction, alt) {
    this.shown = {
      alt, x: {label: "radius r/R"}, y: {label: "occupancy"}, lines: [{name: "occupancy", x: radius, y: occupancy}],
      redraw: () => this.disc(radius, occupancy, junction, alt),
    };
    const {element, room} = this;
    if (!room) return;
    const {width, height, size} = room;
    const r = Math.min(width / 2 - size, (height - 4.6 * size) / 2), cx = width / 2, cy = r + size;
    const stops = Array.from(radius, (x, k) => `<stop offset="${(100 * x).toFixed(2)}%" stop-color="${cividis(occupancy[k])}"/>`);
    const scale = Array.from({length: 9}, (_, k) => `<stop offset="${12.5 * k}%" stop-color="${cividis(k / 8)}"/>`);
    const y = cy + r + 1.2 * size;
    element.innerHTML = `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-size="${size.toFixed(1)}" role="img" aria-label="${escaped(alt)}">
<defs><radialGradient id="${this.name}">${stops.join("")}</radialGradient><linearGradient id="${this.name}s">${scale.join("")}</linearGradient></defs>
<circle cx="${cx}" cy="${cy}" r="${r}" fill="url(#${this.name})" stroke="var(--soft)"/>
<circle cx="${cx}" cy="${cy}" r="${junction * r}" fill="none" stroke="#fff" stroke-width="2" stroke-dasharray="5 4"/>
<rect x="${cx - r}" y="${y}" width="${2 * r}" height="${0.8 * size}" fill="url(#${this.name}s)"/>
<text x="${cx - r}" y="${y + 2.1 * size}">0 empty</text><text x="${cx}" y="${y + 2.1 * size}" text-anchor="middle">occupancy</text><text x="${cx + r}" y="${y + 2.1 * size}" text-anchor="end">full 1</text></svg>`;
  }

  redraw() {
    this.measured = undefined;
    if (this.shown?.redraw) this.shown.redraw();
    else if (this.shown) this.draw(this.shown);
  }

  // The figure as a file of its own: colours written out, a background, a title.
  svg(title) {
    const style = getComputedStyle(document.documentElement);
    const text = this.element.innerHTML.replace(/var\((--[\w-]+)\)/g, (_, name) => style.getPropertyValue(name).trim());
    const ink = style.getPropertyValue("--ink").trim(), soft = style.getPropertyValue("--soft").trim();
    const rules = `<title>${escaped(title)}</title><style>text{fill:${ink};font-family:system-ui,"DejaVu Sans",sans-serif}.soft{fill:${soft}}</style>`
      + `<rect width="100%" height="100%" fill="${style.getPropertyValue("--bg").trim()}"/>`;
    return text.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ').replace(">", `>${rules}`);
  }

  // What is drawn, one row a point.
  csv() {
    const quoted = (one) => `"${String(one).replace(/"/g, '""')}"`;
    const {x, y, lines = [], points = []} = this.shown;
    const rows = [["series", "kind", x.label, y.label].map(quoted).join(",")];
    for (const [kind, list] of [["line", lines], ["marker", points]]) {
      for (const one of list) {
        for (let k = 0; k < one.x.length; k++) {
          if (Number.isFinite(one.y[k])) rows.push(`${quoted(one.name ?? "")},${kind},${one.x[k]},${one.y[k]}`);
        }
      }
    }
    return rows.join("\n") + "\n";
  }
}

function stroke({color, dash, width = 1}, size) {
  const dashes = dash ? ` stroke-dasharray="${dash.map((one) => (one * size / 13).toFixed(1)).join(" ")}"` : "";
  return `fill="none" stroke="${colour(color)}" stroke-width="${(0.19 * size * width).toFixed(2)}"${dashes}`;
}

const DASHED = [8, 4], DOTTED = [2, 4], CHAIN = [9, 4, 2, 4];

const CIVIDIS = [[0, 34, 78], [67, 78, 108], [125, 124, 120], [188, 175, 111], [254, 232, 56]];

function cividis(value) {
  const at = Math.min(Math.max(value, 0), 0.9999) * 4, k = Math.floor(at);
  return `rgb(${CIVIDIS[k].map((c, i) => Math.round(c + (at - k) * (CIVIDIS[k + 1][i] - c))).join(",")})`;
}
