/** What the visitor has written, and what earlier builds kept of it. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Desk } from "../../site/js/kept/desk.js";
import { moveIn } from "../../site/js/kept/moved.js";
import { Written } from "../../site/js/kept/written.js";
import { FakeBrowser, FakeStorage } from "./fake-storage.mjs";

/** @type {FakeStorage} */
let storage;

beforeEach(() => {
  new FakeBrowser();
  storage = new FakeStorage();
});

const open = () => Desk.open(async () => /** @type {any} */ (storage));

test("what is written is kept, and what it takes the place of, unless that is nothing", async () => {
  const written = new Written(await open());
  assert.deepEqual([written.code, written.replaced], [null, null]);
  written.code = "mine";
  written.replace(null);
  assert.deepEqual([written.code, written.replaced], [null, "mine"]);
  written.replace("a friend’s");
  assert.deepEqual([written.code, written.replaced], ["a friend’s", "mine"]);
  written.replace("another");
  assert.deepEqual([written.code, written.replaced], ["another", "a friend’s"]);
});

test("answers of two tabs stay beside one another, and what is none is left out", async () => {
  const desk = await open();
  await desk.changeShared("answers", () => ({ relu: { text: 5 }, softmax: { text: "x", state: "open" }, loss: null }));
  const written = new Written(desk);
  assert.deepEqual(Object.keys(written.answers), ["softmax"]);
  await new Written(await open()).answer("relu", { text: "r", state: "solved" });
  await written.answer("forward", { text: "f", state: "failed" });
  assert.deepEqual(Object.keys(written.answers).sort(), ["forward", "relu", "softmax"]);
});

/** @param {Record<string, string>} items */
function local(items) {
  const kept = new Map(Object.entries(items));
  const value = { getItem: (/** @type {string} */ key) => kept.get(key) ?? null, removeItem: (/** @type {string} */ key) => kept.delete(key) };
  Object.defineProperty(globalThis, "localStorage", { value, configurable: true });
  return kept;
}

test("what an earlier build has kept moves in, once, and junk is left", async () => {
  const old = local({
    "mlp.py": "mine",
    "mlp-exercises": '{"relu": {"text": "r", "state": "solved"}, "softmax": 3}',
    "mlp-corrections": '[{"label": 3, "strokes": [[[1, 2]]]}, {"label": 77}, null]',
    "mlp-signs": "[",
  });
  const desk = await open();
  await moveIn(desk);
  assert.equal(old.size, 0);
  const written = new Written(desk);
  assert.deepEqual([written.code, Object.keys(written.answers), desk.shared("corrections").length], ["mine", ["relu"], 1]);
  await moveIn(desk);
  assert.equal(desk.shared("corrections").length, 1);
});

test("what cannot be moved stays where it is", async () => {
  const old = local({ "mlp.py": "mine" });
  const desk = await open();
  storage.failure = new Error("full");
  await moveIn(desk);
  assert.equal(old.size, 1);
  assert.equal(new Written(desk).code, "mine");
});
