/**
 * The worker: boots Pyodide, gives requests to mlp_py's Session, and trains in short slices, so
 * that between two of them any request is answered.
 *
 * @import * as Protocol from "./protocol.js"
 */
import { countFetchedBytes, fetchBytes, Progress } from "./download.js";

/** How long, in seconds, Python trains before the worker looks for messages. */
const SLICE_SECONDS = 0.04;

const SITE = new URL("../", import.meta.url);

/** The training set's parts: the first 10,000 images come with the page, the rest when wanted. */
const TRAINING_PARTS = [
  { images: "data/train-images-1.idx3-ubyte.gz", labels: "data/train-labels-1.idx1-ubyte.gz" },
  { images: "data/train-images-2.idx3-ubyte.gz", labels: "data/train-labels-2.idx1-ubyte.gz" },
];
const STARTER = ["data/starter.json", "data/starter.npz"];
const ALLOGRAPHS = { images: "data/allographs-images.idx3-ubyte.gz", labels: "data/allographs-labels.idx1-ubyte.gz" };
const HELD_OUT = { images: "data/t10k-images.idx3-ubyte.gz", labels: "data/t10k-labels.idx1-ubyte.gz" };

const progress = new Progress(new URL("build.json", SITE), (state) => self.postMessage({ type: "progress", ...state }));

/** @type {import("pyodide").PyodideAPI} */
let pyodide;
/** @type {any} a PyProxy of mlp_py.session.Session */
let session;

/** @type {{[T in Protocol.RequestType]: (ask: any) => Promise<Protocol.Requests[T]["reply"]> | Protocol.Requests[T]["reply"]}} */
const HANDLERS = {
  boot,
  "fetch-images": fetchImages,
  reset({ hidden_size, seed }) {
    rest();
    session.reset(hidden_size, seed);
    return null;
  },
  train({ runId, run, maxBatches }) {
    if (run) session.start.callKwargs(run);
    void runSlices(runId, maxBatches);
    return null;
  },
  pause() {
    rest();
    return null;
  },
  "learning-rate"({ value }) {
    session.set_learning_rate(value);
    return null;
  },
  read({ points, lengths }) {
    return callWithArrays(session.read, points, lengths);
  },
  corrections({ points, lengths, strokes, labels }) {
    return callWithArrays(session.set_corrections, points, lengths, strokes, labels);
  },
  save: () => saveModel(),
  load({ bytes, epochs }) {
    const hidden_size = callWithArrays((content) => session.load(content, epochs), bytes);
    rest();
    return { hidden_size };
  },
};

self.onmessage = async ({ data }) => {
  const { id, type } = /** @type {Protocol.Request} */ (data);
  try {
    const handler = HANDLERS[type];
    if (!handler) throw new Error(`the worker knows no request “${type}”`);
    const result = await handler(data);
    self.postMessage({ type: "reply", id, result });
  } catch (error) {
    self.postMessage({ type: "reply", id, error: explain(error) });
    crashIfFatal(error);
  }
};

// Begun before the page asks: Python is what takes long. MNIST waits until the page is ready, and does not delay it.
const python = startPython();
python.catch(() => null); // boot() tells
const starter = fetchStarter().catch(() => null); // a comfort: without it, reading begins with training
self.postMessage({ type: "hello" });

// ── Starting ───────────────────────────────────────────────────────────────────────────────

/**
 * @param {Protocol.Requests["boot"]["ask"]} network
 * @returns {Promise<Protocol.About>}
 */
async function boot({ hidden_size, seed }) {
  pyodide = await python;
  const { Session } = pyodide.pyimport("mlp_py.session");
  session = Session(hidden_size, seed);
  const version = pyodide.runPython("import platform; platform.python_version()");
  return { python: version, pyodide: pyodide.version, ...toJs(session.about()), starter: useStarter(await starter) };
}

async function startPython() {
  countFetchedBytes(progress.add);
  void progress.begin("Fetching Python and NumPy", isFetchedAtBoot);
  try {
    const vendor = new URL("vendor/pyodide/", SITE);
    const { loadPyodide } = /** @type {typeof import("pyodide")} */ (await import(new URL("pyodide.mjs", vendor).href));
    return await loadPyodide({ indexURL: vendor.href, packages: ["numpy", "mlp_py"] });
  } finally {
    progress.end();
  }
}

/** @returns {Promise<{about: Protocol.Starter, bytes: Uint8Array}>} */
async function fetchStarter() {
  const [about, bytes] = await Promise.all(STARTER.map((file) => fetchBytes(new URL(file, SITE))));
  return { about: JSON.parse(new TextDecoder().decode(about)), bytes };
}

