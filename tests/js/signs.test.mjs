/** Signs of the visitor's own: kept, and handed to training. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Signs } from "../../site/js/kept/signs.js";
import { Desk } from "../../site/js/kept/desk.js";
import { FakeBrowser, FakeStorage } from "./fake-storage.mjs";

/** @type {[number, number][][]} */
const DRAWING = [[[0.1, 0.25], [0.3, 0.5]], [[0.5, 0.5]]];

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

/** @type {FakeStorage} */
let storage;

beforeEach(() => {
  new FakeBrowser();
  storage = new FakeStorage();
});

/** Those of another tab. */
async function open() {
  await settled(); // what was changed before is written
  return new Signs(await Desk.open(async () => /** @type {any} */ (storage)));
}

test("names, examples and what they are for are there again", async () => {
  const signs = await open();
  signs.rename(["A", "B"]);
  signs.add(1, DRAWING);
  signs.trainOn("beside");
  const again = await open();
  assert.deepEqual(again.names.slice(0, 3), ["A", "B", "2"]);
  assert.deepEqual(again.counts, [0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  assert.deepEqual(again.namesInUse, again.names);
});

test("pictures of a file take the place of what was there", async () => {
  const signs = await open();
  signs.add(1, DRAWING);
  const pictures = Uint8Array.from({ length: 2 * 784 }, (_, i) => i % 256);
  signs.take({ names: ["x", "y"], labels: Uint8Array.of(1, 0), pictures });
  const { picture_labels, pictures: again, labels } = (await open()).pictures;
  assert.deepEqual([...(picture_labels ?? [])], [1, 0]);
  assert.deepEqual(again, pictures);
  assert.equal(labels.length, 0);
});

test("beside MNIST corrections come, too; alone they do not", async () => {
  const signs = await open();
  const correction = { points: Float32Array.of(0, 1), lengths: Int32Array.of(1), strokes: Int32Array.of(1), labels: Uint8Array.of(7) };
  assert.equal(signs.together(correction), correction);
  signs.add(3, DRAWING);
  signs.trainOn("");
  assert.equal(signs.together(correction), correction, "they are not asked for");
  signs.trainOn("beside");
  const both = signs.together(correction);
  assert.deepEqual([...(both?.labels ?? [])], [7, 3]);
  assert.deepEqual([...(both?.strokes ?? [])], [1, 2]);
  assert.deepEqual([...(both?.lengths ?? [])], [1, 2, 1]);
  signs.trainOn("alone");
  assert.deepEqual([...(signs.together(correction)?.labels ?? [])], [3]);
  assert.equal(signs.together(correction)?.alone, true);
});

test("what is no sign is left out, and a full storage is told", async () => {
  const pictures = [{ label: 11 }, { label: 1, pixels: "!" }, { label: 2, strokes: DRAWING }, null];
  storage.common.set("signs", { value: { names: Array(10).fill("a"), use: "never", examples: pictures }, stamp: "" });
  const signs = await open();
  assert.deepEqual([signs.examples.length, signs.use, signs.names[9]], [1, "", "a"]);
  storage.failure = new Error("full");
  signs.add(1, DRAWING);
  await settled();
  assert.deepEqual([signs.isStored, signs.examples.length], [false, 2]);
});

test("what was deleted can be brought back", async () => {
  const signs = await open();
  signs.add(1, DRAWING);
  const { all } = signs;
  signs.clear();
  assert.equal(signs.examples.length, 0);
  signs.replace(all);
  assert.equal(signs.examples.length, 1);
});

test("what another tab has drawn is not deleted, nor put away by a file, unseen", async () => {
  const signs = await open();
  signs.add(1, DRAWING);
  const other = await open();
  signs.add(2, [[[0.9, 0.9]]]);
  await settled();
  other.clear();
  assert.deepEqual((await open()).counts, [0, 0, 1, 0, 0, 0, 0, 0, 0, 0]);
  await settled();
  signs.take({ names: ["x"], labels: Uint8Array.of(0), pictures: new Uint8Array(784) });
  assert.deepEqual((await open()).counts, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
});

test("the first that is drawn is what is trained on, and another tab’s choice stays", async () => {
  const signs = await open();
  assert.equal(signs.use, "");
  signs.add(1, DRAWING);
  assert.equal((await open()).use, "alone");
  signs.trainOn("beside");
  signs.add(2, DRAWING);
  assert.equal((await open()).use, "beside");
});
