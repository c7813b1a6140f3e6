/** What the visitor has written is kept, whether or not the browser keeps it. */
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";

import { keepCode, keepReplacedCode, keptAnswers, keptCode, replacedCode } from "../../site/js/written.js";

/** A browser's storage with room for so many characters. */
class Storage {
  /** @type {Map<string, string>} */
  items = new Map();
  room = Infinity;

  /** @param {string} key */
  getItem(key) {
    return this.items.get(key) ?? null;
  }

  /**
   * @param {string} key
   * @param {string} text
   */
  setItem(key, text) {
    if (text.length > this.room) throw new Error("QuotaExceededError");
    this.items.set(key, text);
  }

  /** @param {string} key */
  removeItem(key) {
    this.items.delete(key);
  }
}

/** @param {Storage} storage */
function useStorage(storage) {
  Object.defineProperty(globalThis, "localStorage", { value: storage, configurable: true });
  return storage;
}

afterEach(() => {
  useStorage(new Storage());
  keepCode(null);
  keepReplacedCode(null);
});

test("what is kept, and what was before, are two things", () => {
  useStorage(new Storage());
  keepCode("mine");
  keepReplacedCode("older");
  assert.deepEqual([keptCode(), replacedCode()], ["mine", "older"]);
  keepReplacedCode(null);
  assert.deepEqual([keptCode(), replacedCode()], ["mine", null]);
});

test("where storage is full, what is newest counts", () => {
  const storage = useStorage(new Storage());
  keepCode("short");
  storage.room = 10;
  keepCode("much longer than there is room");
  assert.equal(keptCode(), "much longer than there is room");
  keepCode("short again".slice(0, 9));
  assert.equal(keptCode(), "short aga");
  keepCode(null);
  assert.equal(keptCode(), null);
});

test("where storage is forbidden, the page has it all the same", () => {
  Object.defineProperty(globalThis, "localStorage", { get: () => assert.fail("SecurityError"), configurable: true });
  keepCode("mine");
  assert.equal(keptCode(), "mine");
  keepCode(null);
  assert.equal(keptCode(), null);
});

test("what something else has written in the place of answers is none", () => {
  useStorage(new Storage()).setItem("mlp-exercises", '{"relu": {"text": 5}, "softmax": {"text": "x", "state": "open"}}');
  assert.deepEqual(Object.keys(keptAnswers()), ["softmax"]);
  useStorage(new Storage()).setItem("mlp-exercises", "[");
  assert.deepEqual(keptAnswers(), {});
});
