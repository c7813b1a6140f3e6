/**
 * The worker's end of the protocol: each request is answered, once.
 *
 * @import * as Protocol from "./protocol.js"
 */
import { Files } from "./files.js";
import { newId } from "./new-id.js";
import { Failed } from "./protocol.js";
import { failureOf, Python } from "./python.js";
import { filesOf } from "./site.js";
import { nextMacrotask, Slices } from "./slices.js";
import { Threads } from "./threads.js";

holdLock();
const files = new Files((progress) => post({ type: "progress", ...progress }));
// Begun before the page asks: Python is what takes long. MNIST waits until the page is ready, and does not delay it.
const starting = Python.start(files, post);
starting.catch(() => null); // boot() tells
const starter = fetchStarter();

/** @type {Python} */
let python;
/** @type {Slices} */
let slices;

/** @type {{[T in Protocol.RequestType]: (ask: any) => Promise<Protocol.Requests[T]["reply"]> | Protocol.Requests[T]["reply"]}} */
const HANDLERS = {
  boot,
  ping: () => null,
  "fetch-images": fetchImages,
  reset({ hidden_size, seed }) {
    slices.stop();
    return python.ask("reset", hidden_size, seed);
  },
  load: ({ bytes, seed }) => python.ask("load", bytes, seed),
  save: () => python.ask("save"),
  "take-up"({ kept, source }) {
    slices.stop();
    return takeUp(kept, source);
  },
  begin({ runId, settings, corrections, maxBatches, done }) {
    void startThreads();
    const inUse = python.ask("begin", runId, settings, corrections, done);
    void slices.go(runId, maxBatches);
    return inUse;
  },
  resume({ runId, maxBatches }) {
    const isUnderWay = python.ask("is_under_way", runId);
    if (isUnderWay) void slices.go(runId, maxBatches);
    return isUnderWay;
  },
  pause({ runId }) {
    const isUnderWay = python.ask("pause", runId);
    if (isUnderWay) slices.stop();
    return isUnderWay;
  },
  "learning-rate": ({ runId, value }) => python.ask("set_learning_rate", runId, value),
  read({ points, lengths, pixels, reader }) {
    return pixels ? python.ask("reading.read_images", pixels, reader) : python.ask("reading.read", points, lengths, reader);
  },
  "find-digits": ({ pixels, width, height, frame }) => python.ask("reading.find_digits", pixels, width, height, frame),
  alter: ({ silenced, zeroBiases, noise }) => python.ask("reading.alter", silenced, zeroBiases, noise),
  film: ({ pixels }) => python.ask("reading.film", pixels),
  weights: ({ reader }) => python.ask("view.weights", reader),
  unit: ({ index, pixels, reader }) => python.ask("view.unit", index, pixels, reader),
  results: ({ reader }) => python.ask("view.results", reader),
  "test-digit": ({ digit, share }) => python.ask("view.test_digit", digit, share),
  "test-images": ({ indices }) => python.ask("view.test_images", indices),
  "use-code"({ text }) {
    slices.stop();
    return python.ask("use_source", text);
  },
  names: checkNames,
  script: ({ settings, source, title, departures }) => python.ask("workbench.script", settings, source, title, departures),
  share: ({ text }) => python.ask("workbench.share", text),
  shared: ({ packed }) => python.ask("workbench.shared", packed),
  "read-csv": ({ bytes }) => python.ask("workbench.read_csv", bytes),
  "to-csv": ({ names, pictures }) => python.ask("workbench.to_csv", names, pictures),
  "pack-work": ({ files }) => python.ask("workbench.pack_work", files),
  "unpack-work": ({ bytes }) => python.ask("workbench.unpack_work", bytes),
  tips: () => python.ask("workbench.tips"),
  "try-tip": ({ name }) => python.ask("workbench.try_tip", name),
  exercises: () => python.ask("workbench.exercises"),
  "check-answer": ({ name, text }) => python.ask("workbench.check_answer", name, text),
  "own-network": ({ answers }) => python.ask("workbench.own_network", answers),
  code: () => python.ask("view.code"),
  trace: ({ kind, settings, corrections, pixels, label }) => python.ask("view.trace", kind, settings, corrections, pixels, label),
  "gradient-check": ({ settings, corrections }) => python.ask("view.gradient_check", settings, corrections),
  sanity: ({ settings, corrections }) => python.ask("view.sanity", settings, corrections),
};

