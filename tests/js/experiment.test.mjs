/** The state machine of the page. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { tick } from "./fake-engine.mjs";
import { FILE, paused, ready, settled, until, Visitor } from "./visitor.mjs";

// ── The usual way ──────────────────────────────────────────────────────────────────────────

test("it starts, with the starter model reading", async () => {
  const { told, experiment } = await ready();
  assert.equal(experiment.state, "ready");
  assert.match(told.reader.words, /starter model, trained before you came: 98.7 %/);
  assert.match(told.status, /^Ready/);
});

test("Train trains a fresh network to the end, and again from there", async () => {
  const visitor = await ready();
  await visitor.experiment.train();
  assert.equal(visitor.experiment.state, "training");
  assert.equal(visitor.model, "your network, in its first epoch");
  await settled();
  assert.equal(visitor.experiment.state, "ready");
  assert.equal(visitor.model, "your network, after 2 epochs");
  assert.match(visitor.told.status, /Trained. It reads 90.0 %/);
  await visitor.experiment.train();
  await settled();
  assert.equal(visitor.told.epoch.epoch, 4);
  assert.deepEqual(visitor.alerts, []);
});

test("one request begins a run, with all that it needs", async () => {
  const visitor = await ready({ seed: 5 });
  visitor.engine.asked.length = 0;
  await visitor.experiment.train();
  assert.deepEqual(visitor.engine.asked.map(([type]) => type).filter((type) => type !== "read"), ["begin"]);
  const [[, { runId, settings, corrections, maxBatches }]] = visitor.asked("begin");
  assert.deepEqual([runId, settings.seed, corrections, maxBatches], [1, 5, null, null]);
});

// ── In a hurry ─────────────────────────────────────────────────────────────────────────────

test("Enter held on Step does one batch each time, across the run's end", async () => {
  const visitor = await ready();
  await Promise.all(Array.from({ length: 13 }, () => visitor.experiment.step()));
  assert.equal(visitor.batches.length, 13);
  assert.deepEqual(visitor.alerts, []);
  assert.equal(visitor.asked("begin").length, 3); // of two epochs of three batches each
  assert.equal(visitor.experiment.state, "paused");
});

test("Reset then Train in one go while paused trains a fresh network", async () => {
  const visitor = await paused();
  visitor.experiment.set("epochs", 2);
  await Promise.all([visitor.experiment.reset(), visitor.experiment.train()]);
  await settled();
  assert.deepEqual(visitor.alerts, []);
  assert.equal(visitor.model, "your network, after 2 epochs");
  assert.equal(visitor.asked("begin").length, 2);
});

test("Train then Pause then Train in one go goes on with the one run", async () => {
  const visitor = await ready({ epochs: 50 });
  await Promise.all([visitor.experiment.train(), visitor.experiment.pause(), visitor.experiment.train()]);
  assert.equal(visitor.experiment.state, "training");
  assert.equal(visitor.asked("begin").length, 1);
  assert.equal(visitor.asked("resume").length, 1);
});

test("Train while a model loads trains that model", async () => {
  const visitor = await ready();
  const release = visitor.engine.hold("load");
  const loading = visitor.experiment.load(FILE, "mine.npz");
  const training = visitor.experiment.train();
  await settled();
  assert.equal(visitor.asked("begin").length, 0);
  release();
  await Promise.all([loading, training]);
  await settled();
  assert.equal(visitor.engine.network.origin, "file");
  assert.equal(visitor.model, "your network, after 2 epochs");
  assert.deepEqual(visitor.alerts, []);
});

test("Load while a Train waits for the images takes that Train back", async () => {
  const visitor = new Visitor();
  const release = visitor.engine.hold("fetch-images");
  await visitor.boot();
  const training = visitor.experiment.train();
  await tick();
  await visitor.experiment.load(FILE, "mine.npz");
  release();
  await training;
  await settled();
  assert.equal(visitor.asked("begin").length, 0);
  assert.equal(visitor.model, "mine.npz");
  assert.equal(visitor.experiment.state, "ready");
});

test("a file that is refused leaves a waiting Train alone", async () => {
  const visitor = new Visitor();
  const release = visitor.engine.hold("fetch-images");
  await visitor.boot();
  const training = visitor.experiment.train();
  await tick();
  visitor.engine.failing.set("load", { kind: "refused", message: "it is a web page" });
  await visitor.experiment.load(FILE, "page.npz");
  assert.deepEqual(visitor.alerts, ["page.npz was not loaded, and the network in use is as it was. The file: it is a web page"]);
  release();
  await training;
  await settled();
  assert.equal(visitor.model, "your network, after 2 epochs");
});

test("Reset takes back a Train that waits for the images", async () => {
  const visitor = new Visitor();
  const release = visitor.engine.hold("fetch-images");
  await visitor.boot();
  const training = visitor.experiment.train();
  await tick();
  await visitor.experiment.reset();
  release();
  await training;
  await settled();
  assert.equal(visitor.asked("begin").length, 0);
  assert.equal(visitor.model, "random weights, which know nothing yet");
});

test("Train pressed again and again while the images come begins once", async () => {
  const visitor = new Visitor();
  const release = visitor.engine.hold("fetch-images");
  await visitor.boot();
  const all = [1, 2, 3].map(() => visitor.experiment.train());
  await tick();
  release();
  await Promise.all(all);
  await settled();
  assert.equal(visitor.asked("begin").length, 1);
});

test("images that do not come are told, with a remedy, and Train tries again", async () => {
  const visitor = new Visitor();
  visitor.engine.failing.set("fetch-images", { kind: "missing", message: "train.gz could not be fetched" });
  await visitor.boot();
  await visitor.experiment.train();
  assert.match(visitor.told.problem.message, /train.gz could not be fetched. Check the connection, then press Train again/);
  visitor.engine.failing.clear();
  await visitor.experiment.train();
  await settled();
  assert.equal(visitor.told.problem, null);
  assert.equal(visitor.told.epoch.epoch, 2);
});

test("Pause, when the run has just ended, does nothing", async () => {
  const visitor = await ready({ epochs: 1 });
  await visitor.experiment.train();
  const pausing = visitor.experiment.pause();
  visitor.engine.latency = () => 20;
  await pausing;
  await settled();
  visitor.engine.latency = () => 1;
  const late = await visitor.experiment.pause();
  assert.ok(!late);
  assert.deepEqual(visitor.alerts, []);
});

test("a run that is over for the worker is begun anew, not told as a failure", async () => {
  const visitor = await paused();
  visitor.engine.run = null;
  await visitor.experiment.train();
  assert.equal(visitor.experiment.state, "training");
  assert.deepEqual(visitor.alerts, []);
  assert.equal(visitor.asked("begin").length, 2);
});

test("what an old run still sends is dropped", async () => {
  const visitor = await paused();
  await visitor.experiment.reset();
  const before = visitor.batches.length;
  visitor.engine.emit("slice", { type: "slice", runId: 1, losses: [1], epoch: 9, batch: 9, n_batches: 9, finished: true, resting: true });
  assert.equal(visitor.batches.length, before);
  assert.equal(visitor.model, "random weights, which know nothing yet");
});

test("after Pause the drawing is read by the network as it is then", async () => {
  const visitor = await ready({ epochs: 1000 });
  visitor.draw();
  await visitor.experiment.train();
  await until(() => visitor.told.epoch?.epoch > 1);
  await visitor.experiment.pause();
  await settled();
  assert.deepEqual(visitor.told.reading.reading.network, visitor.engine.network);
});

// ── Settings ───────────────────────────────────────────────────────────────────────────────

test("settings changed while Python starts are those of the network", async () => {
  const visitor = new Visitor();
  visitor.engine.starter = /** @type {any} */ (null);
  const booting = visitor.experiment.boot();
  await tick();
  visitor.experiment.set("hidden_size", 33);
  visitor.experiment.set("seed", 4);
  await booting;
  await settled();
  assert.deepEqual([visitor.engine.network.hidden_size, visitor.engine.network.seed], [33, 4]);
  assert.deepEqual(visitor.told.pending, { fresh: [], run: [] });
});

