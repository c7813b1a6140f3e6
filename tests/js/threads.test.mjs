/** Products shared with other threads: real ones, with the kernel that the build has compiled for them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, test } from "node:test";
import { Worker as NodeWorker } from "node:worker_threads";

import { BUSY, Choice, IDLE, STATE, Threads } from "../../site/js/threads.js";

const DIST = new URL("../../dist/", import.meta.url);
const build = readdirSync(DIST).find((name) => name.startsWith("build-"));
const kernel = new WebAssembly.Module(readFileSync(new URL(`${build}/kernel.wasm`, DIST)));
const THREAD = new URL("../../site/js/thread.js", import.meta.url).href;

/** What thread.js expects of a browser's worker. */
const SHIM = `
  import { parentPort } from "node:worker_threads";
  globalThis.self = globalThis;
  await import(${JSON.stringify(THREAD)});
  parentPort.on("message", (data) => self.onmessage({ data }));`;

/** @type {NodeWorker[]} */
let started = [];
/** Whether threads come to life. */
let areAlive = true;

beforeEach(() => {
  started = [];
  areAlive = true;
  Object.defineProperty(globalThis, "navigator", { value: { hardwareConcurrency: 3 }, configurable: true });
  globalThis.Worker = /** @type {any} */ (
    class {
      constructor() {
        if (areAlive) started.push((this.real = new NodeWorker(new URL(`data:text/javascript,${encodeURIComponent(SHIM)}`))));
      }
      postMessage(/** @type {unknown} */ message) {
        this.real?.postMessage(message);
      }
    }
  );
});

afterEach(() => Promise.all(started.map((worker) => worker.terminate())));

/** A Python with some memory, which does what kernel.c does. */
class FakePython {
  floats = new Float32Array(new ArrayBuffer(1 << 23));

  /**
   * @param {(...product: number[]) => number} begin
   * @param {() => number} finish
   */
  setThreads(begin, finish) {
    this.begin = begin;
    this.finish = finish;
  }

  /**
   * @param {number[]} product  as kernel.c gives it
   * @returns {{taken: number, done: number}} how many rows others took, and whether they did them
   */
  ask(...product) {
    const taken = this.begin(...product);
    return { taken, done: this.finish() };
  }
}

/** The rows of a product that others took, as they should be. */
function expected(floats, [m, n, k, a, aRow, aCol, b, bRow, bCol, c, cRow, alpha, accumulate], before) {
  const { fround } = Math;
  const out = before.slice();
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let x = 0; x < k; x++) sum = fround(sum + fround(floats[a / 4 + i * aRow + x * aCol] * floats[b / 4 + x * bRow + j * bCol]));
      const place = c / 4 + i * cRow + j;
      out[place] = accumulate ? fround(before[place] + fround(fround(alpha) * sum)) : fround(fround(alpha) * sum);
    }
  }
  return out;
}

/** Ask until others take part. */
async function untilTaken(python, product) {
  for (let i = 0; i < 2_000; i++) {
    const before = python.floats.slice();
    const { taken, done } = python.ask(...product);
    if (taken) return { taken, done, before };
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("nobody takes part");
}

const [A, B, C] = [64, 1 << 19, 1 << 20];
const X = [40, 24, 30, A, 30, 1, B, 24, 1, C, 24, 1, 0];
const TRANSPOSED = [40, 24, 30, A, 1, 40, B, 1, 30, C, 24, -0.25, 1];

for (const [name, product] of Object.entries({ "a product": X, "an update by transposed matrices": TRANSPOSED })) {
  test(`${name}: rows done by others are the same to the bit, and nothing else is touched`, async () => {
    const python = new FakePython();
    python.floats.forEach((_, i, all) => (all[i] = Math.sin(i)));
    new Threads(python, kernel);
    const { taken, done, before } = await untilTaken(python, product);
    assert.equal(done, 1);
    const [m, n, , , , , , , , c] = product;
    const right = before.slice();
    const [from, to] = [c / 4 + (m - taken) * n, c / 4 + m * n];
    right.set(expected(before, product, before).subarray(from, to), from);
    assert.deepEqual(python.floats, right);
  });
}

test("larger ones than before make the shared memory grow, and those larger than all of it are done alone", async () => {
  const python = new FakePython();
  python.floats.fill(1);
  new Threads(python, kernel);
  await untilTaken(python, X);
  python.floats.fill(1);
  const larger = [400, 256, 700, A, 700, 1, 1 << 21, 256, 1, 1 << 22, 256, 1, 0];
  const { taken } = await untilTaken(python, larger);
  const sums = python.floats.subarray((1 << 20) + (400 - taken) * 256, (1 << 20) + 400 * 256);
  assert.deepEqual(new Set(sums), new Set([700]));
  assert.deepEqual(python.ask(4_000_000, 24, 30, A, 30, 1, B, 24, 1, C, 24, 1, 0), { taken: 0, done: 1 });
});

test("where rows lie backwards, or have gaps, Python does all", async () => {
  const python = new FakePython();
  new Threads(python, kernel);
  await untilTaken(python, X);
  for (let i = 0; i < 60; i++) {
    assert.equal(python.ask(40, 24, 30, A + 5000, -30, 1, B, 24, 1, C, 24, 1, 0).taken, 0);
    assert.equal(python.ask(40, 24, 30, A, 30, 1, B, 24, 1, C, 25, 1, 0).taken, 0);
  }
});

test("threads that do not start are not waited for", () => {
  areAlive = false;
  const python = new FakePython();
  new Threads(python, kernel);
  for (let i = 0; i < 60; i++) assert.deepEqual(python.ask(...X), { taken: 0, done: 1 });
});

test("of a thread that dies at work the rows come back, once, and it is never asked again", async () => {
  const python = new FakePython();
  const threads = new Threads(python, kernel);
  await untilTaken(python, X);
  await Promise.all(started.map((worker) => worker.terminate()));
  const asked = Array.from({ length: 60 }, () => python.ask(...X));
  assert.deepEqual(asked.filter(({ done }) => !done).length, 1);
  assert.ok(asked.at(-1)?.taken === 0, `${threads.jobs.length} threads`);
});

test("while one is late with its rows, none is given any: it may yet write into the memory that all have", async () => {
  const python = new FakePython();
  const threads = new Threads(python, kernel);
  await untilTaken(python, X);
  assert.equal(threads.jobs.length, 2);
  threads.jobs[1][STATE] = BUSY;
  for (let i = 0; i < 60; i++) assert.deepEqual(python.ask(...X), { taken: 0, done: 1 });
  threads.jobs[1][STATE] = IDLE;
  await untilTaken(python, X);
});

test("of several ways the one that takes least is taken, and all are tried again, at first soon", () => {
  const choice = new Choice(3);
  const took = [5, 3, 4];
  const use = (/** @type {number} */ count) =>
    Array.from({ length: count }, () => {
      const way = choice.next();
      choice.took(took[way]);
      return way;
    });
  for (const uses of [200, 2_000]) {
    assert.deepEqual(new Set(use(21)), new Set([0, 1, 2]));
    assert.deepEqual(new Set(use(uses - 21)), new Set([1]));
  }
  took[1] = 9;
  assert.deepEqual(new Set(use(21)), new Set([0, 1, 2]));
  assert.deepEqual(new Set(use(500)), new Set([2]));
});

test("once in a while taking long does not decide", () => {
  const choice = new Choice(2);
  for (let i = 0; i < 14; i++) choice.took(choice.next() === 0 ? 4 : i === 1 ? 90 : 3);
  assert.equal(choice.next(), 1);
});
