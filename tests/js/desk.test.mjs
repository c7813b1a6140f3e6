/** What is kept, on whose desk, and what becomes of it where the browser keeps nothing. */
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Desk } from "../../site/js/kept/desk.js";
import { thisTab } from "../../site/js/kept/tab.js";
import { FakeBrowser, FakeStorage } from "./fake-storage.mjs";

/** @type {FakeBrowser} */
let browser;
/** @type {FakeStorage} */
let storage;
let tabs = 0;

beforeEach(() => {
  browser = new FakeBrowser();
  storage = new FakeStorage();
});

/** Another tab: what it remembers of its own is nothing. */
function open(session = new Map(), suits = (/** @type {any} */ _network) => true) {
  browser.session = session;
  thisTab.id = `tab ${++tabs}`;
  return Desk.open(async () => /** @type {any} */ (storage), suits);
}

test("what is kept is there again, when the page is loaded again", async () => {
  const desk = await open();
  const session = browser.session;
  desk.keep("code", "mine");
  await desk.flush();
  browser.leave(desk.id);
  const again = await open(session);
  assert.deepEqual([again.id, again.get("code")], [desk.id, "mine"]);
});

test("what changes often is written once, and as it is then", async () => {
  const desk = await open();
  for (let i = 0; i < 100; i++) desk.keep("pad", i);
  desk.keep("code", "x");
  await desk.flush();
  assert.equal(storage.writes, 1);
  assert.equal(storage.all.get(desk.id)?.get("pad"), 99);
});

test("when the page goes, what is left to write does not wait for what is being written", async () => {
  const desk = await open();
  let finish = () => {};
  storage.gate = new Promise((resolve) => (finish = () => resolve(null)));
  desk.keep("code", "mine");
  void desk.flush();
  await null; // it is being written
  desk.keep("pad", 1);
  desk.flushAtOnce();
  desk.changeShared("corrections", () => "mine");
  assert.equal(storage.asked, 3);
  finish();
  await desk.flush();
  assert.deepEqual(Object.fromEntries(storage.all.get(desk.id) ?? []), { code: "mine", pad: 1 });
  assert.equal(storage.common.get("corrections")?.value, "mine");
});

test("two tabs have a desk each", async () => {
  const [one, other] = [await open(), await open()];
  one.keep("code", "one");
  other.keep("code", "other");
  await Promise.all([one.flush(), other.flush()]);
  assert.deepEqual([storage.all.get(one.id)?.get("code"), storage.all.get(other.id)?.get("code")], ["one", "other"]);
  assert.deepEqual((await one.others()).map(({ id }) => id), [other.id]);
});

test("a closed tab’s desk is taken over, the latest first", async () => {
  const [one, other] = [await open(), await open()];
  for (const [desk, code] of /** @type {[Desk, string][]} */ ([[one, "one"], [other, "other"]])) {
    desk.keep("code", code);
    await desk.flush();
    browser.leave(desk.id);
  }
  assert.equal((await open()).get("code"), "other");
  assert.equal((await open()).get("code"), "one");
  assert.equal((await open()).get("code"), undefined);
});

test("a duplicated tab has a copy, and the first one stays as it is", async () => {
  const desk = await open();
  desk.keep("code", "mine");
  await desk.flush();
  const copy = await open(new Map(browser.session));
  assert.notEqual(copy.id, desk.id);
  copy.keep("code", `${copy.get("code")} too`);
  await copy.flush();
  assert.deepEqual([storage.all.get(desk.id)?.get("code"), storage.all.get(copy.id)?.get("code")], ["mine", "mine too"]);
});

test("so many desks are kept, and the oldest make room", async () => {
  for (let i = 0; i < 12; i++) {
    const desk = await open();
    desk.keep("code", String(i));
    await desk.flush();
  }
  assert.equal(storage.records.size, 12, "those of open tabs stay");
  for (const id of storage.records.keys()) browser.leave(id);
  const free = await open();
  browser.session = new Map();
  assert.equal(free.get("code"), "11");
});

test("where there are no locks, which tell of open tabs, the oldest make room as well", async () => {
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  for (let i = 0; i < 12; i++) {
    const desk = await open();
    desk.keep("code", String(i));
    await desk.flush();
  }
  assert.equal(storage.records.size, 8);
});

