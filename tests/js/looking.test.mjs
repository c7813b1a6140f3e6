/** Who reads, and what is looked at, while the network is trained, changed or gone. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { tick } from "./fake-engine.mjs";
import { FILE, paused, ready, settled, Visitor } from "./visitor.mjs";

const HAND = /** @type {const} */ ({ kind: "batch" });

test("the starter reads first; without one it is mine", async () => {
  assert.equal((await ready()).experiment.reader, "starter");
  const visitor = new Visitor();
  visitor.engine.starter = /** @type {any} */ (null);
  await visitor.boot();
  assert.deepEqual([visitor.experiment.reader, visitor.told.reader.hasStarter], ["mine", false]);
});

test("whatever makes or trains a network lets that one read", async () => {
  const visitor = await ready();
  for (const act of ["train", "step", "reset"]) {
    visitor.experiment.readBy("starter");
    await /** @type {any} */ (visitor.experiment)[act]();
    await settled();
    if (visitor.experiment.state === "paused") await visitor.experiment.reset();
    assert.equal(visitor.experiment.reader, "mine", act);
  }
  visitor.experiment.readBy("random");
  await visitor.experiment.load(FILE, "mine.npz");
  assert.equal(visitor.experiment.reader, "mine");
});

test("a chosen reader stays while epochs end, and when settings make another untouched network", async () => {
  const visitor = await ready({ epochs: 50 });
  visitor.experiment.readBy("random");
  visitor.experiment.set("seed", 3);
  await settled();
  assert.equal(visitor.engine.network.seed, 3);
  assert.equal(visitor.experiment.reader, "random");
  await visitor.experiment.train();
  visitor.experiment.readBy("starter");
  await settled();
  assert.equal(visitor.experiment.reader, "starter");
});

test("the drawing is read by whoever was chosen", async () => {
  const visitor = await ready();
  visitor.draw();
  await settled();
  assert.equal(visitor.told.reading.reading.reader, "starter");
  visitor.experiment.readBy("random");
  await settled();
  assert.equal(visitor.told.reading.reading.reader, "random");
});

test("weights that are others now are told: after each slice, a pause, a choice, a way back", async () => {
  const visitor = await paused();
  const told = async (/** @type {() => unknown} */ act) => {
    const before = visitor.moved;
    await act();
    await settled();
    return visitor.moved > before;
  };
  assert.ok(await told(() => visitor.experiment.step()));
  assert.ok(await told(() => visitor.experiment.readBy("starter")));
  assert.ok(await told(() => visitor.experiment.alter({ silenced: [], zeroBiases: true, noise: 0 })));
  await visitor.experiment.train();
  assert.ok(await told(() => visitor.experiment.pause()));
  visitor.engine.failing.set("batch", { kind: "diverged", message: "the loss is nan", advice: 0.001 });
  assert.ok(await told(() => visitor.experiment.train()));
});

test("there is nothing to see while Python starts, or when it is gone; and what is refused is told", async () => {
  const visitor = new Visitor();
  assert.equal(await visitor.experiment.look("weights", { reader: "mine" }), null);
  await visitor.boot();
  visitor.engine.failing.set("weights", { kind: "memory", message: "There is not enough memory for this." });
  assert.equal(await visitor.experiment.look("weights", { reader: "mine" }), null);
  assert.deepEqual(visitor.alerts, ["There is not enough memory for this."]);
  visitor.engine.failing.clear();
  assert.notEqual(await visitor.experiment.look("weights", { reader: "mine" }), null);
  const late = visitor.experiment.look("weights", { reader: "mine" });
  visitor.engine.crash("its worker has died");
  assert.equal(await late, null);
  assert.equal(await visitor.experiment.look("weights", { reader: "mine" }), null);
});

test("what needs the images of a run waits for them, with the settings of then", async () => {
  const visitor = new Visitor();
  const release = visitor.engine.hold("fetch-images");
  await visitor.boot();
  const looking = visitor.experiment.lookWithImages("trace", HAND);
  await settled();
  visitor.experiment.set("batch_size", 7);
  release();
  const trace = /** @type {any} */ (await looking);
  assert.equal(trace.settings.batch_size, 7);
  const before = visitor.asked("fetch-images").length;
  await visitor.experiment.lookWithImages("trace", HAND);
  assert.equal(visitor.asked("fetch-images").length, before); // they are here
});

test("images that do not come are told there too", async () => {
  const visitor = new Visitor();
  visitor.engine.failing.set("fetch-images", { kind: "missing", message: "train.gz could not be fetched" });
  await visitor.boot();
  assert.equal(await visitor.experiment.lookWithImages("trace", HAND), null);
  assert.match(visitor.told.problem.message, /train.gz could not be fetched/);
});

test("a Train that waits for its images says so, and Pause takes it back", async () => {
  const visitor = new Visitor();
  const release = visitor.engine.hold("fetch-images");
  await visitor.boot();
  const training = visitor.experiment.train();
  await settled();
  assert.equal(visitor.told.waiting, true);
  assert.match(visitor.told.status, /Fetching 10,000 digits/);
  await visitor.experiment.pause();
  assert.equal(visitor.told.waiting, false);
  assert.match(visitor.told.status, /Not training/);
  release();
  await training;
  await settled();
  assert.equal(visitor.asked("begin").length, 0);
  await visitor.experiment.train();
  assert.equal(visitor.experiment.state, "training");
});

test("whichever way the waiting ends, nothing waits any more", async () => {
  for (const end of ["reset", "fail", "come"]) {
    const visitor = new Visitor();
    const release = visitor.engine.hold("fetch-images");
    await visitor.boot();
    const training = visitor.experiment.train();
    await tick();
    if (end === "fail") visitor.engine.failing.set("fetch-images", { kind: "missing", message: "gone" });
    if (end === "reset") await visitor.experiment.reset();
    release();
    await training;
    assert.equal(visitor.told.waiting, false, end);
  }
});
