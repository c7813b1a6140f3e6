/**
 * Other threads for large matrix products, where the page is isolated, so that threads may share memory (sw.js).
 *
 * Python's own memory is not shared: what a thread needs of a product is copied into memory that is, and its rows are copied
 * back. So it depends on the machine, and on the product, whether anything is won, and that is tried. A thread that the
 * machine keeps from its work is hardly waited for: what it has not done, Python's own thread does. The results are the same to
 * the bit by whomever a row is done, since no sum is divided.
 *
 * @import { Python } from "./python.js"
 */
import { startThread } from "./host.js";

/** How many there are at most, besides Python's own. */
const MOST = 3;

/** A thread's job: first how it stands (0 until it has started) ... */
export const STATE = 0;
export const IDLE = 1;
export const ASLEEP = 2;
export const BUSY = 3;
/** ... how many pieces of its rows nobody has begun, of which the last is taken first, and which ones it has done, a bit each ... */
export const LEFT = 1;
export const DONE = 2;
/** ... then the arguments of multiply() in mlp_py/kernel.c for the first piece, three of them addresses, one no whole number. */
export const ARGUMENTS = 3;
const [A, B, C] = [ARGUMENTS + 3, ARGUMENTS + 6, ARGUMENTS + 9];
export const ALPHA = ARGUMENTS + 11;
export const JOB_LENGTH = ARGUMENTS + 13;
/** Of the arguments, whether the product is added to what is there. */
const ACCUMULATE = 12;

/** In so many pieces a thread does its rows: those that it has not begun when Python's own thread is through, that one does. */
const PIECES = 4;
const ALL = (1 << PIECES) - 1;

/** Bytes of shared memory: before JOBS the kernel's own (builder/wheel_hook.py), then the jobs, the stacks, the matrices. */
const JOBS = 1 << 17;
const STACK = 1 << 16;
const MATRICES = JOBS + (1 << 12) + MOST * STACK;
const PAGE = 1 << 16;
const MOST_PAGES = 1 << 10;
export const FLOAT = 4;

/** How long, in ms, a piece that a thread has begun is waited for; then Python's own thread does it as well. */
const PATIENCE = 0.1;

/**
 * What a thread was given of a product.
 *
 * @typedef {object} Share
 * @property {Int32Array} job
 * @property {number} first  the first of its rows
 * @property {number} rows  how many are in a piece
 * @property {number} ours  the pieces that Python's own thread does all the same, a bit each
 *
 * @typedef {object} Given
 * @property {Share[]} shares
 * @property {number} place  where in shared memory the first of their rows will be, in numbers
 * @property {number} at  where in Python's memory that belongs
 * @property {number} n  numbers in a row
 */

export class Threads {
  /** @type {Map<string, Choice>} what is best for each shape of product */
  #choices = new Map();
  /** @type {{choice: Choice, started: number, given: Given | null} | null} the product under way */
  #current = null;
  /** One for each thread; none until a product is large enough. @type {Int32Array[]} */
  jobs = [];

