/** A network that is here again: after Python has died, on another visit, or instead of another that took its place. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { EngineStopped } from "../../site/js/engine.js";
import { FILE, paused, ready, settled, until, Visitor } from "./visitor.mjs";

/** @param {Visitor} visitor @param {number} epochs */
async function trainFor(visitor, epochs) {
  await visitor.experiment.train();
  await until(() => visitor.told.epoch?.epoch === epochs);
}

/**
 * @param {import("../../site/js/experiment.js").Kept} kept
 * @param {Partial<import("../../site/js/settings.js").Values>} settings
 */
async function anotherVisit(kept, settings = {}) {
  const visitor = new Visitor(settings);
  await visitor.experiment.boot(Promise.resolve(structuredClone(kept)));
  await settled();
  return visitor;
}

test("the next visit goes on with the run, from its last epoch to its end, and says so", async () => {
  const visitor = await ready({ epochs: 5 });
  await trainFor(visitor, 2);
  const again = await anotherVisit(visitor.experiment.kept, { epochs: 5 });
  assert.equal(again.experiment.state, "ready");
  assert.match(again.told.status, /as it was after epoch 2. Train goes on, to epoch 5/);
  assert.deepEqual(again.told.again.history.map(({ epoch }) => epoch), [1, 2]);
  await again.experiment.train();
  await settled();
  assert.equal(again.told.epoch.epoch, 5);
  assert.deepEqual(again.asked("begin")[0][1].done, { epochs: 2, order: new Int32Array(1) });
  assert.match(again.told.address, /others see the same numbers/);
});

test("with other settings it is another run, of the same network", async () => {
  const visitor = await ready({ epochs: 5 });
  await trainFor(visitor, 2);
  const again = await anotherVisit(visitor.experiment.kept, { epochs: 5, batch_size: 7 });
  await again.experiment.train();
  await settled();
  assert.deepEqual([again.asked("begin")[0][1].done, again.told.epoch.epoch], [null, 7]);
  assert.match(again.told.address, /training with other settings before/);
});

test("a run that had come to its end is not gone on with", async () => {
  const visitor = await ready();
  await visitor.experiment.train();
  await settled();
  const again = await anotherVisit(visitor.experiment.kept);
  assert.match(again.told.status, /after epoch 2.$/);
  await again.experiment.train();
  await settled();
  assert.deepEqual([again.asked("begin")[0][1].done, again.told.epoch.epoch], [null, 4]);
});

test("what reads, and whose code runs, are what they were", async () => {
  const visitor = await ready();
  await visitor.experiment.useCode("mine");
  visitor.experiment.readBy("random");
  const again = await anotherVisit(visitor.experiment.kept);
  assert.deepEqual([again.experiment.source, again.experiment.reader], ["mine", "random"]);
  assert.equal(again.engine.runsOthersCode, true);
});

test("what cannot be used of it is told, and all else works", async () => {
  const visitor = await ready();
  await visitor.experiment.train();
  await settled();
  const again = new Visitor();
  const boot = again.engine._boot.bind(again.engine);
  again.engine._boot = (ask) => ({ ...boot({ ...ask, kept: null, source: null }), failure: { kind: "refused", message: "it is damaged" } });
  await again.experiment.boot(Promise.resolve(visitor.experiment.kept));
  await settled();
  assert.match(again.alerts[0], /could not be used: it is damaged/);
  await again.experiment.train();
  await settled();
  assert.equal(again.told.epoch.epoch, 2);
});

test("what was kept is not lost where Python does not start at once", async () => {
  const visitor = await ready();
  await visitor.experiment.train();
  await settled();
  const again = new Visitor();
  const start = again.engine.start.bind(again.engine);
  again.engine.start = async () => {
    again.engine.start = start;
    again.engine.crash("its code did not come");
    throw new EngineStopped("");
  };
  await again.experiment.boot(Promise.resolve(visitor.experiment.kept));
  assert.equal(again.experiment.state, "failed");
  await again.boot();
  assert.deepEqual([again.experiment.state, again.model], ["ready", "your network, after 2 epochs"]);
});

test("after Python has died, Train goes on with the run as if nothing had been", async () => {
  const visitor = await ready({ epochs: 1000 });
  await trainFor(visitor, 3);
  visitor.engine.crash("its worker has died");
  await visitor.experiment.boot();
  await visitor.experiment.train();
  const [, begin] = visitor.asked("begin");
  assert.equal(begin[1].done.epochs, visitor.back[0]);
  assert.match(visitor.told.address, /others see the same numbers/);
});

test("a network that made room can be brought back, and the one that took its place as well", async () => {
  const visitor = await ready();
  /** @type {import("../../site/js/network.js").Work[]} */
  const replaced = [];
  visitor.experiment.on("replaced", (work) => replaced.push(work));
  await visitor.experiment.train();
  await settled();
  await visitor.experiment.reset();
  assert.deepEqual(replaced.map(({ history }) => history.length), [2]);
  await visitor.experiment.load(FILE, "mine.npz");
  assert.equal(replaced.length, 1); // nobody had trained that one
  await visitor.experiment.bringBack(replaced[0]);
  assert.deepEqual([visitor.model, visitor.told.again.history.length], ["your network, after 2 epochs", 2]);
  assert.equal(replaced[1].name, "mine.npz");
  await visitor.experiment.bringBack(replaced[1]);
  assert.equal(visitor.model, "mine.npz");
});

test("a network in its first epoch is not yet to be kept", async () => {
  assert.equal((await paused()).experiment.kept.work, null);
});
