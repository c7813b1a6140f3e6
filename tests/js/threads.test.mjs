/** Products shared with other threads: real ones, with the kernel that the build has compiled for them. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { afterEach, beforeEach, test } from "node:test";
import { Worker as NodeWorker } from "node:worker_threads";

import { ARGUMENTS, ASLEEP, BUSY, Choice, DONE, LEFT, STATE, Threads } from "../../site/js/threads.js";

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

const [A, B, C] = [64, 1 << 19, 1 << 20];
const X = [96, 24, 300, A, 300, 1, B, 24, 1, C, 24, 1, 0]; // so many rows that two threads get some
const TRANSPOSED = [96, 24, 300, A, 1, 96, B, 1, 300, C, 24, -0.25, 1];
const { fround } = Math;

/** A Python with some memory, which does what kernel.c does. */
class FakePython {
  floats = new Float32Array(new ArrayBuffer(1 << 23));
  integers = new Int32Array(this.floats.buffer);

  /**
   * @param {(...product: number[]) => number} begin
   * @param {(first: number) => number} more
   */
  setThreads(begin, more) {
    this.begin = begin;
    this.more = more;
  }

  /**
   * @param {number[]} product  as kernel.c gives it
   * @param {() => void} meanwhile  what others do after it has begun
   * @returns {number[]} the rows that others have done
   */
  ask(product, meanwhile = () => {}) {
    const rows = new Set(Array(product[0]).keys());
    let [first, count] = [0, this.begin(...product)];
    meanwhile();
    do {
      multiply(this.floats, product, first, count);
      for (let row = first; row < first + count; row++) assert.ok(rows.delete(row), `row ${row} is done twice`);
      count = this.more(0);
      first = this.integers[0];
    } while (count);
    return [...rows];
  }
}

/** Do some rows of a product. */
function multiply(floats, [, n, k, a, aRow, aCol, b, bRow, bCol, c, cRow, alpha, accumulate], first, rows) {
  for (let i = first; i < first + rows; i++) {
    for (let j = 0; j < n; j++) {
      let sum = 0;
      for (let x = 0; x < k; x++) sum = fround(sum + fround(floats[a / 4 + i * aRow + x * aCol] * floats[b / 4 + x * bRow + j * bCol]));
      const place = c / 4 + i * cRow + j;
      floats[place] = fround((accumulate ? floats[place] : 0) + fround(fround(alpha) * sum));
    }
  }
}

/** @returns {FakePython} with numbers in its memory, but for the first one, which says which row is next */
function somePython() {
  const python = new FakePython();
  python.floats.forEach((_, i, all) => (all[i] = i && Math.sin(i)));
  return python;
}

/** That all of memory is as it should be, to the bit. */
function assertSame(python, right) {
  python.integers[0] = 0;
  assert.ok(Buffer.from(python.floats.buffer).equals(Buffer.from(right.buffer)));
}

/**
 * Ask until others take part; that all of memory is as it should be.
 *
 * @param {FakePython} python
 * @param {number[]} product
 */
