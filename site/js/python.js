/**
 * Python in this worker: started with the site's files, and asked by plain calls.
 *
 * @import { PyodideAPI } from "pyodide"
 * @import { Files } from "./files.js"
 * @import { Event_, Failure } from "./protocol.js"
 */
import { importPyodide, ROOT } from "./host.js";
import { Failed } from "./protocol.js";
import { filesOf } from "./site.js";
import { goingOn, recognizeFunctions, SITE_PACKAGES, Unfit, unpackLibraries } from "./snapshot.js";

const FOLDER = "vendor/pyodide/";
/** Under this path Pyodide is given libraries that it asks for; there are no such files. */
const LIBRARIES = `${FOLDER}libraries`;
const STDLIB = "python_stdlib.zip";
/** Where Python has its standard library. */
const STDLIB_PLACE = "/lib/python314.zip";

/** How often, in ms, Python that is at work looks up, to see whether it is stuck in a visitor's code (mlp_py/deadline.py). */
const LOOK = 100;
const SIGINT = 2;
/** As many pages of 64 KB as Python's memory may have: beyond 2 GB Pyodide takes addresses for negative numbers (pyodide#6217). */
const MOST_PAGES = 2 ** 15;

export class Python {
  /** @type {any} a PyProxy of mlp_py.session.Session */
  #session;
  /** Whether all can be imported that there is, and nothing has to be added. */
  hasPackages = false;
  /** When Python looks up next, by performance.now(). */
  #nextLook = Infinity;

  /**
   * @param {PyodideAPI} pyodide
   * @param {(event: Event_) => void} tell  what comes unasked, also while Python is at work
   */
  constructor(pyodide, tell) {
    this.pyodide = pyodide;
    this.tell = tell;
    bound(/** @type {any} */ (pyodide)._module.memory);
  }

  /**
   * @param {Files} files
   * @param {(event: Event_) => void} tell
   */
  static async start(files, tell) {
    const paths = filesOf("python");
    return files.during("Fetching Python and NumPy", paths, async () => {
      const isCode = (/** @type {string} */ path) => /\.(mjs|wasm)$/.test(path); // which is compiled while the rest comes
      const coming = files.serveFetch(paths.filter(isCode), paths.filter((path) => !isCode(path)));
      const compile = compilingAhead();
      const wasm = /** @type {Promise<Uint8Array<ArrayBuffer>>} */ (coming.get(`${FOLDER}pyodide.asm.wasm`));
      compile(wasm);
      const copy = snapshot(coming, compile);
      copy.catch(() => null); // whoever takes it is told
      try {
        // Modules are imported past fetch(), so what is wrong in a cache is put right, or told, before.
        await Promise.all(paths.filter((path) => path.endsWith(".mjs")).map((path) => coming.get(path)));
        const { loadPyodide, createPyodideModule } = await importPyodide();
        // Python sees nothing of the browser: a visitor's code, or that of a link, has no way to the page or what it keeps.
        const options = { indexURL: new URL(FOLDER, ROOT).href, jsglobals: Object.create(null) };
        // Of what does not come Pyodide tells in words of its own, or waits for ever; so that is seen here.
        const load = async (/** @type {any} */ more) =>
          (await Promise.all([loadPyodide({ ...options, ...more }), ...coming.values()]))[0];
        try {
          const python = new Python(await load(goingOn(createPyodideModule, await copy)), tell);
          python.pyodide.runPython(ANEW);
          return python;
        } catch (error) {
          if (!(error instanceof Unfit)) throw error;
        }
        compile(wasm);
        for (const path of filesOf("packages")) coming.set(path, files.fetch(path));
        const python = new Python(await load({ packages: ["numpy", "mlp_py"] }), tell);
        python.hasPackages = true;
        return python;
      } finally {
        coming.clear();
      }
    });
  }

  /**
   * @param {number} hiddenSize
   * @param {number} seed
   */
  begin(hiddenSize, seed) {
    const { Session } = this.pyodide.pyimport("mlp_py.session");
    this.#session = Session(hiddenSize, seed);
    this.#session.watch(() => this.tell({ type: "alive" }), (/** @type {number} */ line) => this.tell({ type: "hung", line }));
    this.#startClock();
    this.#closeDoors();
    const version = this.pyodide.runPython("import platform; platform.python_version()");
    return { python: version, pyodide: this.pyodide.version, .../** @type {any} */ (this.ask("about")) };
  }

  /**
   * Call a method of the session; arrays and objects are copied for it.
   *
   * @param {string} method  a dot leads to what belongs to a part of it
   * @param {unknown[]} options
   * @returns {any} what it returns
   */
  ask(method, ...options) {
    const copies = options.map((option) => (option instanceof Object ? this.pyodide.toPy(option) : option ?? undefined));
    this.#nextLook = performance.now() + LOOK;
    try {
      const { result, failure, printed } = toJs(this.#session.answer(method, ...copies));
      if (printed) this.tell({ type: "print", text: printed });
      if (failure) throw new Failed(failure);
      return result ?? null;
    } finally {
      this.#nextLook = Infinity;
      for (const copy of copies) copy?.destroy?.();
    }
  }

  /**
   * Let more be imported, from now on.
   *
   * @param {string} path  in the site
   * @param {Uint8Array<ArrayBuffer>} bytes  the standard library, which comes first, or a wheel
   */
  add(path, bytes) {
    if (path.endsWith(STDLIB)) this.pyodide.FS.writeFile(STDLIB_PLACE, bytes);
    else this.pyodide.unpackArchive(bytes, "wheel", { extractDir: SITE_PACKAGES });
    this.pyodide.runPython("import importlib; importlib.invalidate_caches()");
  }

  /**
   * Let others do some of a large product's rows (Begin and More in mlp_py/kernel.c).
   *
   * @param {(...product: number[]) => number} begin
   * @param {(first: number) => number} more
   */
  setThreads(begin, more) {
    const { addFunction } = /** @type {any} */ (this.pyodide)._module;
    this.pyodide.pyimport("mlp_py.kernel").set_threads(addFunction(begin, "iiiiiiiiiiiifi"), addFunction(more, "ii"));
  }

  /** Python's memory, as long as it does not grow. @returns {Float32Array<ArrayBuffer>} */
  get floats() {
    return /** @type {any} */ (this.pyodide)._module.HEAPF32;
  }

  /** The same memory. @returns {Int32Array<ArrayBuffer>} */
  get integers() {
    return /** @type {any} */ (this.pyodide)._module.HEAP32;
  }

  /** What of Pyodide itself would lead out of Python. */
  #closeDoors() {
    this.pyodide.unregisterJsModule("pyodide_js");
    this.pyodide.runPython(`
      import sys
      for name in [name for name in sys.modules if name.partition(".")[0] == "pyodide_js"]:
          del sys.modules[name]
    `);
  }

