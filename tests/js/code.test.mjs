/** The visitor's own mlp.py: used, refused, and without an end. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { ready, settled } from "./visitor.mjs";

const MINE = "class MLP: ...";

async function coding() {
  const visitor = await ready();
  /** @type {string[]} */
  const whose = [];
  /** @type {any[]} */
  const mistakes = [];
  visitor.experiment.on("code", (code) => whose.push(code));
  visitor.experiment.on("mistake", (mistake) => mistakes.push(mistake));
  return { ...visitor, visitor, experiment: visitor.experiment, engine: visitor.engine, whose, mistakes };
}

test("code that works is used, with a new network", async () => {
  const { visitor, experiment, engine, whose, mistakes } = await coding();
  await experiment.train();
  await settled();
  assert.equal(await experiment.useCode(MINE), true);
  assert.deepEqual(whose, ["mine"]);
  assert.deepEqual(mistakes, []);
  assert.match(visitor.told.status, /Your code runs/);
  assert.equal(visitor.model, "random weights, which know nothing yet");
  assert.equal(engine.runsOthersCode, true);
  await experiment.train();
  await settled();
  assert.equal(visitor.model, "your network, after 2 epochs");
});

test("the shipped code comes back", async () => {
  const { experiment, engine, whose } = await coding();
  await experiment.useCode(MINE);
  await experiment.useCode("shipped");
  assert.deepEqual(whose, ["mine", "shipped"]);
  assert.equal(engine.runsOthersCode, false);
});

test("a mistake is told as one, and the network stays", async () => {
  const { visitor, experiment, engine, whose, mistakes } = await coding();
  await experiment.train();
  await settled();
  engine.failing.set("use-code", { kind: "code", message: "There is no x here.", line: 7 });
  assert.equal(await experiment.useCode(MINE), false);
  assert.deepEqual(mistakes.map(({ line }) => line), [7]);
  assert.deepEqual([whose, visitor.alerts], [[], []]);
  assert.equal(visitor.model, "your network, after 2 epochs");
  assert.equal(engine.runsOthersCode, false);
});

test("while it is tried it is others' code, and where it hangs Python is started anew, with the network of the last epoch", async () => {
  const { visitor, experiment, engine, mistakes } = await coding();
  await experiment.train();
  await settled();
  const release = engine.hold("use-code");
  const trying = experiment.useCode(MINE);
  await settled();
  assert.equal(engine.runsOthersCode, true);
  engine.hang(3);
  release();
  assert.equal(await trying, false);
  await settled();
  assert.equal(experiment.state, "ready");
  assert.deepEqual(mistakes.map(({ line }) => line), [3]);
  const [, [, again]] = visitor.asked("boot");
  assert.deepEqual([again.source, again.kept.epochs], [null, 2]);
  assert.equal(visitor.model, "your network, after 2 epochs");
  assert.equal(engine.runsOthersCode, false);
});

test("where other code hangs, the one before is used again", async () => {
  const { visitor, experiment, engine, whose } = await coding();
  await experiment.useCode(MINE);
  const release = engine.hold("use-code");
  const trying = experiment.useCode("worse");
  await settled();
  engine.hang(null);
  release();
  await trying;
  await settled();
  assert.equal(visitor.asked("boot")[1][1].source, MINE);
  assert.equal(whose.at(-1), "mine");
});

test("code that hangs only when it trains is given up", async () => {
  const { visitor, experiment, engine, whose } = await coding();
  experiment.set("epochs", 100);
  await experiment.useCode(MINE);
  await experiment.train();
  engine.hang(9);
  await settled();
  assert.equal(experiment.state, "ready");
  assert.equal(visitor.asked("boot")[1][1].source, null);
  assert.equal(whose.at(-1), "shipped");
  await experiment.train();
  assert.equal(experiment.state, "training");
});

test("after Python has died the visitor's code runs again", async () => {
  const { visitor, experiment, engine } = await coding();
  await experiment.useCode(MINE);
  engine.crash("gone");
  await experiment.boot();
  assert.equal(visitor.asked("boot")[1][1].source, MINE);
});

test("code that fails while it trains is told as a mistake, too", async () => {
  const { visitor, experiment, engine, mistakes } = await coding();
  await experiment.useCode(MINE);
  engine.failing.set("batch", { kind: "code", message: "There is no y here.", line: 4, phase: "loss" });
  await experiment.train();
  await settled();
  assert.deepEqual(mistakes.map(({ line }) => line), [4]);
  assert.match(visitor.alerts[0], /line 4 of mlp.py/);
});
