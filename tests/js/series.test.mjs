/** A run again, with one thing changed, and what keeps that from going on. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { differences, MOST_PINNED, Runs } from "../../site/js/runs.js";
import { Series } from "../../site/js/series.js";
import { ready, settled, until } from "./visitor.mjs";

/** @param {Partial<import("../../site/js/settings.js").Values>} [settings] */
async function comparing(settings) {
  const visitor = await ready(settings);
  const { experiment } = visitor;
  const runs = new Runs();
  const series = new Series(experiment);
  experiment.on("fresh", () => runs.end());
  experiment.on("run", (run) => runs.begin(run));
  experiment.on("epoch", (record) => runs.addEpoch(record));
  experiment.on("stopped", (why) => runs.fail(why));
  await experiment.train();
  await settled();
  return { visitor, experiment, runs, series };
}

/**
 * @param {import("../../site/js/runs.js").Run} run
 * @param {string} name
 * @param {number[]} values
 */
function starts({ settings, source }, name, values) {
  return values.map((value) => ({ settings: { ...settings, [name]: value }, source }));
}

test("it trains once for each value, each from a fresh network", async () => {
  const { visitor, runs, series } = await comparing({ seed: 4 });
  /** @type {any[]} */
  const told = [];
  series.on("progress", (progress) => told.push(progress));
  await series.go(starts(runs.all[0], "learning_rate", [0.003, 0.03]));
  assert.deepEqual(runs.all.map(({ settings }) => settings.learning_rate), [0.01, 0.003, 0.03]);
  assert.deepEqual(runs.all.map(({ settings, epochs }) => [settings.seed, epochs.length]), [[4, 2], [4, 2], [4, 2]]);
  assert.deepEqual(told, [{ done: 0, of: 2 }, { done: 1, of: 2 }, null]);
  assert.equal(visitor.asked("reset").length, 2);
  assert.deepEqual(differences(runs.pinned), [{ name: "Learning rate", values: ["0.01", "0.003", "0.03"] }]);
});

test("New network ends it", async () => {
  const { experiment, runs, series } = await comparing();
  const going = series.go(starts(runs.all[0], "epochs", [3, 4]));
  await until(() => experiment.state === "training");
  await experiment.reset();
  await going;
  assert.equal(series.isGoing, false);
  assert.equal(runs.all.length, 2);
});

test("a rest does not end it, and No more of them lets the run come to its end", async () => {
  const { experiment, runs, series } = await comparing();
  const going = series.go(starts(runs.all[0], "epochs", [2, 3, 4]));
  await until(() => experiment.state === "training");
  await experiment.pause();
  assert.equal(series.isGoing, true);
  await experiment.train();
  await until(() => runs.all.length === 3);
  series.stop();
  await going;
  await settled();
  assert.deepEqual(runs.all.map(({ epochs }) => epochs.length), [2, 2, 3]);
});

test("the latest runs are pinned by themselves, and what is exported has a line an epoch", async () => {
  const { runs, series } = await comparing();
  await series.go(starts(runs.all[0], "seed", [1, 2, 3, 4, 5, 6]));
  assert.equal(runs.pinned.length, MOST_PINNED);
  assert.equal(runs.all[0].isPinned, false);
  const lines = runs.toCsv().trim().split("\r\n");
  assert.equal(lines.length, 1 + 7 * 2);
  assert.match(lines[0], /^run,epoch,training_loss,.*,seed,.*,code$/);
  assert.ok(lines.every((line) => line.split(",").length === lines[0].split(",").length));
});

test("what a run is made with besides is a difference, too", async () => {
  const { runs } = await comparing();
  const [run] = runs.all;
  const other = { ...run, source: "class MLP: ...", departures: ["12 images of your corrections"] };
  assert.deepEqual(differences([run, other]), [
    { name: "Code", values: ["as it came", "yours"] },
    { name: "Besides", values: ["nothing else", "12 images of your corrections"] },
  ]);
});

test("after a trial settings, code and network are what they were", async () => {
  const { visitor, experiment, runs, series } = await comparing({ seed: 4 });
  const trial = { settings: { ...experiment.settings, seed: 9 }, source: "mine" };
  assert.equal(await series.try([trial]), true);
  assert.equal(experiment.settings.seed, 4);
  assert.equal(experiment.source, null);
  assert.equal(runs.all[1].source, "mine");
  assert.deepEqual(visitor.asked("use-code").map(([, { text }]) => text), ["mine", "shipped"]);
  assert.equal(visitor.asked("take-up").length, 1);
  assert.equal(visitor.model.includes("your network"), true);
});

test("whoever takes another network during a trial keeps that one", async () => {
  const { visitor, experiment, series } = await comparing();
  const trying = series.try([{ settings: { ...experiment.settings, seed: 9 }, source: null }]);
  await until(() => experiment.state === "training");
  await experiment.reset();
  assert.equal(await trying, false);
  assert.equal(visitor.asked("take-up").length, 0);
  assert.equal(experiment.settings.seed, 9);
});

test("what a series has made is the visitor’s own once they train it on", async () => {
  const { experiment, runs, series } = await comparing();
  await series.go(starts(runs.all[0], "seed", [1]));
  const id = experiment.kept.work?.id ?? "";
  assert.equal(series.hasTrained(id), true);
  await experiment.train();
  await settled();
  assert.equal(series.hasTrained(id), false);
});

test("runs of a file stand beside one’s own, once, and the one that goes on goes on", async () => {
  const { experiment, runs } = await comparing({ epochs: 3 });
  const file = structuredClone(runs.all);
  await experiment.reset();
  await experiment.train();
  await until(() => runs.all.length === 2);
  runs.add(file.map((run) => ({ ...run, network: "another's" })));
  runs.add(file.map((run) => ({ ...run, network: "another's" })));
  await settled();
  assert.deepEqual(runs.all.map(({ number, epochs }) => [number, epochs.length]), [[1, 3], [2, 3], [3, 3]]);
});

test("of a run that has failed the epochs before are in the history of its network", async () => {
  const { experiment, runs } = await comparing();
  const id = experiment.kept.work?.id;
  runs.fail("it diverged");
  assert.deepEqual(runs.of(id).map(({ epochs }) => epochs.length), [2]);
});