  /**
   * Python looks now and then whether somebody has put a signal into a buffer, which nobody else can do while it is at work
   * in this thread. So the buffer itself looks at the clock.
   */
  #startClock() {
    const look = () => {
      const now = performance.now();
      if (now < this.#nextLook) return 0;
      this.#nextLook = now + LOOK;
      return SIGINT;
    };
    const clock = Object.defineProperty({}, 0, { get: look, set() {} });
    this.pyodide.setInterruptBuffer(/** @type {any} */ (clock));
  }
}

/**
 * Let what wants too much hear that there is no more memory, as it does where the browser has none.
 *
 * @param {WebAssembly.Memory} memory
 */
function bound(memory) {
  const grow = memory.grow.bind(memory);
  memory.grow = (pages) => {
    if (memory.buffer.byteLength / 2 ** 16 + pages > MOST_PAGES) throw new RangeError("Python may not have more memory.");
    return grow(pages);
  };
}

/** What in memory is the same for every visitor, and should not be. */
const ANEW = `
  import random
  import numpy
  random.seed()
  numpy.random.seed()
`;

/**
 * Lets WebAssembly be compiled as soon as it is there, while the JavaScript that will ask for it is still on its way. What
 * Pyodide asks for after that is what was given here, in this order; nobody else in this worker asks for any.
 *
 * @returns {(bytes: Promise<Uint8Array<ArrayBuffer>>) => void} give it what will be asked for
 */
function compilingAhead() {
  const { instantiate } = WebAssembly;
  /** @type {Promise<WebAssembly.Module>[]} */
  const compiled = [];
  let areKnown = false;
  const takeNext = async (/** @type {WebAssembly.Imports} */ imports) => {
    const module = await /** @type {Promise<WebAssembly.Module>} */ (compiled.shift());
    const instance = await instantiate(module, imports);
    areKnown ||= recognizeFunctions(instance.exports, imports);
    return { module, instance };
  };
  WebAssembly.instantiateStreaming = (_source, imports = {}) => takeNext(imports);
  WebAssembly.instantiate = /** @type {typeof instantiate} */ (
    (/** @type {any} */ source, /** @type {WebAssembly.Imports} */ imports) =>
      source instanceof WebAssembly.Module || !compiled.length ? instantiate(source, imports) : takeNext(imports)
  );
  return (bytes) => {
    const module = bytes.then((bytes) => WebAssembly.compile(bytes));
    module.catch(() => null); // whoever takes it is told
    compiled.push(module);
  };
}

/**
 * What Python goes on from, as the build has kept it. Its libraries are compiled as soon as they are there.
 *
 * @param {Map<string, Promise<Uint8Array<ArrayBuffer>>>} coming  files by their paths, to which what else Pyodide fetches is added
 * @param {(bytes: Promise<Uint8Array<ArrayBuffer>>) => void} compile
 * @returns {Promise<import("./snapshot.js").Copy>}
 */
async function snapshot(coming, compile) {
  const file = (/** @type {string} */ name) => /** @type {Promise<Uint8Array<ArrayBuffer>>} */ (coming.get(FOLDER + name));
  /** @type {import("./snapshot.js").About} */
  const about = JSON.parse(new TextDecoder().decode(await file("snapshot.json")));
  for (const [name, contents] of Object.entries(about.libraries)) {
    const unpacked = file(name).then((packed) => unpackLibraries(packed, contents));
    for (const [path] of contents) {
      const library = unpacked.then((libraries) => libraries[path]);
      coming.set(LIBRARIES + path, library);
      compile(library);
    }
  }
  coming.set(FOLDER + STDLIB, Promise.resolve(new Uint8Array())); // all that it takes is in memory; the rest comes by add()
  const locate = (/** @type {string} */ path) => new URL(LIBRARIES + path, ROOT).href;
  return { about, memory: file("snapshot.zst"), wasm: file("pyodide.asm.wasm"), locate };
}

/** @param {any} value  what a Python call returned */
function toJs(value) {
  const converted = value.toJs({ dict_converter: Object.fromEntries });
  value.destroy();
  return converted;
}

/**
 * @param {unknown} error
 * @returns {Failure}
 */
export function failureOf(error) {
  if (error instanceof Failed) return error.failure;
  const { type, message } = /** @type {Error & {type?: string}} */ (error);
  // Of a Python error the last line, without the traceback.
  const sentence = type ? message.split(`\n${type}: `).pop()?.trim() : message;
  return { kind: "internal", message: `This should not have happened: ${sentence || String(error)}` };
}
