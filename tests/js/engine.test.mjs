/** The page's end of the protocol, with a worker that a test plays. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { beforeEach, test } from "node:test";

/** @type {FakeWorker[]} */
let workers = [];
/** Each look that the engine takes after its worker. @type {() => void} */
let look = () => {};
/** Locks that somebody waits for, by their names. @type {Map<string, () => void>} */
let waiting = new Map();

class FakeWorker {
  /** @type {any[]} */
  asked = [];
  isTerminated = false;
  onmessage = (/** @type {{data: any}} */ _event) => {};
  onerror = (/** @type {any} */ _event) => {};

  constructor() {
    workers.push(this);
  }

  postMessage(/** @type {any} */ message) {
    this.asked.push(message);
  }

  terminate() {
    this.isTerminated = true;
  }

  /** @param {any} data */
  say(data) {
    this.onmessage({ data });
  }
}

const locks = {
  /**
   * @param {string} name
   * @param {{signal: AbortSignal}} options
   * @param {() => void} callback
   */
  request(name, { signal }, callback) {
    waiting.set(name, callback);
    signal.addEventListener("abort", () => waiting.delete(name));
    return Promise.resolve();
  },
};

const missing = { names: "" };
Object.assign(globalThis, {
  Worker: FakeWorker,
  document: { currentScript: { dataset: { worker: "build-1/js/worker.js" } } },
  location: { href: "https://example.org/page/#seed=1" },
  guard: { whatIsMissing: () => missing.names },
  setInterval: (/** @type {() => void} */ callback) => ((look = callback), 1),
  clearInterval: () => (look = () => {}),
});
Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true, writable: true });
const { Engine, EngineStopped } = await import("../../site/js/engine.js");
const { Failed } = await import("../../site/js/protocol.js");

/** What begins the first worker, as soon as the page is there. */
const openPage = new Function(`${readFileSync(new URL("../../site/begin.js", import.meta.url), "utf8")}; return workers;`);

beforeEach(() => {
  workers = [];
  waiting = new Map();
  missing.names = "";
  Object.assign(navigator, { locks });
  Object.assign(globalThis, { workers: openPage() });
});

/** An engine with a worker that listens, and the messages of its crashes. */
async function started() {
  const engine = new Engine();
  /** @type {string[]} */
  const crashes = [];
  /** @type {(number | null)[]} */
  const hangs = [];
  engine.on("crash", (message) => crashes.push(message));
  engine.on("hang", (line) => hangs.push(line));
  const starting = engine.start();
  const [worker] = workers.slice(-1);
  worker.say({ type: "born", lock: "its lock" });
  worker.say({ type: "hello" });
  await starting;
  return { engine, worker, crashes, hangs };
}

test("each request gets the reply with its id, in whatever order they come", async () => {
  const { engine, worker } = await started();
  const [first, second] = [engine.request("save", {}), engine.request("confusion", {})];
  const [one, two] = worker.asked;
  worker.say({ type: "reply", id: two.id, result: "second" });
  worker.say({ type: "reply", id: one.id, result: "first" });
  worker.say({ type: "reply", id: 99, result: "nobody's" });
  assert.deepEqual(await Promise.all([first, second]), ["first", "second"]);
});

test("a failure is thrown whole", async () => {
  const { engine, worker, crashes } = await started();
  const asked = engine.request("save", {});
  const failure = { kind: "code", message: "NameError", line: 7, phase: "loss" };
  worker.say({ type: "reply", id: worker.asked[0].id, failure });
  await assert.rejects(asked, (error) => error instanceof Failed && assert.deepEqual(error.failure, failure) === undefined);
  assert.deepEqual(crashes, []);
});

test("a worker whose lock is to be had has died, be it idle", async () => {
  const { engine, crashes } = await started();
  const [died] = waiting.values();
  died();
  assert.deepEqual(crashes, ["its worker has died"]);
  await assert.rejects(engine.request("save", {}), EngineStopped);
});