/**
 * What Python does with the modules that it has in memory when it starts (builder/rehearsal.py). For all else, a visitor's
 * code above all, more has to be there to import.
 *
 * @type {Set<Protocol.RequestType>}
 */
const IN_MEMORY = new Set(
  /** @type {Protocol.RequestType[]} */ ([
    ...["boot", "ping", "fetch-images", "reset", "load", "save", "begin", "resume", "pause", "learning-rate"],
    ...["read", "alter", "film", "weights", "unit", "code", "trace"],
  ]),
);

self.onmessage = async ({ data }) => {
  const { id, type } = /** @type {Protocol.Request} */ (data);
  try {
    const handler = Object.keys(HANDLERS).includes(type) ? HANDLERS[type] : null; // and nothing of what each object has
    if (!handler) throw new Failed({ kind: "internal", message: `The worker knows no request “${type}”.` });
    if (!IN_MEMORY.has(type)) await packages();
    const result = await handler(data);
    post({ type: "reply", id, result });
  } catch (error) {
    post({ type: "reply", id, failure: failureOf(error) });
    crashIfFatal(error);
  }
};
post({ type: "hello" });

/**
 * @param {Protocol.Reply | Protocol.Event_} message
 * @param {Transferable[]} transfer
 */
function post(message, transfer = []) {
  self.postMessage(message, { transfer });
}

/** Hold a lock as long as this worker lives; whoever waits for it learns of its death. */
function holdLock() {
  const lock = `worker ${newId()}`;
  const forEver = () => {
    post({ type: "born", lock });
    return new Promise(() => {});
  };
  navigator.locks?.request(lock, forEver).catch(() => null); // they may be forbidden; then the page asks now and then
}

/** @param {unknown} error */
function crashIfFatal(error) {
  const { pyodide_fatal_error, type } = /** @type {any} */ (error ?? {});
  if (pyodide_fatal_error) post({ type: "crash", message: "Python itself has failed" });
  else if (type === "MemoryError") post({ type: "crash", message: "its memory is full" }); // there is not even room to tell
}

// ── Starting ───────────────────────────────────────────────────────────────────────────────

/**
 * @param {Protocol.Requests["boot"]["ask"]} network
 * @returns {Promise<Protocol.About>}
 */
async function boot({ hidden_size, seed, kept, source }) {
  python = await starting;
  if (python.hasPackages) {
    importable.fetched.set("packages", Promise.resolve(new Map()));
    importable.added.set("packages", Promise.resolve());
  }
  slices = new Slices(python, post, (error) => {
    post({ type: "crash", message: failureOf(error).message });
  });
  const about = { ...python.begin(hidden_size, seed), exactly: false, failure: null };
  try {
    if (source !== null) await packages();
    if (kept) about.exactly = takeUp(kept, source).exactly;
    else if (source !== null) python.ask("use_source", source);
  } catch (error) {
    about.failure = failureOf(error); // it starts all the same
  }
  return { ...about, starter: useStarter(await withinAMoment(starter)), in_use: python.ask("in_use") };
}

/**
 * @param {Protocol.Kept} kept
 * @param {string | null} source
 */
function takeUp({ bytes, seed, origin, epochs, random }, source) {
  return python.ask("take_up", bytes, seed, origin, epochs, random, source);
}

/** @returns {Promise<{about: Protocol.Starter, bytes: Uint8Array} | null>} null if it does not come: reading then begins with training */
async function fetchStarter() {
  try {
    const paths = ["starter-about", "starter-model"].flatMap((role) => filesOf(role));
    const [about, bytes] = await Promise.all(paths.map((path) => files.fetch(path)));
    return { about: JSON.parse(new TextDecoder().decode(about)), bytes };
  } catch {
    return null;
  }
}

/**
 * The starter model is but a comfort: Python has taken a second, and nothing waits much longer for it.
 *
 * @template T
 * @param {Promise<T>} promise
 * @returns {Promise<T | null>}
 */
function withinAMoment(promise) {
  return Promise.race([promise, new Promise((resolve) => setTimeout(resolve, 1_000, null))]);
}

/** @param {{about: Protocol.Starter, bytes: Uint8Array} | null} starter */
function useStarter(starter) {
  if (!starter) return null;
  python.ask("set_starter", starter.bytes, starter.about.temperature);
  return starter.about;
}

// ── What is not in memory from the start ───────────────────────────────────────────────────

