/** Pyodide with NumPy and mlp_py as the page has them, and loops.py: bench.call(name, ...) calls one of its functions. */
const { loadPyodide } = await import("../page/vendor/pyodide/pyodide.mjs");
const pyodide = await loadPyodide({ packages: ["numpy", "mlp_py"] });

pyodide.FS.mkdir("benchmarks");
for (const name of ["__init__.py", "loops.py", "notes.py"]) {
  pyodide.FS.writeFile(`benchmarks/${name}`, await (await fetch(`../python/${name}`)).text());
}
const idx = async (/** @type {string} */ name) =>
  pyodide.toPy(new Uint8Array(await (await fetch(`../data/${name}`)).arrayBuffer()));
const loops = pyodide.pyimport("benchmarks.loops");
const { read_split } = pyodide.pyimport("mlp_py.dataset");
const data = read_split(await idx("train-images-idx3-ubyte"), await idx("train-labels-idx1-ubyte"));

const plain = (/** @type {any} */ value) => value?.toJs?.({ dict_converter: Object.fromEntries }) ?? value;

globalThis.bench = {
  about: pyodide.runPython("import numpy, mlp_py.kernel; f'NumPy {numpy.__version__}, product: {mlp_py.kernel.backend()}'"),
  /** @param {string} name  of a function that takes the data first */
  call: (name, /** @type {unknown[]} */ ...options) => plain(loops[name](data, ...options)),
  gflops: (/** @type {unknown[]} */ ...options) => plain(loops.gflops(...options)),

  /** GFLOP/s of peak.c, best of several. */
  async peak() {
    const { instance } = await WebAssembly.instantiateStreaming(fetch("../peak.wasm"));
    const steps = 10_000_000;
    let best = Infinity;
    for (let i = 0; i < 8; i++) {
      const started = performance.now();
      instance.exports.peak(steps, 0.5, 1);
      best = Math.min(best, performance.now() - started);
    }
    return (12 * 4 * 2 * steps) / best / 1e6;
  },
};
document.documentElement.dataset.state = "ready";
