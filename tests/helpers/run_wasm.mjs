// node run_wasm.mjs ENGINE_MODULE WASM TAPE TASK: the answers of the engine to a task, as JSON
import {readFileSync} from "node:fs";
import {pathToFileURL} from "node:url";

const [module, wasm, tape, asked] = process.argv.slice(2);
const {Engine} = await import(pathToFileURL(module));
const read = (path) => JSON.parse(readFileSync(path, "utf-8"));
const engine = await Engine.from(readFileSync(wasm));
const {values, chains, options, repeat} = read(asked);
const model = engine.model(read(tape));
let answers, fastest = Infinity;
for (let k = 0; k < repeat; k++) {
  const begin = performance.now();
  answers = model.run(values, chains, options);
  fastest = Math.min(fastest, performance.now() - begin);
}
for (const name of Object.keys(answers)) answers[name] = Array.from(answers[name]);
console.log(JSON.stringify({version: engine.version, milliseconds: fastest, ...answers}));