test("a closed tab’s desk that does not suit is left as it is, and that is known; an older one may suit", async () => {
  const [one, other] = [await open(), await open()];
  for (const [desk, seed] of /** @type {[Desk, number][]} */ ([[one, 1], [other, 2]])) {
    desk.keep("network", seed);
    await desk.flush();
  }
  const third = await open(new Map(), () => false);
  assert.deepEqual([third.left, third.get("network")], [null, undefined], "those of open tabs are nobody’s");
  for (const { id } of [one, other, third]) browser.leave(id);
  const anew = await open(new Map(), (network) => network === 3);
  assert.deepEqual([anew.left, anew.get("network")], [other.id, undefined]);
  const older = await open(new Map(), (network) => network === 1);
  assert.deepEqual([older.left, older.id], [other.id, one.id]);
});

test("a tab that is led to another address has a desk of its own for it, and what it had is left", async () => {
  const desk = await open();
  const session = browser.session;
  desk.keep("network", 1);
  await desk.flush();
  browser.leave(desk.id);
  const anew = await open(session, (network) => network === 2);
  assert.deepEqual([anew.left, anew.get("network")], [desk.id, undefined]);
  assert.notEqual(anew.id, desk.id);
});

test("what tabs share is changed from what it is, whoever changed it last, and that is told", async () => {
  const [one, other] = [await open(), await open()];
  /** @type {string[]} */
  const told = [];
  other.on("shared", (name) => told.push(name));
  const add = (/** @type {number} */ n) => (/** @type {number[] | undefined} */ all) => [...(all ?? []), n];
  await one.changeShared("list", add(1));
  await other.changeShared("list", add(2));
  await other.changeShared("list", add(3));
  assert.deepEqual(other.shared("list"), [1, 2, 3]);
  assert.deepEqual(told, ["list"]);
});

test("two changes at once find what another tab has added as well", async () => {
  const [one, other] = [await open(), await open()];
  const add = (/** @type {number} */ n) => (/** @type {number[] | undefined} */ all) => [...(all ?? []), n];
  await one.changeShared("list", add(1));
  await Promise.all([other.changeShared("list", add(2)), other.changeShared("list", add(3))]);
  assert.deepEqual([other.shared("list"), storage.common.get("list")?.value], [[1, 2, 3], [1, 2, 3]]);
});

test("a full storage is told once, all goes on, and is written when there is room", async () => {
  const desk = await open();
  /** @type {string[]} */
  const told = [];
  desk.on("trouble", (trouble) => told.push(trouble));
  storage.failure = Object.assign(new Error(), { name: "QuotaExceededError" });
  desk.keep("code", "mine");
  await desk.flush();
  await desk.changeShared("list", () => [1]);
  assert.deepEqual([told, desk.get("code"), desk.shared("list"), desk.isKeeping], [["full"], "mine", [1], false]);
  storage.failure = null;
  desk.keep("pad", 1);
  await desk.flush();
  assert.deepEqual([storage.all.get(desk.id)?.get("code"), desk.isKeeping], ["mine", true]);
});

test("where the browser keeps nothing, it is at hand as long as the page is open", async () => {
  browser.session = new Map();
  const desk = await Desk.open(() => Promise.reject(new Error("SecurityError")));
  desk.keep("code", "mine");
  await desk.flush();
  await desk.changeShared("list", () => [1]);
  assert.deepEqual([desk.get("code"), desk.shared("list"), desk.isKeeping, await desk.others()], ["mine", [1], false, []]);
});

test("what is forgotten is gone, and nothing is kept any more", async () => {
  const desk = await open();
  desk.keep("code", "mine");
  await desk.forget();
  desk.keep("code", "again");
  await desk.flush();
  await desk.changeShared("list", () => [1]);
  assert.deepEqual([storage.all.size, storage.common.size], [0, 0]);
});

test("what could not be forgotten is still kept, and so is what comes", async () => {
  const desk = await open();
  desk.keep("code", "mine");
  await desk.flush();
  storage.failure = new Error("failing");
  await assert.rejects(desk.forget());
  storage.failure = null;
  desk.keep("pad", 1);
  await desk.flush();
  assert.deepEqual([...(storage.all.get(desk.id) ?? [])], [["code", "mine"], ["pad", 1]]);
});
