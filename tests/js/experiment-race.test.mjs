/** The state machine of the page, raced. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { tick } from "./fake-engine.mjs";
import { FILE, settled, until, Visitor } from "./visitor.mjs";

// ── Raced ──────────────────────────────────────────────────────────────────────────────────

/** Random numbers that are the same each time (mulberry32). @param {number} seed */
function randomNumbers(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

test("whatever is pressed in whatever order, page and worker end up agreeing", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomNumbers(seed);
    const visitor = new Visitor({ epochs: 3 });
    const { experiment, engine } = visitor;
    engine.latency = () => Math.floor(4 * random());
    await visitor.boot();
    const actions = [
      () => experiment.train(),
      () => experiment.pause(),
      () => experiment.step(),
      () => experiment.reset(),
      () => experiment.load(FILE, "mine.npz"),
      async () => experiment.set("learning_rate", random()),
      async () => experiment.set("seed", Math.floor(9 * random())),
      async () => experiment.readBy("random"),
      () => experiment.alter({ silenced: [1], zeroBiases: false, noise: 0 }),
      () => experiment.look("weights", { reader: experiment.reader }),
      () => experiment.lookWithImages("trace", { kind: "batch" }),
      async () => experiment.set("training_images", random() < 0.5 ? 60_000 : 10_000),
      async () => visitor.draw(),
    ];
    const pending = [];
    for (let i = 0; i < 25; i++) {
      pending.push(actions[Math.floor(actions.length * random())]());
      for (let turns = Math.floor(6 * random()); turns > 0; turns--) await tick();
    }
    await Promise.all(pending);
    await experiment.pause();
    await settled();
    const hint = `seed ${seed}: ${engine.asked.map(([type]) => type).join(" ")}`;
    assert.deepEqual(visitor.alerts, [], hint);
    assert.equal(experiment.state, engine.run ? "paused" : "ready", hint);
    const { epochs, origin } = engine.network;
    experiment.readBy("mine");
    await experiment.alter({ silenced: [], zeroBiases: false, noise: 0 });
    await settled();
    if (epochs) assert.match(visitor.model, new RegExp(`after ${epochs} epoch`), hint);
    else if (origin === "file" && !engine.run) assert.equal(visitor.model, "mine.npz", hint);
    assert.deepEqual(visitor.told.reading?.reading?.network ?? engine.network, engine.network, hint);
    await experiment.reset();
    await experiment.train();
    await until(() => experiment.state === "ready");
    assert.equal(engine.network.epochs, 3, hint);
  }
});