test("settings of the next run wait for it without a word of Reset, and it takes them", async () => {
  const visitor = await paused();
  visitor.experiment.set("batch_size", 64);
  visitor.experiment.set("hidden_size", 9);
  assert.deepEqual(visitor.told.pending, { fresh: ["hidden_size"], run: ["batch_size"] });
  visitor.experiment.set("epochs", 1);
  await visitor.experiment.reset();
  assert.deepEqual(visitor.told.pending, { fresh: [], run: [] });
  await visitor.experiment.train();
  assert.deepEqual([visitor.asked("begin")[1][1].settings.batch_size, visitor.engine.network.hidden_size], [64, 9]);
});

test("an epoch comes with the settings that its run was begun with, whatever is set meanwhile", async () => {
  const visitor = await paused();
  visitor.experiment.set("batch_size", 64);
  visitor.experiment.set("augment", 0);
  await visitor.experiment.train();
  await until(() => visitor.told.epoch);
  assert.deepEqual([visitor.told.epoch.settings.batch_size, visitor.told.epoch.settings.augment], [32, 1]);
});

test("a learning rate changed while the run begins reaches it", async () => {
  const visitor = await ready();
  const release = visitor.engine.hold("begin");
  const training = visitor.experiment.train();
  await tick();
  await tick();
  visitor.experiment.set("learning_rate", 0.5);
  release();
  await training;
  assert.deepEqual(visitor.asked("learning-rate").map(([, { value }]) => value), [0.5]);
});

