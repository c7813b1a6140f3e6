/** What made room for another network can be brought back, and is kept until it is. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Desk } from "../../site/js/kept/desk.js";
import { Keeper } from "../../site/js/kept/keeper.js";
import { Runs } from "../../site/js/runs.js";
import { FakeBrowser, FakeStorage } from "./fake-storage.mjs";
import { FILE, ready, settled } from "./visitor.mjs";

beforeEach(() => {
  new FakeBrowser();
  Object.assign(globalThis, { addEventListener: () => {} });
});

async function keeping() {
  const visitor = await ready();
  const storage = new FakeStorage();
  const desk = await Desk.open(async () => /** @type {any} */ (storage));
  const keeper = new Keeper(desk, visitor.experiment, new Runs());
  visitor.experiment.on("replaced", (work) => keeper.takeReplaced(work));
  /** @type {(string | null)[]} */
  const told = [];
  keeper.on("replaced", (work) => told.push(work?.id ?? null));
  const replaced = () => desk.get("replaced network")?.id ?? null;
  const train = async () => {
    await visitor.experiment.train();
    await settled();
    return visitor.experiment.kept.work?.id ?? "";
  };
  return { ...visitor, visitor, desk, keeper, storage, told, replaced, train };
}

test("of a visit on which nothing was done, nothing is kept", async () => {
  const { experiment, desk, storage } = await keeping();
  await experiment.reset();
  experiment.readBy("starter");
  await desk.flush();
  assert.equal(storage.records.size, 0);
});

test("each brings the other back", async () => {
  const { experiment, keeper, replaced, train } = await keeping();
  const one = await train();
  await experiment.reset();
  const other = await train();
  assert.equal(replaced(), one);
  await keeper.bringBack();
  assert.deepEqual([experiment.kept.work?.id, replaced()], [one, other]);
  await keeper.bringBack();
  assert.deepEqual([experiment.kept.work?.id, replaced()], [other, one]);
});

test("what cannot be brought back now is still kept", async () => {
  const { experiment, engine, keeper, replaced, train } = await keeping();
  const one = await train();
  await experiment.reset();
  engine.crash("its worker has died");
  await keeper.bringBack();
  assert.equal(replaced(), one);
  await experiment.boot();
  await keeper.bringBack();
  assert.equal(experiment.kept.work?.id, one);
});

test("what is here again by itself makes the one before it the one to be brought back", async () => {
  const { experiment, told, replaced, train } = await keeping();
  const one = await train();
  await experiment.reset();
  await train();
  const { work } = experiment.kept;
  await experiment.reset();
  assert.equal(replaced(), work?.id);
  await experiment.bringBack(/** @type {any} */ (work));
  assert.deepEqual([replaced(), told.at(-1)], [one, one]);
});

test("after a reload it can still be brought back, whatever has been trained since", async () => {
  const { experiment, desk, train, keeper, told } = await keeping();
  const one = await train();
  await experiment.reset();
  await train();
  told.length = 0;
  const pad = { photo: null, isEmpty: true, isExample: false };
  await keeper.layOut(/** @type {any} */ (pad), /** @type {any} */ ({}), Keeper.network(desk));
  assert.deepEqual(told, [one]);
});

test("a network that was trained with other settings is another one, and so is one that came from a file", async () => {
  const { experiment, train } = await keeping();
  const { settings } = experiment;
  assert.equal(Keeper.isOf(settings, experiment.kept), true, "an untouched one is nobody’s");
  await train();
  experiment.set("seed", 5);
  assert.equal(Keeper.isOf(settings, experiment.kept), true);
  assert.equal(Keeper.isOf(experiment.settings, experiment.kept), false);
  await experiment.load(FILE, "mine.npz");
  assert.equal(Keeper.isOf(experiment.settings, experiment.kept), false);
});

test("a picture is written without delay, as it is lost where the page goes before", async (t) => {
  const { desk, keeper, storage } = await keeping();
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const kept = { strokes: [], photo: { name: "7.png" } };
  const pad = Object.assign(new EventTarget(), { kept, photo: kept.photo });
  keeper.watchPad(/** @type {any} */ (pad));
  pad.dispatchEvent(new Event("draw"));
  t.mock.timers.tick(0);
  await settled();
  assert.deepEqual(storage.all.get(desk.id)?.get("pad"), kept);
});
