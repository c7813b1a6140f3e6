/**
 * Runs one after the other, each from a fresh network of its own settings and code.
 *
 * @import { Experiment } from "./experiment.js"
 * @import { Values } from "./settings.js"
 *
 * @typedef {{settings: Values, source: string | null}} Start  source: the text of a changed mlp.py; null for the one that came
 *     with the page
 */
import { Emitter } from "./emitter.js";
import { NAMES } from "./settings.js";

/** @extends {Emitter<{progress: {done: number, of: number} | null}>}  null when it is over */
export class Series extends Emitter {
  /** Which of them goes on; one that has been ended is none. @type {object | null} */
  #current = null;
  /** Whether what happens to the network is the series' doing. */
  #isOurs = false;
  /** Whether the run has begun that was asked for last. */
  #isBegun = false;
  #changed = () => {};
  /** The networks that it has trained. @type {Set<string>} */
  #trained = new Set();

  /** @param {Experiment} experiment */
  constructor(experiment) {
    super();
    this.experiment = experiment;
    experiment.on("run", ({ id }) => {
      this.#isBegun = true;
      if (this.isGoing) this.#trained.add(id);
      else this.#trained.delete(id); // the visitor goes on with it
    });
    experiment.on("state", () => this.#changed());
    // Where the visitor takes another network, the rest is not wanted any more.
    experiment.on("fresh", () => this.#isOurs || this.stop());
  }

  /** @param {string} id  of a network */
  hasTrained(id) {
    return this.#trained.has(id);
  }

  get isGoing() {
    return this.#current !== null;
  }

  /**
   * @param {Start[]} starts
   * @returns {Promise<boolean>} whether all have come to an end
   */
  async go(starts) {
    const series = {};
    this.#current = series;
    let goesWell = true;
    for (const [done, start] of starts.entries()) {
      this.emit("progress", { done, of: starts.length });
      const isBegun = await this.#begin(start);
      if (isBegun) await this.#end();
      if (this.#current !== series) return false; // stop() has told
      goesWell = isBegun && this.experiment.state === "ready";
      if (!goesWell) break;
    }
    this.stop();
    return goesWell;
  }

  /**
   * The same as a trial: afterwards settings, code and network are again what they were, unless the visitor has taken another.
   *
   * @param {Start[]} starts
   */
  async try(starts) {
    const { settings, source, reader, hasWork, kept } = this.experiment;
    const unkept = hasWork && !kept.work ? await this.experiment.save() : null; // in its first epoch
    if (hasWork && !kept.work && !unkept) return false; // it could not be kept, which is told
    const goBack = async () => {
      this.#isOurs = true;
      try {
        await this.#use({ settings, source });
        if (kept.work) await this.experiment.bringBack(kept.work);
        else if (unkept) await this.experiment.load(unkept, "your network");
        else await this.experiment.reset();
        this.experiment.readBy(reader);
      } finally {
        this.#isOurs = false;
      }
    };
    const isDone = await this.go(starts);
    if (isDone) await goBack();
    else if (this.experiment.state === "failed") void this.#whenReady().then(goBack); // Python has died, and the network with it
    return isDone;
  }

  /** When Python runs again. @returns {Promise<void>} */
  async #whenReady() {
    while (this.experiment.state !== "ready") await new Promise((resolve) => (this.#changed = () => resolve(null)));
  }

  /** Begin no other run; the one under way goes on. */
  stop() {
    if (!this.#current) return;
    this.#current = null;
    this.emit("progress", null);
  }

  /**
   * @param {Start} start
   * @returns {Promise<boolean>} whether it has begun; why it has not, has been told
   */
  async #begin(start) {
    this.#isOurs = true;
    this.#isBegun = false;
    try {
      if (!(await this.#use(start))) return false;
      await this.experiment.reset();
      await this.experiment.train();
    } finally {
      this.#isOurs = false;
    }
    return this.#isBegun;
  }

  /**
   * @param {Start} start
   * @returns {Promise<boolean>} whether its code runs
   */
  async #use({ settings, source }) {
    const { experiment } = this;
    for (const name of NAMES) experiment.set(name, settings[name]);
    if (experiment.source === source) return true;
    const text = source ?? (await experiment.look("code", {}))?.shipped;
    return text !== undefined && experiment.useCode(text);
  }

  /** When the run is over, or there is another network. @returns {Promise<void>} */
  async #end() {
    while (this.experiment.state === "training" || this.experiment.state === "paused") {
      await new Promise((resolve) => (this.#changed = () => resolve(null)));
    }
  }
}
