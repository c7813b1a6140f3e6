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

const HOME = new URL("vendor/pyodide/", ROOT);

/** How often, in ms, Python that is at work looks up, to see whether it is stuck in a visitor's code (mlp_py/deadline.py). */
const LOOK = 100;
const SIGINT = 2;

export class Python {
  /** @type {any} a PyProxy of mlp_py.session.Session */
  #session;
  /** When Python looks up next, by performance.now(). */
  #nextLook = Infinity;

  /**
   * @param {PyodideAPI} pyodide
   * @param {(event: Event_) => void} tell  what comes unasked, also while Python is at work
   */
  constructor(pyodide, tell) {
    this.pyodide = pyodide;
    this.tell = tell;
  }

  /**
   * @param {Files} files
   * @param {(event: Event_) => void} tell
   */
  static async start(files, tell) {
    const paths = filesOf("python");
    return files.during("Fetching Python and NumPy", paths, async () => {
      const coming = files.serveFetch(paths);
      try {
        // Modules are imported past fetch(), so what is wrong in a cache is put right, or told, before.
        await Promise.all(paths.filter((path) => path.endsWith(".mjs")).map((path) => coming.get(path)));
        const { loadPyodide, createPyodideModule } = await importPyodide();
        // Python sees nothing of the browser: a visitor's code, or that of a link, has no way to the page or what it keeps.
        const jsglobals = Object.create(null);
        const loading = loadPyodide({ indexURL: HOME.href, packages: ["numpy", "mlp_py"], jsglobals, createPyodideModule });
        // Of what does not come Pyodide tells in words of its own, or waits for ever; so that is seen here.
        const [pyodide] = await Promise.all([loading, ...coming.values()]);
        return new Python(pyodide, tell);
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
    const { watch } = this.pyodide.pyimport("mlp_py.deadline");
    watch(() => this.tell({ type: "alive" }), (/** @type {number} */ line) => this.tell({ type: "hung", line }));
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

  /** @param {Uint8Array<ArrayBuffer>} wheel  to import from, from now on */
  unpack(wheel) {
    this.pyodide.unpackArchive(wheel, "wheel");
    this.pyodide.runPython("import importlib; importlib.invalidate_caches()");
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
