// What scripts/teaching_tapes.py has packed: a JSON text, and behind it the numbers that it names.

async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).arrayBuffer();
}

const ARRAYS = {i2: Int16Array, f8: Float64Array, tape: Int16Array};

function unpacked(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  const content = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const list = ({kind, at, length: count}) => {
    const array = new ARRAYS[kind](buffer, 4 + length + at, count);
    if (kind !== "tape") return array;
    const rows = count / 5, code = new Int32Array(count); // written column after column
    for (let k = 0; k < 5; k++) for (let row = 0; row < rows; row++) code[5 * row + k] = array[k * rows + row];
    return code;
  };
  for (const group of ["models", "laws"]) {
    for (const file of Object.values(content[group])) {
      for (const [name, value] of Object.entries(file.model)) if (typeof value === "object") file.model[name] = list(value);
    }
  }
  return content;
}
