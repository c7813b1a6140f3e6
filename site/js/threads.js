/**
 * Other threads for large matrix products, where the page is isolated, so that threads may share memory (sw.js).
 *
 * Python's own memory is not shared: what a thread needs of a product is copied into memory that is, and its rows are copied
 * back. So it depends on the machine, and on the product, whether anything is won, and that is tried. The results are the
 * same to the bit, since no sum is divided.
 *
 * @import { Python } from "./python.js"
 */
import { startThread } from "./host.js";

/** How many there are at most, besides Python's own. */
const MOST = 3;
/** How a thread stands (0 until it has started), in the first number of its job. */
export const STATE = 0;
export const IDLE = 1;
export const BUSY = 2;
/** Then come the arguments of multiply() in mlp_py/kernel.c, three of them addresses, one no whole number. */
const ARGUMENTS = 1;
const [A, B, C] = [ARGUMENTS + 3, ARGUMENTS + 6, ARGUMENTS + 9];
export const ALPHA = ARGUMENTS + 11;
export const JOB_LENGTH = ARGUMENTS + 13;
/** Of the arguments, whether the product is added to what is there. */
const ACCUMULATE = 12;

/** Bytes of shared memory: before JOBS the kernel's own (builder/wheel_hook.py), then the jobs, the stacks, the matrices. */
const JOBS = 1 << 17;
const STACK = 1 << 16;
const MATRICES = JOBS + (1 << 12) + MOST * STACK;
const PAGE = 1 << 16;
const MOST_PAGES = 1 << 10;
const FLOAT = 4;

/** In ms, after which a thread is given up. */
const PATIENCE = 1_000;

export class Threads {
  /** @type {Map<string, Choice>} what is best for each shape of product */
  #choices = new Map();
  /** @type {{choice: Choice, started: number, jobs: Int32Array[], result?: Float32Array, at?: number} | null} */
  #current = null;