test("the address claims the numbers only where it tells all that they come from", async () => {
  const visitor = await ready();
  assert.match(visitor.told.address, /others see the same numbers/);
  visitor.experiment.set("learning_rate", 0.02);
  await visitor.experiment.train();
  assert.match(visitor.told.address, /others see the same numbers/);
  visitor.experiment.set("learning_rate", 0.01);
  await settled();
  assert.match(visitor.told.address, /a learning rate that was changed on the way/);
  await visitor.experiment.reset();
  assert.match(visitor.told.address, /others see the same numbers/);
  await visitor.experiment.load(FILE, "mine.npz");
  assert.match(visitor.told.address, /the network in mine.npz/);
});

// ── When it goes wrong ─────────────────────────────────────────────────────────────────────

test("a divergence in the first epoch leaves a network that nobody has trained", async () => {
  const visitor = await ready();
  visitor.engine.failing.set("batch", { kind: "diverged", message: "the loss is nan", advice: 0.001 });
  await visitor.experiment.train();
  await settled();
  assert.match(visitor.alerts[0], /Lower the learning rate, to 0.001 perhaps/);
  assert.equal(visitor.model, "random weights, which know nothing yet");
  assert.deepEqual(visitor.back, [0]);
  visitor.engine.failing.clear();
  await visitor.experiment.train();
  await settled();
  assert.match(visitor.told.address, /others see the same numbers/);
});

test("a worker that dies while training keeps the last epoch; Restart goes on from it", async () => {
  const visitor = await ready({ epochs: 1000 });
  await visitor.experiment.train();
  await until(() => visitor.told.epoch?.epoch === 2);
  visitor.engine.crash("its worker has died");
  const epochs = visitor.told.epoch.epoch;
  assert.equal(visitor.experiment.state, "failed");
  assert.deepEqual(visitor.back, [epochs]);
  assert.match(visitor.told.problem.message, new RegExp(`after epoch ${epochs} is kept. Press Restart`));
  await visitor.experiment.boot();
  assert.match(visitor.told.status, new RegExp(`after epoch ${epochs}`));
  assert.equal(visitor.engine.network.epochs, epochs);
});

test("settings changed before a worker died do not cost the network that is kept", async () => {
  const visitor = await ready({ epochs: 1000 });
  await visitor.experiment.train();
  await until(() => visitor.told.epoch?.epoch === 1);
  visitor.experiment.set("hidden_size", 9);
  visitor.engine.crash("its worker has died");
  const { epoch } = visitor.told.epoch;
  await visitor.experiment.boot();
  await settled();
  assert.equal(visitor.engine.network.epochs, epoch);
  await visitor.experiment.train();
  await until(() => visitor.told.epoch.epoch > epoch);
});

test("a worker that dies in the middle of a step blocks nothing", async () => {
  const visitor = await ready();
  const step = visitor.experiment.step();
  await until(() => visitor.experiment.state === "paused");
  visitor.engine.crash("its worker has died");
  await step;
  await visitor.experiment.boot();
  assert.equal(visitor.experiment.state, "ready");
  await visitor.experiment.step();
  assert.deepEqual(visitor.batches, [1]);
});

test("a worker that dies while it starts is told as that, and Restart starts another", async () => {
  const visitor = new Visitor();
  const release = visitor.engine.hold("boot");
  const booting = visitor.experiment.boot();
  await tick();
  await tick();
  visitor.engine.crash("its code did not come");
  await booting;
  assert.equal(visitor.experiment.state, "failed");
  assert.match(visitor.told.problem.message, /could not be started: its code did not come/);
  release();
  await visitor.boot();
  assert.equal(visitor.experiment.state, "ready");
});

test("whatever keeps Python from starting is told", async () => {
  const visitor = new Visitor();
  visitor.engine.start = () => Promise.reject(new TypeError("a worker cannot be made here"));
  await visitor.boot();
  assert.equal(visitor.experiment.state, "failed");
  assert.match(visitor.told.problem.message, /could not be started: a worker cannot be made here/);
});

test("nothing is asked of a worker that is not there", async () => {
  const visitor = new Visitor();
  visitor.draw();
  assert.deepEqual(visitor.engine.asked, []);
});

test("of several digits the last one is in hand, until another is chosen or the drawing changes", async () => {
  const visitor = await ready();
  const { experiment, told } = visitor;
  const inHand = () => [told.reading.inHand, /** @type {any} */ (told.reading.reading)?.digit];
  const draw = (/** @type {number} */ n) => experiment.draw({ points: new Float32Array(2 * n), lengths: new Int32Array(n).fill(1), pixels: null });
  draw(3);
  await settled();
  assert.deepEqual(inHand(), [2, 2]);
  experiment.takeInHand(0);
  assert.deepEqual(inHand(), [0, 0]);
  experiment.readBy("random"); // the same drawing, read again
  await settled();
  assert.deepEqual(inHand(), [0, 0]);
  draw(2);
  await settled();
  assert.deepEqual(inHand(), [1, 1]);
  draw(0);
  assert.deepEqual(inHand(), [0, undefined]);
});
