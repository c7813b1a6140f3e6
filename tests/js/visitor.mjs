/** A visitor of the page, in a hurry, with a worker that answers late. */
import assert from "node:assert/strict";

import { Experiment } from "../../site/js/experiment.js";
import { defaults } from "../../site/js/settings.js";
import { FakeEngine, tick } from "./fake-engine.mjs";

export const FILE = new Uint8Array(7); // a network of seven hidden units, to the fake engine

export class Visitor {
  engine = new FakeEngine();
  /** The last of each event. @type {Record<string, any>} */
  told = {};
  /** Every state, in order. @type {string[]} */
  states = [];
  /** Every slice's batch. @type {number[]} */
  batches = [];
  /** @type {string[]} */
  alerts = [];
  /** @type {number[]} */
  back = [];
  /** How often the weights were said to be others. */
  moved = 0;

  constructor(settings = {}) {
    this.experiment = new Experiment({ ...defaults(), epochs: 2, ...settings }, /** @type {any} */ (this.engine));
    const events = /** @type {const} */ (["state", "status", "problem", "slice", "epoch", "fresh", "back", "pending", "reader", "address", "waiting", "reading", "settings", "again"]);
    for (const type of events) this.experiment.on(type, (/** @type {any} */ detail) => (this.told[type] = detail));
    this.experiment.on("state", (state) => this.states.push(state));
    this.experiment.on("slice", ({ batch }) => this.batches.push(batch));
    this.experiment.on("problem", (problem) => problem && this.alerts.push(problem.message));
    this.experiment.on("moved", () => (this.moved += 1));
    this.experiment.on("back", (epochs) => this.back.push(epochs));
  }

  async boot() {
    await this.experiment.boot();
    await settled();
    return this;
  }

  /** In words, which network reads. */
  get model() {
    return this.told.reader.words;
  }

  draw() {
    this.experiment.draw({ points: new Float32Array([0.5, 0.5]), lengths: new Int32Array([1]), pixels: null });
  }

  asked(/** @type {string} */ type) {
    return this.engine.asked.filter(([each]) => each === type);
  }
}

/** All that is under way has come to its end. */
export async function settled() {
  for (let turns = 0; turns < 60; turns++) await tick();
}

/** @param {() => boolean} isSo */
export async function until(isSo) {
  for (let turns = 0; turns < 500; turns++) {
    if (isSo()) return;
    await tick();
  }
  assert.fail(`never so: ${isSo}`);
}

export const ready = (settings = {}) => new Visitor(settings).boot();

/** @param {number} id */
export const paused = async (id = 1) => {
  const visitor = await ready({ epochs: 100 });
  await visitor.experiment.step();
  assert.equal(visitor.engine.run?.id, id);
  return visitor;
};