  /**
   * Start as many as there are cores to spare; they take part once they have started.
   *
   * @param {Python} python
   * @param {WebAssembly.Module} kernel
   */
  constructor(python, kernel) {
    this.python = python;
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(MATRICES / PAGE), maximum: MOST_PAGES, shared: true });
    const count = Math.min(MOST, navigator.hardwareConcurrency - 1);
    this.jobs = Array.from({ length: count }, (_, i) => {
      const job = new Int32Array(this.memory.buffer, JOBS + i * JOB_LENGTH * FLOAT, JOB_LENGTH);
      startThread().postMessage({ kernel, memory: this.memory, job, stack: MATRICES - i * STACK });
      return job;
    });
    this.ways = [{ threads: 0, share: 0 }];
    for (let threads = 1; threads <= count; threads++) {
      // Python's own thread does the copying.
      for (const share of [1, 0.8]) this.ways.push({ threads, share: share / (threads + 1) });
    }
    python.setThreads((/** @type {number[]} */ ...product) => this.#begin(product), () => this.#finish());
  }

  /**
   * Give some of a product's rows to others.
   *
   * @param {number[]} product  the arguments of multiply()
   * @returns {number} how many rows
   */
  #begin(product) {
    const [m, n, k] = product;
    const key = `${m} ${n} ${k} ${product[ACCUMULATE]}`;
    const choice = this.#choices.get(key) ?? new Choice(this.ways.length);
    this.#choices.set(key, choice);
    const { threads, share } = this.ways[choice.next()];
    const rows = Math.floor((m * share) / 4) * 4;
    const started = performance.now();
    if (!rows) {
      this.#current = { choice, started, jobs: [] };
      return 0;
    }
    const jobs = this.jobs.slice(0, threads);
    const given = this.#give(product, jobs, rows);
    this.#current = given && { choice, started, jobs, ...given };
    return given ? rows * threads : 0;
  }

  /**
   * @param {number[]} product
   * @param {Int32Array[]} jobs
   * @param {number} rows  how many each gets
   * @returns {{result: Float32Array, at: number} | null} where they will be, and where in Python's memory they belong
   */
  #give(product, jobs, rows) {
    const [m, n, k, a, aRow, aCol, b, bRow, bCol, c, cRow] = product;
    const isUsual = Math.min(aRow, aCol, bRow, bCol) > 0 && cRow === n;
    // Also of the others none may be late with a product before: all write into the same memory.
    if (!isUsual || this.jobs.some((job) => Atomics.load(job, STATE) !== IDLE)) return null;
    const theirs = rows * jobs.length;
    const first = m - theirs;
    // Of each matrix where it begins in Python's memory, and how much is needed.
    const from = [(a >>> 2) + first * aRow, b >>> 2, (c >>> 2) + first * cRow];
    const sizes = [(theirs - 1) * aRow + (k - 1) * aCol + 1, (k - 1) * bRow + (n - 1) * bCol + 1, theirs * n];
    const places = this.#room(sizes);
    if (!places) return null;
    const shared = new Float32Array(this.memory.buffer);
    for (const i of product[ACCUMULATE] ? [0, 1, 2] : [0, 1]) {
      shared.set(this.python.floats.subarray(from[i], from[i] + sizes[i]), places[i] / FLOAT);
    }
    for (const [i, job] of jobs.entries()) {
      job.set(product, ARGUMENTS);
      job[ARGUMENTS] = rows;
      job[A] = places[0] + i * rows * aRow * FLOAT;
      job[B] = places[1];
      job[C] = places[2] + i * rows * n * FLOAT;
      new Float32Array(job.buffer, job.byteOffset)[ALPHA] = product[ALPHA - ARGUMENTS];
      Atomics.store(job, STATE, BUSY);
      Atomics.notify(job, STATE);
    }
    return { result: shared.subarray(places[2] / FLOAT, places[2] / FLOAT + sizes[2]), at: from[2] };
  }

  /** @returns {0 | 1} whether those rows are where they should be */
  #finish() {
    if (!this.#current) return 1;
    const { choice, started, jobs, result, at } = this.#current;
    for (const job of jobs) {
      if (Atomics.wait(job, STATE, BUSY, PATIENCE) === "timed-out") return 0; // it stays busy, so none is asked again
    }
    if (result) this.python.floats.set(result, at);
    choice.took(performance.now() - started);
    return 1;
  }

  /**
   * Places for matrices in shared memory.
   *
   * @param {number[]} sizes  in numbers
   * @returns {number[] | null} their addresses, if there is room
   */
  #room(sizes) {
    let end = MATRICES;
    const places = sizes.map((size) => {
      const place = end;
      end += Math.ceil((size * FLOAT) / 64) * 64;
      return place;
    });
    const missing = Math.ceil((end - this.memory.buffer.byteLength) / PAGE);
    try {
      if (missing > 0) this.memory.grow(missing);
      return places;
    } catch {
      return null;
    }
  }
}

/**
 * How often each way is tried, and after how many uses all are tried again: at first soon, since a thread's code becomes
 * fast only once it has run, then as a machine may have other work by then.
 */
const TRIALS = 7;
const FIRST_USES = 200;
const USES = 2_000;

/** Which of several ways takes least: each is tried some times, in turn. */
export class Choice {
  #uses = 0;
  #most = FIRST_USES;
  #best = 0;
  /** @type {number[][]} what each took */
  #times;

  /** @param {number} count  how many ways there are */
  constructor(count) {
    this.#times = Array.from({ length: count }, () => []);
  }

  /** @returns {number} the way to take now */
  next() {
    return this.#isTrying ? this.#uses % this.#times.length : this.#best;
  }

  /** @param {number} milliseconds  that it took */
  took(milliseconds) {
    if (this.#isTrying) this.#times[this.next()].push(milliseconds);
    this.#uses += 1;
    if (this.#uses === TRIALS * this.#times.length) {
      const typical = this.#times.map(median);
      this.#best = typical.indexOf(Math.min(...typical));
    } else if (this.#uses === this.#most) {
      this.#uses = 0;
      this.#most = USES;
      for (const times of this.#times) times.length = 0;
    }
  }

  get #isTrying() {
    return this.#uses < TRIALS * this.#times.length;
  }
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}