async function untilTaken(python, product) {
  for (let i = 0; i < 2_000; i++) {
    const right = python.floats.slice();
    multiply(right, product, 0, product[0]);
    const taken = python.ask(product);
    assertSame(python, right);
    if (taken.length) return taken;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("nobody takes part");
}

/** @returns {Int32Array[]} the jobs of threads that do nothing by themselves, and have started */
function sleepers(python) {
  areAlive = false;
  const threads = new Threads(python, kernel);
  python.ask(X);
  for (const job of threads.jobs) job[STATE] = ASLEEP;
  return threads.jobs;
}

/**
 * Ask until the threads are given something.
 *
 * @param {() => boolean} meanwhile  what they do, and whether that is so
 */
function give(python, product, meanwhile) {
  for (let i = 0; i < 60; i++) {
    let isGiven = false;
    const taken = python.ask(product, () => (isGiven = meanwhile()));
    if (isGiven) return taken;
  }
  throw new Error("nothing is given");
}

for (const [name, product] of Object.entries({ "a product": X, "an update by transposed matrices": TRANSPOSED })) {
  test(`${name}: rows done by others are the same to the bit, and nothing else is touched`, async () => {
    const python = somePython();
    new Threads(python, kernel);
    for (let i = 0; i < 20; i++) await untilTaken(python, product);
  });
}

test("larger ones than before make the shared memory grow, and those larger than all of it are done alone", async () => {
  const python = somePython();
  new Threads(python, kernel);
  await untilTaken(python, X);
  await untilTaken(python, [400, 64, 700, A, 700, 1, 1 << 21, 64, 1, 1 << 22, 64, 1, 0]);
  const tooLarge = [4_000_000, 24, 30, A, 30, 1, B, 24, 1, C, 24, 1, 0];
  for (let i = 0; i < 60; i++) assert.equal(python.begin(...tooLarge), 4_000_000);
});

test("where rows lie backwards, or have gaps, Python does all", async () => {
  const python = somePython();
  new Threads(python, kernel);
  await untilTaken(python, X);
  for (let i = 0; i < 60; i++) {
    assert.deepEqual(python.ask([40, 24, 30, A + 5000, -30, 1, B, 24, 1, C, 24, 1, 0]), []);
    assert.deepEqual(python.ask([40, 24, 30, A, 30, 1, B, 24, 1, C, 25, 1, 0]), []);
  }
});

test("as long as there is no product, there are no threads", () => {
  const python = somePython();
  const threads = new Threads(python, kernel);
  assert.equal(threads.jobs.length, 0);
  python.ask(X);
  assert.equal(threads.jobs.length, 2);
  python.ask(X);
  assert.equal(started.length, 2);
});

test("threads that do not start are given nothing", () => {
  areAlive = false;
  const python = somePython();
  new Threads(python, kernel);
  for (let i = 0; i < 60; i++) assert.deepEqual(python.ask(X), []);
});

test("what a thread does not begin Python does, and gives it nothing while it has not come to that", () => {
  const python = somePython();
  const jobs = sleepers(python);
  const right = python.floats.slice();
  multiply(right, X, 0, 96);
  assert.deepEqual(give(python, X, () => jobs[0][STATE] === BUSY), []);
  assertSame(python, right);
  for (let i = 0; i < 60; i++) python.ask(X, () => assert.ok(jobs.every((job) => job[LEFT] <= 0)));
});

test("a piece that a thread begins and does not end Python does as well, and takes over no number of it", () => {
  const python = somePython();
  const jobs = sleepers(python);
  const right = python.floats.slice();
  multiply(right, X, 0, 96);
  assert.deepEqual(give(python, X, () => jobs[0][STATE] === BUSY && Atomics.sub(jobs[0], LEFT, 1) > 0), []);
  assertSame(python, right);
});

test("a piece that a thread has ended is taken from where it is", () => {
  const python = somePython();
  const jobs = sleepers(python);
  const taken = give(python, X, () => {
    if (jobs[0][STATE] !== BUSY) return false;
    Atomics.or(jobs[0], DONE, 1 << (Atomics.sub(jobs[0], LEFT, 1) - 1));
    return true;
  });
  const rows = jobs[0][ARGUMENTS];
  assert.equal(taken.length, rows);
  const at = C / 4 + taken[0] * 24;
  assert.deepEqual(new Set(python.floats.subarray(at, at + rows * 24)), new Set([0])); // as shared memory is
});

test("of a thread that dies the rows are done by Python, and it is never asked again", async () => {
  const python = somePython();
  new Threads(python, kernel);
  await untilTaken(python, X);
  await Promise.all(started.map((worker) => worker.terminate()));
  for (let i = 0; i < 600; i++) assert.deepEqual(python.ask(X), []);
});

test("while one is late with its rows, none is given any: it may yet write into the memory that all have", async () => {
  const python = somePython();
  const threads = new Threads(python, kernel);
  await untilTaken(python, X);
  assert.equal(threads.jobs.length, 2);
  while (threads.jobs[1][STATE] !== ASLEEP) await new Promise((resolve) => setTimeout(resolve, 1));
  threads.jobs[1][STATE] = BUSY;
  for (let i = 0; i < 60; i++) assert.deepEqual(python.ask(X), []);
  threads.jobs[1][STATE] = ASLEEP;
  await untilTaken(python, X);
});

test("of several ways the one that takes least is taken, and all are tried again after a while", () => {
  const choice = new Choice(3);
  const took = [5, 3, 3.5];
  const use = (/** @type {number} */ count) =>
    Array.from({ length: count }, () => {
      const way = choice.next();
      choice.took(took[way]);
      return way;
    });
  for (const best of [1, 1, 2]) {
    if (best === 2) took[1] = 9;
    assert.deepEqual(new Set(use(27)), new Set([0, 1, 2]));
    assert.deepEqual(new Set(use(500 - 27)), new Set([best]));
  }
});

test("what takes hardly less than alone is not taken", () => {
  const choice = new Choice(2);
  for (let i = 0; i < 18; i++) choice.took(choice.next() === 0 ? 4 : 3.1);
  assert.equal(choice.next(), 0);
});

test("once in a while taking long does not decide", () => {
  const choice = new Choice(2);
  for (let i = 0; i < 18; i++) choice.took(choice.next() === 0 ? 4 : i === 10 ? 90 : 2);
  assert.equal(choice.next(), 1);
});