  /**
   * @param {Python} python
   * @param {WebAssembly.Module} kernel
   */
  constructor(python, kernel) {
    this.python = python;
    this.kernel = kernel;
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(MATRICES / PAGE), maximum: MOST_PAGES, shared: true });
    python.setThreads((/** @type {number[]} */ ...product) => this.#begin(product), (first) => this.#more(first));
  }

  /** Start as many as there are cores to spare; they take part once they have started. */
  #start() {
    this.jobs = Array.from({ length: Math.min(MOST, navigator.hardwareConcurrency - 1) }, (_, i) => {
      const job = new Int32Array(this.memory.buffer, JOBS + i * JOB_LENGTH * FLOAT, JOB_LENGTH);
      startThread().postMessage({ kernel: this.kernel, memory: this.memory, job, stack: MATRICES - i * STACK });
      return job;
    });
  }

  /**
   * Give some of a product's rows to others.
   *
   * @param {number[]} product  the arguments of multiply()
   * @returns {number} how many rows are left, which come first
   */
  #begin(product) {
    if (!this.jobs.length) this.#start();
    const [m, n, k] = product;
    const key = `${m} ${n} ${k} ${product[ACCUMULATE]}`;
    const choice = this.#choices.get(key) ?? new Choice(this.jobs.length + 1);
    this.#choices.set(key, choice);
    const count = choice.next();
    const rows = Math.floor(m / (count + 1) / PIECES / 4) * 4;
    const started = performance.now();
    const isAlone = !count || !rows;
    const given = isAlone ? null : this.#give(product, this.jobs.slice(0, count), rows);
    this.#current = isAlone || given ? { choice, started, given } : null; // what could not be tried tells nothing
    return given ? given.shares[0].first : m;
  }

  /**
   * @param {number[]} product
   * @param {Int32Array[]} jobs
   * @param {number} rows  in a piece
   * @returns {Given | null}
   */
  #give(product, jobs, rows) {
    const [m, n, k, a, aRow, aCol, b, bRow, bCol, c, cRow] = product;
    const isUsual = Math.min(aRow, aCol, bRow, bCol) > 0 && cRow === n;
    // Also of the others none may be late with a product before: all write into the same memory.
    if (!isUsual || this.jobs.some((job) => ![IDLE, ASLEEP].includes(Atomics.load(job, STATE)))) return null;
    const theirs = jobs.length * PIECES * rows;
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
      const before = i * PIECES * rows;
      job.set(product, ARGUMENTS);
      job[ARGUMENTS] = rows;
      job[A] = places[0] + before * aRow * FLOAT;
      job[B] = places[1];
      job[C] = places[2] + before * n * FLOAT;
      new Float32Array(job.buffer, job.byteOffset)[ALPHA] = product[ALPHA - ARGUMENTS];
      Atomics.store(job, DONE, 0);
      Atomics.store(job, LEFT, PIECES);
      if (Atomics.exchange(job, STATE, BUSY) === ASLEEP) Atomics.notify(job, STATE);
    }
    const shares = jobs.map((job, i) => ({ job, first: first + i * PIECES * rows, rows, ours: 0 }));
    return { shares, place: places[2] / FLOAT, at: from[2], n };
  }

  /**
   * What Python's own thread has still to do.
   *
   * @param {number} first  the address, in its memory, for the number of the first row
   * @returns {number} how many rows; when all are done 0
   */
  #more(first) {
    if (!this.#current) return 0;
    const { choice, started, given } = this.#current;
    const piece = given && (unbegun(given.shares) ?? late(given.shares));
    if (piece) {
      this.python.integers[first >>> 2] = piece.first;
      return piece.rows;
    }
    if (given) this.#takeBack(given);
    choice.took(performance.now() - started);
    return 0;
  }

  /**
   * Bring the rows that others have done to where they belong.
   *
   * @param {Given} given
   */
  #takeBack({ shares, place, at, n }) {
    const shared = new Float32Array(this.memory.buffer);
    for (const { first, rows, ours } of shares) {
      for (let piece = 0; piece < PIECES; piece++) {
        const from = (first - shares[0].first + piece * rows) * n;
        if (!(ours & (1 << piece))) this.python.floats.set(shared.subarray(place + from, place + from + rows * n), at + from);
      }
    }
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

/** @param {Share[]} shares  @returns {{first: number, rows: number} | undefined} a piece that nobody has begun */
function unbegun(shares) {
  for (const share of shares) {
    const left = Atomics.sub(share.job, LEFT, 1);
    if (left > 0) return takenOver(share, left - 1);
  }
}

/** @param {Share[]} shares  @returns {{first: number, rows: number} | undefined} one that a thread has begun, and does not end in time */
function late(shares) {
  const end = performance.now() + PATIENCE;
  for (const share of shares) {
    let missing;
    do missing = ALL & ~share.ours & ~Atomics.load(share.job, DONE);
    while (missing && performance.now() < end);
    if (missing) return takenOver(share, 31 - Math.clz32(missing));
  }
}

/**
 * @param {Share} share
 * @param {number} piece
 */
function takenOver(share, piece) {
  share.ours |= 1 << piece;
  return { first: share.first + piece * share.rows, rows: share.rows };
}

/** How often each way is tried, and after how many uses all are tried again: a machine may have other work by then. */
const TRIALS = 9;
const USES = 500;
/** At most so much of the time alone may a way take: threads keep the machine from what else a page has to do. */
const WORTHWHILE = 0.75;

/**
 * Which of several ways takes least, the first one being alone: each is tried some times on end, as a thread that is asked
 * again at once is awake.
 */
export class Choice {
  #uses = 0;
  #best = 0;
  /** @type {number[][]} what each took */
  #times;

  /** @param {number} count  how many ways there are */
  constructor(count) {
    this.#times = Array.from({ length: count }, () => []);
  }

  /** @returns {number} the way to take now */
  next() {
    return this.#isTrying ? Math.floor(this.#uses / TRIALS) : this.#best;
  }

  /** @param {number} milliseconds  that it took */
  took(milliseconds) {
    if (this.#isTrying) this.#times[this.next()].push(milliseconds);
    this.#uses += 1;
    if (this.#uses === TRIALS * this.#times.length) {
      const typical = this.#times.map(median);
      const least = Math.min(...typical);
      this.#best = least < WORTHWHILE * typical[0] ? typical.indexOf(least) : 0;
    } else if (this.#uses === USES) {
      this.#uses = 0;
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
