/**
 * Python in this worker: started with the site's files, and asked by plain calls.
 *
 * @import { PyodideAPI } from "pyodide"
 * @import { Files } from "./files.js"
 * @import { Failure } from "./protocol.js"
 */
import { Failed } from "./protocol.js";
import { filesOf, ROOT } from "./site.js";

const HOME = new URL("vendor/pyodide/", ROOT);

export class Python {
  /** @type {any} a PyProxy of mlp_py.session.Session */
  #session;

  /** @param {PyodideAPI} pyodide */
  constructor(pyodide) {
    this.pyodide = pyodide;
  }

  /** @param {Files} files */
  static async start(files) {
    const paths = filesOf("python");
    return files.during("Fetching Python and NumPy", paths, async () => {
      const coming = files.serveFetch(paths);
      try {
        // Modules are imported past fetch(), so what is wrong in a cache is put right, or told, before.
        await Promise.all(paths.filter((path) => path.endsWith(".mjs")).map((path) => coming.get(path)));
        const { loadPyodide } = /** @type {typeof import("pyodide")} */ (await import(new URL("pyodide.mjs", HOME).href));
        const loading = loadPyodide({ indexURL: HOME.href, packages: ["numpy", "mlp_py"] });
        // Of what does not come Pyodide tells in words of its own, or waits for ever; so that is seen here.
        const [pyodide] = await Promise.all([loading, ...coming.values()]);
        return new Python(pyodide);
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
    try {
      const { result, failure } = toJs(this.#session.answer(method, ...copies));
      if (failure) throw new Failed(failure);
      return result ?? null;
    } finally {
      for (const copy of copies) copy?.destroy?.();
    }
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
