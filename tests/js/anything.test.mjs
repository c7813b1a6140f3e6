/** Whatever an address says, storage holds or a worker posts: it is taken, put right or passed over; see fuzz.mjs. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { read, write } from "../../site/js/address.js";
import { examplesOf, isExample, N_PIXELS, packed, toBase64, together } from "../../site/js/kept/examples.js";
import { fromFiles, toFiles } from "../../site/js/kept/saved-work.js";
import { signsOf } from "../../site/js/kept/signs.js";
import { answersOf } from "../../site/js/kept/written.js";
import { PHASES, TABS } from "../../site/js/places.js";
import { defaults, fromHash, NAMES, parse, SETTINGS, toHash } from "../../site/js/settings.js";
import { ofAnything } from "./fuzz.mjs";

// ── Addresses ──────────────────────────────────────────────────────────────────────────────

const KEYS = [...NAMES, "tab", "phase", "exercise", "code", "seed[]", "SEED", "", "__proto__"];
const VALUES = ["1e999", "-1e-999", "0x7f", "1_000", " 5 ", "1,5", "NaN", "true", "%", "%zz", "%00", "%ED%A0%80", "+", "code", "backward", "__proto__", "𝟓", "5".repeat(400)];

/** @param {import("./fuzz.mjs").Anything} any */
function hash(any) {
  if (any.share() < 0.2) return any.text(80);
  const pairs = Array.from({ length: any.whole(8) }, () => `${any.one(KEYS)}=${any.share() < 0.5 ? any.one(VALUES) : any.text()}`);
  return `#${pairs.join(any.share() < 0.9 ? "&" : ";")}`;
}

test("whatever an address says, all settings are in their range, and it is told what was put right", () =>
  ofAnything((any) => {
    const { values, problems, place } = read(hash(any));
    assert.deepEqual(Object.keys(values), NAMES);
    for (const name of NAMES) {
      const { min, max, kind } = SETTINGS[name];
      assert.ok(values[name] >= min && values[name] <= max, name);
      if (kind !== "real") assert.ok(Number.isInteger(values[name]), name);
    }
    for (const problem of problems) assert.match(problem, /\.$/);
    if (place.tab) assert.ok(TABS.includes(place.tab));
    if (place.phase) assert.ok(PHASES.includes(place.phase));
  }));

test("and the address that the page then has says the same again", () =>
  ofAnything((any) => {
    const { values, place } = read(hash(any));
    const whole = { tab: TABS[0], phase: PHASES[0], exercise: null, code: null, ...place };
    const again = read(write(values, whole));
    assert.deepEqual([again.values, again.problems], [values, []]);
    assert.deepEqual([again.place.tab, again.place.code ?? null], [whole.tab, whole.code]);
    if (whole.tab === "code") assert.deepEqual(again.place.exercise ?? null, whole.exercise);
    assert.deepEqual(fromHash(toHash(values)), { values, problems: [] });
  }));

test("whatever is typed into a setting becomes one that needs no putting right", () =>
  ofAnything((any) => {
    const name = any.one(NAMES);
    const { value } = parse(name, any.share() < 0.5 ? any.text() : String(any.value()));
    assert.deepEqual(parse(name, String(value)), { value, problem: null });
    assert.ok(Number.isFinite(value));
  }));

// ── Saved work ─────────────────────────────────────────────────────────────────────────────

const WORK = ["settings", "network", "runs", "exercises", "pad", "inUse", "origin", "hidden_size", "seed", "epochs", "checkpoint", "history", "run", "strokes", "image", "photo", "relu"];

test("whatever a saved work holds, what comes out of it is what it should be, and none of it runs", () =>
  ofAnything((any) => {
    const json = () => JSON.stringify(any.value(WORK, 4)) ?? "null";
    const files = { "settings.json": json(), "drawings.json": json(), "signs.json": json(), "mlp.py": any.text(), "model.npz": new Uint8Array(3), "exercises/relu.py": any.text() };
    const { settings, network, runs, corrections, signs, pad, answers } = fromFiles(files);
    for (const name of NAMES) assert.equal(parse(name, String(settings[name])).value, settings[name]);
    assert.ok(corrections.every(isExample) && (signs?.examples ?? []).every(isExample));
    assert.ok(network === null || (network.source === null && network.inUse.code === "shipped"));
    assert.ok(Array.isArray(runs) && runs.every(({ epochs }) => Array.isArray(epochs)));
    assert.ok(pad === null || pad.strokes.length > 0 || pad.image?.length === N_PIXELS || pad.photo);
    for (const { text, state } of Object.values(answers)) assert.deepEqual([typeof text, typeof state], ["string", "string"]);
  }));