/**
 * What has been fetched for Python to import, and what has been given to it, by role. What did not come is fetched again
 * by whoever asks next.
 *
 * @type {{fetched: Map<string, Promise<Map<string, Uint8Array<ArrayBuffer>>>>, added: Map<string, Promise<void>>}}
 */
const importable = { fetched: new Map(), added: new Map() };

/** How often, in ms, it is told that something is still on its way. */
const ALIVE = 500;

/** All packages, and all of the standard library. */
const packages = () => addToImport("packages");

/** @param {"packages" | "names"} role */
async function addToImport(role) {
  // Whoever waits for what a visitor's code needs would take a long silence for that code's.
  const timer = setInterval(() => post({ type: "alive" }), ALIVE);
  try {
    await once(importable.added, role, async () => {
      for (const [path, bytes] of await fetchToImport(role)) {
        python.add(path, bytes);
        post({ type: "alive" }); // while it unpacks no timer does
        await nextMacrotask();
      }
    });
  } finally {
    clearInterval(timer);
  }
}

/** @param {"packages" | "names"} role */
function fetchToImport(role) {
  return once(importable.fetched, role, async () => {
    const isZip = (/** @type {string} */ path) => path.endsWith(".zip"); // the standard library, which unpacks the rest
    const paths = filesOf(role).sort((one, other) => Number(isZip(other)) - Number(isZip(one)));
    const contents = await Promise.all(paths.map((path) => files.fetch(path)));
    return new Map(paths.map((path, i) => [path, contents[i]]));
  });
}

/**
 * Do what is kept under a name, unless it is done or under way; once more if it fails.
 *
 * @template T
 * @param {Map<string, Promise<T>>} kept
 * @param {string} name
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
function once(kept, name, work) {
  const done = kept.get(name) ?? work();
  kept.set(name, done);
  done.catch(() => kept.delete(name));
  return done;
}

// ── Other threads ──────────────────────────────────────────────────────────────────────────

/** @type {Threads | null} */
let threads = null;

/** Where the browser allows it, and there is a core to spare; else Python does all by itself. */
async function startThreads() {
  if (threads || !self.crossOriginIsolated || navigator.hardwareConcurrency < 2) return;
  try {
    const [bytes] = await Promise.all(filesOf("threads").map((path) => files.fetch(path)));
    const kernel = await WebAssembly.compile(bytes);
    threads ??= new Threads(python, kernel);
  } catch {
    // It is tried again with the next run.
  }
}

// ── The names in changed code ──────────────────────────────────────────────────────────────

/** @param {Protocol.Requests["names"]["ask"]} code */
async function checkNames({ text }) {
  try {
    await addToImport("names");
  } catch {
    return null; // it is tried again when more has been written; until then one writes without
  }
  return python.ask("workbench.names", text);
}

// ── The images ─────────────────────────────────────────────────────────────────────────────

/** @type {["set_held_out" | "set_allographs" | "add_training_images", string, "ready" | "asked"][]} */
const SETS = [
  ["set_held_out", "held-out", "ready"],
  ["set_allographs", "allographs", "ready"],
  ["add_training_images", "training", "ready"],
  ["add_training_images", "training", "asked"],
];

let imagesHere = 0;
let isAllHere = false;

/** The fetch under way, so that none is made twice. @type {Promise<void> | null} */
let fetching = null;

/** @param {Protocol.Requests["fetch-images"]["ask"]} wanted */
async function fetchImages({ count }) {
  while (imagesHere === 0 || (imagesHere < count && !isAllHere)) {
    fetching ??= fetchNext().finally(() => (fetching = null));
    await fetching;
  }
  return imagesHere;
}

function fetchNext() {
  return imagesHere === 0 ? fetchSets("Fetching MNIST", "ready") : fetchSets("Fetching all of MNIST", "asked");
}

/**
 * @param {string} step
 * @param {"ready" | "asked"} wanted
 */
async function fetchSets(step, wanted) {
  const sets = SETS.filter(([, , when]) => when === wanted);
  const paths = sets.map(([, role, when]) => [...filesOf(`${role}-images`, when), ...filesOf(`${role}-labels`, when)]);
  const contents = await files.fetchAll(step, paths.flat());
  for (const [method] of sets) {
    const count = python.ask(`images.${method}`, ...contents.splice(0, 2));
    if (method === "add_training_images") imagesHere = count;
  }
  isAllHere = wanted === "asked";
  void fetchToImport("packages").catch(() => null); // as soon as nothing is waited for; whoever needs them is told
}