test("what was pending when it died fails, once", async () => {
  const { engine, worker, crashes } = await started();
  const asked = engine.request("save", {});
  worker.onerror({ message: "out of memory", preventDefault() {} });
  await assert.rejects(asked, EngineStopped);
  worker.say({ type: "crash", message: "late" });
  assert.deepEqual(crashes, ["out of memory"]);
});

test("a new worker takes over, and the old one is heard no more", async () => {
  const { engine, worker, crashes } = await started();
  const again = engine.start();
  assert.ok(worker.isTerminated);
  assert.equal(waiting.size, 0);
  worker.say({ type: "crash", message: "an old one" });
  workers[1].say({ type: "hello" });
  await again;
  assert.deepEqual(crashes, []);
});

test("ten silent looks at a worker that owes an answer are enough, and none is owed when it is idle", async () => {
  const { engine, crashes } = await started();
  for (let i = 0; i < 100; i++) look();
  assert.deepEqual(crashes, []);
  engine.request("save", {}).catch(() => null);
  for (let i = 0; i < 10; i++) look();
  assert.deepEqual(crashes, []);
  look();
  assert.deepEqual(crashes, ["it no longer answers"]);
});

test("a worker whose code does not come is told by the name of what is missing", async () => {
  const engine = new Engine();
  /** @type {string[]} */
  const crashes = [];
  engine.on("crash", (message) => crashes.push(message));
  const starting = engine.start();
  missing.names = "slices.js";
  workers[0].say({ type: "crash", message: "" });
  await assert.rejects(starting, EngineStopped);
  const again = engine.start();
  again.catch(() => null);
  missing.names = "";
  for (let i = 0; i < 11; i++) look();
  assert.deepEqual(crashes, ["slices.js did not come", "its code did not come"]);
});

test("a start may take longer than ten seconds, once the code is there", async () => {
  const { engine, worker, crashes } = await started();
  const booting = engine.request("boot", { hidden_size: 1, seed: 0, kept: null, source: null });
  for (let i = 0; i < 30; i++) look();
  worker.say({ type: "reply", id: worker.asked[0].id, result: "about" });
  assert.equal(await booting, "about");
  assert.deepEqual(crashes, []);
});

test("where there are no locks, an idle worker is asked now and then", async () => {
  Object.assign(navigator, { locks: undefined });
  const { worker, crashes } = await started();
  look();
  assert.deepEqual(worker.asked.map(({ type }) => type), ["ping"]);
  for (let i = 0; i < 12; i++) look();
  assert.deepEqual(crashes, ["it no longer answers"]);
});

test("others' code may be silent for two looks, and then it hangs", async () => {
  const { engine, worker, crashes, hangs } = await started();
  engine.runsOthersCode = true;
  const asked = engine.request("use-code", { text: "" });
  look();
  look();
  assert.deepEqual(hangs, []);
  look();
  assert.deepEqual([hangs, crashes], [[null], []]);
  assert.ok(worker.isTerminated);
  await assert.rejects(asked, EngineStopped);
});

test("whoever gives signs of life may take as long as it likes", async () => {
  const { engine, worker, crashes, hangs } = await started();
  engine.runsOthersCode = true;
  engine.request("gradient-check", {}).catch(() => null);
  for (let i = 0; i < 50; i++) {
    look();
    worker.say({ type: "alive" });
  }
  assert.deepEqual([hangs, crashes], [[], []]);
});

test("a worker with others' code may take its time to start", async () => {
  const { engine, crashes, hangs } = await started();
  engine.runsOthersCode = true;
  engine.request("boot", { hidden_size: 1, seed: 0, kept: null, source: "mine" }).catch(() => null);
  for (let i = 0; i < 30; i++) look();
  assert.deepEqual([hangs, crashes], [[], []]);
});

test("what cannot be stopped is told with its line, once", async () => {
  const { engine, worker, crashes, hangs } = await started();
  const asked = engine.request("use-code", { text: "" });
  worker.say({ type: "hung", line: 12 });
  worker.say({ type: "hung", line: 12 });
  await assert.rejects(asked, EngineStopped);
  assert.deepEqual([hangs, crashes], [[12], []]);
});