test("what was saved comes out again", async () => {
  const epoch = { epoch: 1, training_loss: 1, validation_loss: 1, validation_accuracy: 0.5, test_accuracy: 0.5, seconds: 1, settings: defaults() };
  /** @type {any} */
  const work = {
    settings: { ...defaults(), epochs: 7 },
    network: {
      id: "a",
      inUse: { origin: "random", hidden_size: 128, seed: 0, epochs: 1, touched: true, code: "shipped" },
      checkpoint: { bytes: Uint8Array.of(1, 2), random: "{}", order: new Int32Array(defaults().training_images).reverse() },
      source: null, name: null, departures: [], names: null, history: [epoch],
      curve: { points: [{ x: 0.5, low: 1, high: 3, smooth: 2 }], batchesPerPoint: 4 },
      run: { settings: defaults(), from: 0, corrections: null, names: null },
      isUnfinished: true,
    },
    runs: [{ number: 1, network: "a", settings: defaults(), source: null, departures: [], epochs: [epoch], isPinned: true, failure: null }],
    code: "# mine",
    answers: { relu: { text: "x", state: "solved" } },
    corrections: [{ label: 3, strokes: [[[1, 2]]] }],
    signs: null,
    pad: { strokes: [[[0.5, 0.25]]], image: null, photo: null },
  };
  const files = toFiles(work, "");
  assert.deepEqual(fromFiles(files), work);
  const { network } = fromFiles({ ...files, "order.npy": new Uint8Array(12), "curve.json": '{"points": [{"x": null}], "batchesPerPoint": 1}' });
  assert.deepEqual([network?.isUnfinished, network?.curve], [false, undefined], "an order of other images, a curve that is none");
});

// ── Examples out of storage ────────────────────────────────────────────────────────────────

const PICTURE = toBase64(new Uint8Array(N_PIXELS));

/** Mostly a right example with something wrong. @param {import("./fuzz.mjs").Anything} any */
function example(any) {
  const right = any.share() < 0.5 ? { label: any.whole(10), pixels: PICTURE } : { label: any.whole(10), strokes: [[[any.share(), any.share()]]] };
  if (any.share() < 0.3) return right;
  if (any.share() < 0.3) return any.value();
  return { ...right, [any.one(["label", "strokes", "pixels"])]: any.share() < 0.3 ? PICTURE : any.value() };
}

test("what is taken for examples can be handed to Python, number for number", () =>
  ofAnything((any) => {
    // As it comes out of storage.
    const stored = JSON.parse(JSON.stringify(Array.from({ length: any.whole(5) }, () => example(any))));
    const examples = stored.filter(isExample);
    const one = packed(examples);
    const both = together(one, packed([{ label: 1, pixels: PICTURE }]));
    for (const { points, lengths, strokes, labels, pictures, picture_labels } of [one, both]) {
      assert.ok(points.every((coordinate) => Math.abs(coordinate) <= 1_000));
      assert.equal(points.length, 2 * sum(lengths));
      assert.equal(lengths.length, sum(strokes));
      assert.equal(strokes.length, labels.length);
      assert.equal(pictures?.length, N_PIXELS * (picture_labels?.length ?? NaN));
    }
    assert.deepEqual([...one.labels, ...(one.picture_labels ?? [])].sort(), examples.map((/** @type {any} */ { label }) => label).sort());
  }));

/** @param {Int32Array} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

test("what is both a drawing and a picture is neither", () => {
  assert.ok(isExample({ label: 1, pixels: PICTURE }));
  assert.ok(!isExample({ label: 1, pixels: PICTURE, strokes: "ab" }));
});

test("a drawing with a point far from the pad is none", () => {
  assert.ok(isExample({ label: 1, strokes: [[[300, -20]]] }));
  assert.ok(!isExample({ label: 1, strokes: [[[1e300, 0]]] }));
});

// ── What the browser has kept, or a file holds ─────────────────────────────────────────────

test("whatever stands where something is kept, it is taken for what it can be", () =>
  ofAnything((any) => {
    const thing = any.value(["names", "examples", "use", "relu", "text", "state"]);
    for (const answer of Object.values(answersOf(thing))) assert.equal(typeof answer.text, "string");
    assert.ok(examplesOf(thing).every(isExample));
    const signs = signsOf(thing);
    assert.equal(signs.names.length, 10);
    assert.ok(["", "beside", "alone"].includes(signs.use));
    packed(signs.examples);
  }));

// ── The worker ─────────────────────────────────────────────────────────────────────────────

const TYPES = ["reply", "print", "progress", "alive", "born", "hello", "slice", "nothing", 5, null];
const PARTS = ["type", "id", "result", "failure", "text", "runId", "losses"];

test("whatever a worker posts, each request has its own reply, and no other message is the end", async () => {
  /** @type {any} */
  let worker = null;
  class FakeWorker {
    onmessage = (/** @type {any} */ _event) => {};
    asked = /** @type {any[]} */ ([]);
    postMessage(/** @type {any} */ message) {
      this.asked.push(message);
    }
    terminate() {}
  }
  const start = () => ({ worker: (worker = new FakeWorker()), said: [] });
  Object.assign(globalThis, { workers: { start }, setInterval: () => 1, clearInterval() {} });
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  const { Engine } = await import("../../site/js/engine.js");
  await ofAnything(async (any) => {
    const engine = new Engine();
    engine.on("crash", (message) => assert.fail(`crash: ${message}`));
    const starting = engine.start();
    worker.onmessage({ data: { type: "hello" } });
    await starting;
    const asked = engine.request("save", {});
    for (let i = 0; i < 5; i++) {
      const junk = any.share() < 0.3 ? any.value(PARTS) : { ...any.value(PARTS), type: any.one(TYPES) };
      if (junk?.id === worker.asked[0].id) delete junk.id;
      worker.onmessage({ data: junk });
    }
    worker.onmessage({ data: { type: "reply", id: worker.asked[0].id, result: "mine" } });
    assert.equal(await asked, "mine");
    engine.stop("it is over");
  });
});
