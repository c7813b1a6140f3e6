/** The worker dies, whatever it is doing: that is told, nobody waits for ever, and a new one goes on with what there was. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { Series } from "../../site/js/series.js";
import { FILE, settled, Visitor } from "./visitor.mjs";

const BATCH = /** @type {const} */ ({ kind: "batch" });
const PICTURE = { pixels: new Uint8Array(4), width: 1, height: 1, frame: null };

/** What the worker is doing when it dies; each returns what is waited for meanwhile. @type {Record<string, (visitor: Visitor) => Promise<unknown>>} */
const DOING = {
  nothing: async () => null,
  training: (visitor) => visitor.experiment.train(),
  "a step": (visitor) => visitor.experiment.step(),
  "nothing, paused": async (visitor) => {
    visitor.experiment.set("epochs", 100);
    await visitor.experiment.train();
    await visitor.experiment.pause();
    assert.equal(visitor.experiment.state, "paused");
  },
  "reading a drawing": async (visitor) => visitor.draw(),
  "running the phases": (visitor) => visitor.experiment.lookWithImages("trace", BATCH),
  "checking gradients": (visitor) => visitor.experiment.lookWithImages("gradient-check", {}),
  "looking at a picture": (visitor) => visitor.experiment.find(PICTURE),
  "trying code": (visitor) => visitor.experiment.useCode("mine"),
  "checking an answer": (visitor) => visitor.experiment.checkAnswer("relu", "mine"),
  "making another network": (visitor) => visitor.experiment.reset(),
  "loading a file": (visitor) => visitor.experiment.load(FILE, "mine.npz"),
  "saving the network": (visitor) => visitor.experiment.save(),
  "fetching more images": (visitor) => {
    visitor.experiment.set("training_images", 60_000);
    return visitor.experiment.train();
  },
  "a series": async (visitor) => {
    const { settings } = visitor.experiment;
    const series = new Series(visitor.experiment);
    assert.equal(await series.go([{ settings, source: null }, { settings: { ...settings, epochs: 3 }, source: null }]), false);
    assert.equal(series.isGoing, false);
  },
  "a trial": async (visitor) => {
    const series = new Series(visitor.experiment);
    assert.equal(await series.try([{ settings: visitor.experiment.settings, source: null }]), false);
    assert.equal(series.isGoing, false);
  },
};

/** A visitor whose network has been trained for two epochs. */
async function trained() {
  const visitor = new Visitor();
  await visitor.boot();
  Object.assign(visitor.engine, { "_gradient_check": () => null, "_find_digits": () => null, "_check_answer": () => null });
  await visitor.experiment.train();
  await settled();
  assert.equal(visitor.model, "your network, after 2 epochs");
  visitor.states.length = 0;
  return visitor;
}

for (const [what, doing] of Object.entries(DOING)) {
  for (const turns of [0, 1, 3]) {
    test(`it dies while at work on ${what}, ${turns} turns later`, async () => {
      const visitor = await trained();
      const { experiment, engine } = visitor;
      const waiting = doing(visitor);
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      if (what.includes("paused")) await waiting;
      engine.crash("its worker has died");
      await waiting;
      await settled();
      assert.equal(experiment.state, "failed");
      assert.equal(visitor.told.problem.restart, true);
      assert.match(visitor.told.problem.message, /Python has stopped: its worker has died.*Restart/);
      assert.equal(engine.expectsSlices, false);
      assert.equal(visitor.told.waiting ?? false, false);
      await experiment.boot();
      await settled();
      assert.equal(experiment.state, "ready");
      assert.equal(visitor.told.problem, null);
      const { kept } = visitor.asked("boot").at(-1)?.[1] ?? {};
      if (what === "a trial") assert.ok(kept ?? visitor.asked("take-up").length, "the network before the trial is lost");
      else assert.ok(kept ?? ["reset", "use-code"].some((type) => visitor.asked(type).length), "the network is lost");
      experiment.set("training_images", 10_000);
      experiment.set("epochs", 2);
      await experiment.train();
      await settled();
      assert.equal(experiment.state, "ready");
      assert.match(visitor.told.status, /^Trained/);
    });
  }
}

test("it dies while it starts, and again, and starts at last", async () => {
  const visitor = new Visitor();
  for (let death = 0; death < 3; death++) {
    const release = visitor.engine.hold("boot");
    const starting = visitor.experiment.boot();
    await settled();
    visitor.engine.crash("its worker has died");
    await starting;
    release();
    assert.equal(visitor.experiment.state, "failed");
    assert.match(visitor.told.problem.message, /could not be started: its worker has died.*Restart/);
  }
  await visitor.boot();
  assert.equal(visitor.experiment.state, "ready");
});

test("what is asked for after it has failed changes nothing, and the way out stays", async () => {
  const visitor = await trained();
  visitor.engine.crash("its worker has died");
  await settled();
  const { problem } = visitor.told;
  for (const doing of Object.values(DOING)) {
    if (doing !== DOING["nothing, paused"]) await doing(visitor);
    await settled();
    assert.equal(visitor.experiment.state, "failed");
    assert.deepEqual(visitor.told.problem, problem);
  }
  visitor.engine.crash("and once more");
  await visitor.boot();
  assert.equal(visitor.model, "your network, after 2 epochs");
});
