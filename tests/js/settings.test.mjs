/** The settings: from an address, into one, and which changes wait. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { defaults, fromHash, NAMES, parse, pendingChanges, toHash } from "../../site/js/settings.js";

test("what an address says is what it becomes again", () => {
  const values = { ...defaults(), seed: 7, learning_rate: 0.003, augment: 0 };
  assert.deepEqual(fromHash(toHash(values)), { values, problems: [] });
});

test("an address that names some has the defaults for the rest", () => {
  assert.deepEqual(fromHash("#seed=3", { ...defaults(), epochs: 99 }).values, { ...defaults(), seed: 3 });
});

test("an address that names none changes nothing", () => {
  const now = { ...defaults(), epochs: 99 };
  for (const hash of ["", "#", "#anything", "#tab=code&phase=loss"]) assert.deepEqual(fromHash(hash, now), { values: now, problems: [] });
});

test("whatever is in an address, every setting is in its range, and what was put right is told", () => {
  for (const text of ["", "NaN", "-1", "1e99", "0x10", "<b>", "٣", "1.5", "true"]) {
    for (const name of NAMES) {
      const { value, problem } = parse(name, text);
      assert.deepEqual(parse(name, String(value)), { value, problem: null }, `${name}=${text}`);
      if (problem) assert.match(problem, /\.$/);
    }
  }
});

test("a change waits for what it acts on, if that is there", () => {
  const used = defaults();
  const settings = { ...used, seed: 1, epochs: 3, learning_rate: 1 };
  assert.deepEqual(pendingChanges(settings, used, used), { fresh: ["seed"], run: ["epochs"] });
  assert.deepEqual(pendingChanges(settings, null, null), { fresh: [], run: [] });
});
