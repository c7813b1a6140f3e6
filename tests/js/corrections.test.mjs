/** What the visitor has put right, kept in the browser. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Corrections } from "../../site/js/kept/corrections.js";
import { Desk } from "../../site/js/kept/desk.js";
import { FakeBrowser, FakeStorage } from "./fake-storage.mjs";

/** @type {[number, number][][]} */
const DRAWING = [[[0.1, 0.2], [0.3, 0.4]]];
/** @type {[number, number][][]} */
const OTHER = [[[0.5, 0.5]]];

/** @type {FakeStorage} */
let storage;

const settled = () => new Promise((resolve) => setTimeout(resolve, 5));

beforeEach(() => {
  new FakeBrowser();
  storage = new FakeStorage();
});

/** Those of another tab. */
async function open() {
  await settled(); // what was changed before is written
  return new Corrections(await Desk.open(async () => /** @type {any} */ (storage)));
}

const labels = (/** @type {Corrections} */ corrections) => corrections.all.map(({ label }) => label);

test("a drawing has one label, the last that was told", async () => {
  const corrections = await open();
  assert.equal(corrections.add(7, DRAWING), false);
  assert.equal(corrections.add(3, OTHER), false);
  assert.equal(corrections.add(4, DRAWING), true);
  assert.deepEqual(labels(corrections), [3, 4]);
  assert.deepEqual(labels(await open()), [3, 4]);
});

test("each can be taken back, and others stay", async () => {
  const corrections = await open();
  corrections.add(7, DRAWING);
  corrections.add(3, OTHER);
  corrections.remove(corrections.all[0]);
  assert.deepEqual(labels(corrections), [3]);
  assert.deepEqual(labels(await open()), [3]);
});

test("pictures are kept beside drawings, and handed to training", async () => {
  const corrections = await open();
  const pixels = Uint8Array.from({ length: 784 }, (_, i) => i % 256);
  corrections.add(7, DRAWING);
  assert.equal(corrections.addPicture(2, pixels), false);
  assert.equal(corrections.addPicture(3, pixels), true);
  const again = (await open()).forTraining();
  assert.deepEqual([...(again?.labels ?? [])], [7]);
  assert.deepEqual([...(again?.picture_labels ?? [])], [3]);
  assert.deepEqual(again?.pictures, pixels);
});

test("what another tab has added is neither lost nor kept twice", async () => {
  const [here, there] = [await open(), await open()];
  here.add(7, DRAWING);
  there.add(3, OTHER);
  here.add(8, DRAWING);
  await settled();
  assert.deepEqual(labels(here), [3, 8]);
  there.remove(here.all[1]);
  await settled();
  assert.deepEqual(labels(await open()), [3]);
});

test("what was deleted can be brought back, beside what came since", async () => {
  const corrections = await open();
  corrections.add(7, DRAWING);
  corrections.add(3, OTHER);
  const removed = corrections.all;
  corrections.clear();
  corrections.add(4, DRAWING);
  corrections.bringBack(removed);
  assert.deepEqual(labels(corrections), [3, 4]);
});

test("without storage they are those of this page", async () => {
  const corrections = await open();
  storage.failure = new Error("full");
  corrections.add(7, DRAWING);
  corrections.add(4, DRAWING);
  await settled();
  assert.deepEqual(labels(corrections), [4]);
  assert.equal(corrections.isStored, false);
});
