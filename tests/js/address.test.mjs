/** The page's address: settings, and what is looked at. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { read, write } from "../../site/js/address.js";
import { defaults } from "../../site/js/settings.js";

test("what is written is read again", () => {
  const values = { ...defaults(), epochs: 3 };
  for (const tab of /** @type {const} */ (["watch", "code", "inspect", "compare"])) {
    const found = read(write(values, { tab, phase: "loss", exercise: null }));
    assert.deepEqual(found.values, values);
    assert.deepEqual(found.place, tab === "code" ? { tab, phase: "loss" } : { tab });
    assert.deepEqual(found.problems, []);
  }
});

test("a phase alone opens the code, and names that there are none of are no place", () => {
  assert.deepEqual(read("#phase=backward").place, { tab: "code", phase: "backward" });
  assert.deepEqual(read("#tab=attic&phase=lunch").place, {});
  assert.deepEqual(read("").place, {});
});

test("another tab changes no setting", () => {
  const values = { ...defaults(), seed: 9 };
  assert.deepEqual(read("#tab=inspect", values).values, values);
});

test("an exercise has an address", () => {
  const values = defaults();
  const hash = write(values, { tab: "code", phase: "forward", exercise: "one_hot", code: null });
  assert.match(hash, /&exercise=one_hot$/);
  assert.deepEqual(read(`#${hash}`).place, { tab: "code", phase: "forward", exercise: "one_hot" });
  assert.deepEqual(read("#exercise=relu").place, { tab: "code", exercise: "relu" });
});

test("changed code is kept until it is answered, and opens the Code tab", () => {
  const hash = write(defaults(), { tab: "watch", phase: "loss", exercise: null, code: "eNo_-x" });
  assert.deepEqual(read(hash).place, { tab: "watch", code: "eNo_-x" });
  assert.deepEqual(read("#code=eNo").place, { tab: "code", code: "eNo" });
});
