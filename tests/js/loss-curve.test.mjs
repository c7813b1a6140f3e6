/** The line of the batches' losses stays short, and goes on from what was kept of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { LossCurve, MOST_POINTS } from "../../site/js/loss-curve.js";

const BATCHES = 313;

/**
 * @param {LossCurve} curve
 * @param {number} epoch
 * @param {number} [batches]
 */
function train(curve, epoch, batches = BATCHES) {
  for (let batch = 1; batch <= batches; batch++) {
    curve.addSlice(/** @type {any} */ ({ losses: Float64Array.of(1 / (epoch + batch / BATCHES)), epoch, batch, n_batches: BATCHES }));
  }
  return curve;
}

test("it reaches from the first batch to the last, in order, with so many points at most", () => {
  const curve = new LossCurve();
  for (let epoch = 1; epoch <= 40; epoch++) train(curve, epoch);
  const places = curve.points.map(({ x }) => x);
  assert.ok(places.length <= MOST_POINTS && places.length > MOST_POINTS / 4, String(places.length));
  assert.ok(places[0] < 0.2);
  assert.ok(places[places.length - 1] > 39.8);
  assert.deepEqual(places, [...places].sort((one, other) => one - other));
  for (const { low, high, smooth } of curve.points) assert.ok(low <= high && Number.isFinite(smooth));
});

test("what came after an epoch is void, and then it goes on", () => {
  const curve = train(train(new LossCurve(), 1), 2, 100);
  curve.goBack(1);
  assert.equal(curve.points.length, BATCHES);
  assert.equal(train(curve, 2).points.length, 2 * BATCHES);
});

test("what was kept is there again, without the epoch that had not ended, and is not changed by what comes", () => {
  const before = train(train(new LossCurve(), 1), 2, 100);
  const kept = structuredClone(before.kept);
  const after = LossCurve.of({ ...kept, epochs: 1 });
  assert.deepEqual(after.points, before.points.slice(0, BATCHES));
  train(after, 2);
  assert.equal(kept.points.length, BATCHES + 100);
});

test("a loss that is no number is no point", () => {
  const curve = new LossCurve();
  curve.addSlice(/** @type {any} */ ({ losses: Float64Array.of(NaN, 2, Infinity), epoch: 1, batch: 3, n_batches: 10 }));
  assert.deepEqual(curve.points.map(({ x, smooth }) => [x, smooth]), [[0.2, 2]]);
});
