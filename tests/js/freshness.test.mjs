/** Keeping what is seen up to date, without taking the time that training needs. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Freshness } from "../../site/js/views/freshness.js";

const LOOK = 10; // ms

test("a look that takes long is made seldom while it trains, and once more when training has ended", async () => {
  let looks = 0;
  const experiment = { state: "training" };
  const look = async () => {
    looks += 1;
    await new Promise((resolve) => setTimeout(resolve, LOOK));
    return true;
  };
  const freshness = new Freshness(/** @type {any} */ (experiment), { share: 10, isSeen: () => true, look });
  const began = performance.now();
  while (performance.now() < began + 40 * LOOK) {
    freshness.spoil(); // an epoch has ended
    await new Promise((resolve) => setTimeout(resolve));
  }
  assert.ok(looks >= 1 && looks <= 4, `${looks} looks`);
  const before = looks;
  assert.ok(freshness.isStale);
  experiment.state = "ready";
  freshness.catchUp();
  await freshness.refresh();
  assert.equal(looks, before + 1);
});