test("what is printed is handed on", async () => {
  const { engine, worker } = await started();
  /** @type {string[]} */
  const printed = [];
  engine.on("print", (text) => printed.push(text));
  worker.say({ type: "print", text: "(32, 128)" });
  assert.deepEqual(printed, ["(32, 128)"]);
});

test("neither a sleep of the laptop nor a clock that is put is taken for silence: looks are counted", async () => {
  const { engine, worker, crashes, hangs } = await started();
  const clocks = /** @type {const} */ ([[Date, "now"], [performance, "now"]]);
  const before = clocks.map(([clock, name]) => clock[name]);
  engine.runsOthersCode = true;
  const asked = engine.request("use-code", { text: "" });
  try {
    for (const hours of [8, -100, 1e6]) {
      for (const [clock] of clocks) clock.now = () => 3_600_000 * hours;
      look();
      worker.say({ type: "alive" });
    }
    look();
  } finally {
    clocks.forEach(([clock], i) => (clock.now = before[i]));
  }
  worker.say({ type: "reply", id: worker.asked[0].id, result: "late" });
  assert.equal(await asked, "late");
  assert.deepEqual([crashes, hangs], [[], []]);
});

test("a worker that is silent while the page is hidden, and looked at but once a minute, has as many looks as ever", async () => {
  const { engine, worker, crashes } = await started();
  engine.expectsSlices = true;
  for (let minute = 0; minute < 30; minute++) {
    look();
    worker.say({ type: "slice", runId: 1 });
  }
  assert.deepEqual(crashes, []);
});

test("the worker that was begun early is the one that is started, and what it has said is heard", async () => {
  const [early] = workers;
  early.say({ type: "born", lock: "its lock" });
  early.say({ type: "hello" });
  await new Engine().start();
  assert.equal(workers.length, 1);
  assert.ok(!early.isTerminated);
  assert.deepEqual([...waiting.keys()], ["its lock"]);
});

for (const [name, die] of Object.entries({
  "its code not having come": (/** @type {FakeWorker} */ early) => early.say({ type: "crash", message: "" }),
  "having listened": (/** @type {FakeWorker} */ early) => {
    early.say({ type: "hello" });
    early.say({ type: "crash", message: "" });
  },
  "by an error": (/** @type {FakeWorker} */ early) => early.onerror({ message: "gone", preventDefault() {} }),
})) {
  test(`one that died before it was wanted, ${name}, is told to nobody: there is another`, async () => {
    const engine = new Engine();
    /** @type {string[]} */
    const crashes = [];
    engine.on("crash", (message) => crashes.push(message));
    const [early] = workers;
    die(early);
    const starting = engine.start();
    const [, worker] = workers;
    assert.ok(early.isTerminated);
    worker.say({ type: "hello" });
    await starting;
    assert.deepEqual(crashes, []);
    worker.say({ type: "crash", message: "now" });
    assert.deepEqual(crashes, ["now"]);
  });
}

test("one that was begun early and dies while it is waited for is told, once", async () => {
  const engine = new Engine();
  /** @type {string[]} */
  const crashes = [];
  engine.on("crash", (message) => crashes.push(message));
  const starting = engine.start();
  workers[0].say({ type: "crash", message: "gone" });
  await assert.rejects(starting, EngineStopped);
  assert.deepEqual(crashes, ["gone"]);
});

test("where none can be begun early, whoever wants one is told", async () => {
  const { Worker } = globalThis;
  class Forbidden {
    constructor() {
      throw new Error("no workers here");
    }
  }
  Object.assign(globalThis, { Worker: Forbidden });
  try {
    Object.assign(globalThis, { workers: openPage() });
    await assert.rejects(new Engine().start(), /no workers here/);
  } finally {
    Object.assign(globalThis, { Worker });
  }
});
