/**
 * Anything at all, seeded: the same things at each run, and others, as many as one likes, by
 *
 *   FUZZ=20000 node --test "tests/js/*.test.mjs"
 */

const { FUZZ } = process.env;
const EXAMPLES = Number(FUZZ ?? 300);

/** What is odd about numbers and texts. */
const ODD = [null, undefined, true, NaN, Infinity, -0, -1, 2 ** 32, 1e308, "", "0", "__proto__", "constructor", "\ud800", "<b>", "%", "a&b=c#d", [], {}];

export class Anything {
  /** @param {number} seed */
  constructor(seed) {
    this.state = seed >>> 0;
  }

  /** From 0 to 1 (mulberry32). */
  share() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** @param {number} below */
  whole(below) {
    return Math.floor(below * this.share());
  }

  /**
   * @template T
   * @param {T[]} things
   */
  one(things) {
    return things[this.whole(things.length)];
  }

  /** A text, odd characters among others. */
  text(longest = 12) {
    return String.fromCharCode(...Array.from({ length: this.whole(longest) }, () => (this.share() < 0.8 ? 32 + this.whole(95) : this.whole(65_536))));
  }

  /**
   * Any value; an object has some of these names.
   *
   * @param {string[]} names
   * @returns {any}
   */
  value(names = ["label", "strokes"], depth = 3) {
    const kind = this.whole(depth > 0 ? 6 : 4);
    if (kind === 0) return this.one(ODD);
    if (kind === 1) return this.whole(20) - 5;
    if (kind === 2) return 4 * this.share() - 2;
    if (kind === 3) return this.text();
    const length = this.whole(5);
    if (kind === 4) return Array.from({ length }, () => this.value(names, depth - 1));
    return Object.fromEntries(Array.from({ length }, () => [this.one(names), this.value(names, depth - 1)]));
  }
}

/**
 * Check that something is so of anything; where it is not, say of which seed.
 *
 * @param {(any: Anything) => unknown} property
 */
export async function ofAnything(property, examples = EXAMPLES) {
  const first = FUZZ ? Math.floor(Math.random() * 2 ** 31) : 0;
  for (let seed = first; seed < first + examples; seed++) {
    try {
      await property(new Anything(seed));
    } catch (error) {
      throw new Error(`of new Anything(${seed})`, { cause: error });
    }
  }
}