/** @param {{about: Protocol.Starter, bytes: Uint8Array} | null} starter */
function useStarter(starter) {
  if (!starter) return null;
  try {
    callWithArrays(session.load, starter.bytes);
  } catch {
    return null; // it came damaged, and the network in use is as it was
  }
  return starter.about;
}

/** @param {string} file */
function isFetchedAtBoot(file) {
  // Modules are imported, not fetched, and so are not counted.
  if (file.startsWith("vendor/pyodide/")) return !file.endsWith(".mjs");
  return STARTER.includes(file);
}

// ── The data ───────────────────────────────────────────────────────────────────────────────

let imagesHere = 0;

/** @type {Promise<unknown>} the fetch before, so that none is made twice */
let fetching = Promise.resolve();

/** @param {Protocol.Requests["fetch-images"]["ask"]} wanted */
function fetchImages({ count }) {
  const fetched = fetching.then(async () => {
    if (imagesHere === 0) {
      const sets = [HELD_OUT, ALLOGRAPHS, TRAINING_PARTS[0]];
      const contents = await fetchFiles("Fetching MNIST", sets.flatMap(Object.values));
      callWithArrays(session.set_held_out, ...contents.slice(0, 2));
      callWithArrays(session.set_allographs, ...contents.slice(2, 4));
      imagesHere = callWithArrays(session.add_training_images, ...contents.slice(4));
    }
    if (imagesHere < count) {
      const files = await fetchFiles("Fetching all of MNIST", Object.values(TRAINING_PARTS[1]));
      imagesHere = callWithArrays(session.add_training_images, ...files);
    }
    return null;
  });
  fetching = fetched.catch(() => null);
  return fetched;
}

/**
 * @param {string} step
 * @param {string[]} files
 */
async function fetchFiles(step, files) {
  void progress.begin(step, (file) => files.includes(file));
  try {
    return await Promise.all(files.map((file) => fetchBytes(new URL(file, SITE))));
  } finally {
    progress.end();
  }
}

// ── Training ───────────────────────────────────────────────────────────────────────────────

/** Raised whenever slices must stop: the loop that began with an older number ends. */
let generation = 0;

function rest() {
  generation += 1;
  session.pause();
}

/**
 * @param {number} runId
 * @param {number | null} maxBatches  rest after so many
 */
async function runSlices(runId, maxBatches) {
  const mine = ++generation;
  let before = performance.now();
  try {
    for (let resting = false; !resting; ) {
      await nextMacrotask();
      if (mine !== generation) return;
      const { evaluating, ...slice } = toJs(session.run_slice(SLICE_SECONDS, maxBatches ?? undefined));
      if (maxBatches !== null) maxBatches -= slice.losses.length;
      resting = slice.finished || (maxBatches === 0 && !evaluating);
      if (resting) rest();
      const checkpoint = slice.epoch_record ? saveModel() : null;
      const milliseconds = performance.now() - before;
      before = performance.now();
      self.postMessage(
        { type: "slice", runId, ...slice, checkpoint, resting, milliseconds },
        { transfer: checkpoint ? [checkpoint.buffer] : [] },
      );
    }
  } catch (error) {
    self.postMessage({ type: "crash", message: explain(error) });
  }
}

const channel = new MessageChannel();

/** Waits until the messages that have come are handled; setTimeout() would wait 4 ms longer. */
function nextMacrotask() {
  return new Promise((resolve) => {
    channel.port1.onmessage = resolve;
    channel.port2.postMessage(null);
  });
}

// ── Between Python and JavaScript ──────────────────────────────────────────────────────────

/** @returns {Uint8Array} */
function saveModel() {
  return toJs(session.save());
}

/**
 * Call a Python function with arrays, of which Python has copies until it returns.
 *
 * @param {(...arrays: any[]) => any} callable
 * @param {ArrayBufferView[]} arrays
 */
function callWithArrays(callable, ...arrays) {
  const copies = arrays.map((array) => pyodide.toPy(array));
  try {
    return toJs(callable(...copies));
  } finally {
    for (const copy of copies) copy.destroy();
  }
}

/** @param {any} value  what a Python call returned */
function toJs(value) {
  if (!value?.toJs) return value ?? null;
  const converted = value.toJs({ dict_converter: Object.fromEntries });
  value.destroy();
  return converted;
}

/**
 * A sentence for a person: of a Python error its last line, without the traceback.
 *
 * @param {unknown} error
 */
function explain(error) {
  if (!(error instanceof Error)) return String(error);
  const { type } = /** @type {{type?: string}} */ (error);
  const sentence = error.message.split(`\n${type}: `).pop(); // of several chained ones, the last
  return sentence?.trim() || error.message;
}

/** @param {unknown} error */
function crashIfFatal(error) {
  if (/** @type {any} */ (error)?.pyodide_fatal_error) self.postMessage({ type: "crash", message: explain(error) });
}
