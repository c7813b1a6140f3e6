/** What the visitor has put right, kept in the browser. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Corrections } from "../../site/js/corrections.js";

/** @type {[number, number][][]} */
const DRAWING = [[[0.1, 0.2], [0.3, 0.4]]];
/** @type {[number, number][][]} */
const OTHER = [[[0.5, 0.5]]];

beforeEach(() => {
  const kept = new Map();
  /** @type {any} */ (globalThis).localStorage = {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
  };
});

const labels = (/** @type {Corrections} */ corrections) => corrections.all.map(({ label }) => label);

test("a drawing has one label, the last that was told", () => {
  const corrections = new Corrections();
  assert.equal(corrections.add(7, DRAWING), false);
  assert.equal(corrections.add(3, OTHER), false);
  assert.equal(corrections.add(4, DRAWING), true);
  assert.deepEqual(labels(corrections), [3, 4]);
  assert.deepEqual(labels(new Corrections()), [3, 4]);
});

test("each can be taken back, and others stay", () => {
  const corrections = new Corrections();
  corrections.add(7, DRAWING);
  corrections.add(3, OTHER);
  corrections.remove(corrections.all[0]);
  assert.deepEqual(labels(corrections), [3]);
  assert.deepEqual(labels(new Corrections()), [3]);
});

test("pictures are kept beside drawings, and handed to training", () => {
  const corrections = new Corrections();
  const pixels = Uint8Array.from({ length: 784 }, (_, i) => i % 256);
  corrections.add(7, DRAWING);
  assert.equal(corrections.addPicture(2, pixels), false);
  assert.equal(corrections.addPicture(3, pixels), true);
  const again = new Corrections().forTraining();
  assert.deepEqual([...(again?.labels ?? [])], [7]);
  assert.deepEqual([...(again?.picture_labels ?? [])], [3]);
  assert.deepEqual(again?.pictures, pixels);
});

test("what another tab has added is neither lost nor kept twice", () => {
  const [here, there] = [new Corrections(), new Corrections()];
  here.add(7, DRAWING);
  there.add(3, OTHER);
  here.add(8, DRAWING);
  assert.deepEqual(labels(here), [3, 8]);
  there.remove(here.all[0]);
  assert.deepEqual(labels(new Corrections()), [8]);
});

test("without storage they are those of this page", () => {
  /** @type {any} */ (globalThis).localStorage = { getItem: () => null, setItem: () => { throw new Error("full"); } };
  const corrections = new Corrections();
  corrections.add(7, DRAWING);
  corrections.add(4, DRAWING);
  assert.deepEqual(labels(corrections), [4]);
  assert.equal(corrections.isStored, false);
});
