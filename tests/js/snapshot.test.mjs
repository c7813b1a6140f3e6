/** Python that goes on from the copy of its memory which the build has made, in the real Pyodide. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { goingOn, recognizeFunctions, SITE_PACKAGES, unpackLibraries } from "../../site/js/snapshot.js";

const CORE = new URL("../../dist/vendor/pyodide/", import.meta.url);
const bytes = (/** @type {string} */ name) => new Uint8Array(readFileSync(new URL(name, CORE)));
const about = JSON.parse(readFileSync(new URL("snapshot.json", CORE), "utf8"));
const { loadPyodide } = await import(new URL("pyodide.mjs", CORE).href);
const { default: createPyodideModule } = await import(new URL("pyodide.asm.mjs", CORE).href);

const folder = mkdtempSync(join(tmpdir(), "libraries-"));
for (const [name, contents] of Object.entries(about.libraries)) {
  for (const [path, library] of Object.entries(await unpackLibraries(bytes(name), contents))) {
    mkdirSync(dirname(folder + path), { recursive: true });
    writeFileSync(folder + path, library);
  }
}

const wasm = Promise.resolve(bytes("pyodide.asm.wasm"));
const locate = (/** @type {string} */ path) => folder + path;

const start = (memory = bytes("snapshot.zst"), env = {}) =>
  loadPyodide({
    indexURL: fileURLToPath(CORE),
    jsglobals: Object.create(null),
    env,
    ...goingOn(createPyodideModule, { about, memory: Promise.resolve(memory), wasm, locate }),
  });

test("NumPy and mlp_py are there, with nothing to import them from", async () => {
  const pyodide = await start();
  assert.deepEqual(pyodide.FS.readdir(SITE_PACKAGES), [".", ".."]);
  const [backend, loss] = pyodide
    .runPython(
      `
      import numpy as np
      from mlp_py import kernel
      from mlp_py.fast import FastMLP
      model = FastMLP(rng=0, dtype=np.float32)
      X, y = np.full((32, 784), 0.25, np.float32), np.arange(32) % 10
      for _ in range(20):
          probabilities = model.forward(X)
          loss = model.calculate_loss(y, probabilities)
          model.backward(X, y, 0.001)
      [kernel.backend(), loss]`,
    )
    .toJs();
  assert.equal(backend, "simd");
  assert.ok(loss > 2 && loss < 2.4, String(loss));
});

test("it does not matter what there was before: another environment, longer strings", async () => {
  const pyodide = await start(undefined, { HOME: "/home/pyodide", ANYTHING: "x".repeat(5_000) });
  assert.equal(pyodide.runPython("import numpy; int(numpy.arange(1000).sum())"), 499_500);
});

test("memory that is not what it was is refused", async () => {
  const memory = bytes("snapshot.zst");
  memory[memory.length >> 1] ^= 1;
  await assert.rejects(start(memory.slice(0, memory.length >> 1)), /could not be unpacked/);
});

test("what it does not have in memory it imports once it is given the packages", async () => {
  const pyodide = await start();
  const eigenvalues = "import numpy; numpy.linalg.eigvalsh([[2.0, 1.0], [1.0, 2.0]]).round(9).tolist()";
  for (let i = 0; i < 2; i++) assert.throws(() => pyodide.runPython(eigenvalues), /No module named 'numpy.linalg._umath_linalg'/);
  pyodide.FS.writeFile("/lib/python314.zip", bytes("python_stdlib.zip"));
  const wheels = Object.keys(JSON.parse(readFileSync(new URL("../../build.json", CORE), "utf8")).files);
  for (const path of wheels.filter((path) => /\/(numpy|mlp_py)-.*\.whl$/.test(path))) {
    pyodide.unpackArchive(bytes(path.split("/").pop() ?? ""), "wheel", { extractDir: SITE_PACKAGES });
  }
  const found = pyodide.runPython(`
    import importlib; importlib.invalidate_caches()
    import statistics, numpy.fft, numpy.ma
    from mlp_py import exercises, picture
    [statistics.mean([1, 2, 6]), abs(numpy.fft.fft([1, 1, 1, 1])[0]), int(numpy.ma.masked_less([1, 5], 3).sum())]`);
  assert.deepEqual(found.toJs(), [3, 4, 5]);
  for (let i = 0; i < 2; i++) assert.deepEqual(pyodide.runPython(eigenvalues).toJs(), [1, 3]);
});

test("a table that gives other objects for functions than exports do is made to give the same", () => {
  const named = (/** @type {string} */ name) => Object.defineProperty(() => null, "name", { value: name });
  const [malloc, free] = [named("7"), named("8")];
  // Those of a module before are numbered from 0 as well.
  const before = named("7");
  const places = [before, null, named("7"), named("9"), named("8")];
  const table = {
    length: places.length,
    get: (/** @type {number} */ place) => places[place],
    set: (/** @type {number} */ place, /** @type {any} */ value) => (places[place] = value),
  };
  const stays = places[3];
  recognizeFunctions({ malloc, free, memory: {} }, { env: { __indirect_function_table: table, __table_base: 1 } });
  assert.deepEqual(places, [before, null, malloc, stays, free]);
  assert.equal(places[2], malloc);
  assert.equal(places[0], before);
});

test("where a table gives the same objects, nothing is changed in it", async (t) => {
  const { instantiate } = WebAssembly;
  const set = t.mock.method(WebAssembly.Table.prototype, "set");
  let count = 0;
  t.mock.method(WebAssembly, "instantiate", async (/** @type {any} */ source, /** @type {any} */ imports) => {
    const made = /** @type {any} */ (await instantiate(source, imports));
    const before = set.mock.callCount();
    recognizeFunctions((made.instance ?? made).exports, imports);
    assert.equal(set.mock.callCount(), before);
    count += 1;
    return made;
  });
  await start();
  assert.equal(count, 1 + Object.values(about.libraries).flat().length);
});
