/** Signs of the visitor's own: kept, and handed to training. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Signs } from "../../site/js/signs.js";

/** @type {[number, number][][]} */
const DRAWING = [[[0.1, 0.25], [0.3, 0.5]], [[0.5, 0.5]]];

beforeEach(() => {
  const kept = new Map();
  /** @type {any} */ (globalThis).localStorage = {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => kept.set(key, value),
  };
});

test("names, examples and what they are for are there again", () => {
  const signs = new Signs();
  signs.rename(["A", "B"]);
  signs.add(1, DRAWING);
  signs.trainOn("beside");
  const again = new Signs();
  assert.deepEqual(again.names.slice(0, 3), ["A", "B", "2"]);
  assert.deepEqual(again.counts, [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(again.namesInUse, again.names);
});

test("pictures of a file take the place of what was there", () => {
  const signs = new Signs();
  signs.add(1, DRAWING);
  const pictures = Uint8Array.from({ length: 2 * 784 }, (_, i) => i % 256);
  signs.take({ names: ["x", "y"], labels: Uint8Array.of(1, 0), pictures });
  const { picture_labels, pictures: again, labels } = new Signs().pictures;
  assert.deepEqual([...(picture_labels ?? [])], [1, 0]);
  assert.deepEqual(again, pictures);
  assert.equal(labels.length, 0);
});

test("beside MNIST corrections come, too; alone they do not", () => {
  const signs = new Signs();
  const correction = { points: Float32Array.of(0, 1), lengths: Int32Array.of(1), strokes: Int32Array.of(1), labels: Uint8Array.of(7) };
  assert.equal(signs.together(correction), correction);
  signs.add(3, DRAWING);
  assert.equal(signs.together(correction), correction, "they are not asked for yet");
  signs.trainOn("beside");
  const both = signs.together(correction);
  assert.deepEqual([...(both?.labels ?? [])], [7, 3]);
  assert.deepEqual([...(both?.strokes ?? [])], [1, 2]);
  assert.deepEqual([...(both?.lengths ?? [])], [1, 2, 1]);
  signs.trainOn("alone");
  assert.deepEqual([...(signs.together(correction)?.labels ?? [])], [3]);
  assert.equal(signs.together(correction)?.alone, true);
});

test("what is no sign is left out, and a full storage is told", () => {
  localStorage.setItem("mlp-signs", JSON.stringify({ names: Array(10).fill("a"), use: "never", examples: [{ label: 11 }, { label: 1, pixels: "!" }, { label: 2, strokes: DRAWING }, null] }));
  const signs = new Signs();
  assert.equal(signs.examples.length, 1);
  assert.equal(signs.use, "");
  /** @type {any} */ (globalThis).localStorage = { getItem: () => null, setItem: () => assert.fail("full") };
  signs.add(1, DRAWING);
  assert.equal(signs.isStored, false);
  assert.equal(signs.examples.length, 2);
});
