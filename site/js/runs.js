/**
 * The runs of this visit, of earlier ones and of files: what each was made with, and what came of it.
 *
 * @import { EpochRecord } from "./protocol.js"
 * @import { Name, Values } from "./settings.js"
 *
 * @typedef {object} Run
 * @property {number} number  counted from 1
 * @property {string} network  that it trains
 * @property {Values} settings  of its last epoch
 * @property {string | null} source  the text of the changed mlp.py; null for the one that came with the page
 * @property {string[]} departures  what its numbers come from, besides settings and code
 * @property {(EpochRecord & {settings?: Values})[]} epochs
 * @property {boolean} isPinned  whether it is in the chart
 * @property {string | null} failure  what stopped it
 *
 * @typedef {{name: string, values: string[]}} Difference  what is not the same in some runs, in each of them
 */
import { Emitter } from "./emitter.js";
import { NAMES, SETTINGS } from "./settings.js";

/** So many are in the chart at most. */
export const MOST_PINNED = 6;

/** @extends {Emitter<{change: null}>} */
export class Runs extends Emitter {
  /** The first one first. @type {Run[]} */
  all = [];
  /** The one that goes on. @type {Run | null} */
  #current = null;

  /** @param {Run[] | undefined} runs  of an earlier visit */
  restore(runs) {
    if (!runs?.length) return;
    this.all = runs.map((run, i) => ({ ...run, number: i + 1 }));
    this.emit("change", null);
  }

  /** @param {Run[]} runs  of a file, beside those that are here */
  add(runs) {
    const known = new Set(this.all.map(what));
    for (const run of runs.filter((run) => !known.has(what(run)))) {
      this.all.push({ ...run, number: this.all.length + 1, isPinned: false });
    }
    this.emit("change", null);
  }

  /** A network without history: what comes is another run. */
  end() {
    this.#current = null;
  }

  /** @param {string} id  of a network that is here again: what comes belongs to its run */
  again(id) {
    this.#current = this.all.find(({ network, failure }) => network === id && failure === null) ?? null;
  }

  /** @param {{id: string, settings: Values, source: string | null, departures: string[]}} what  begins, or goes on with other settings */
  begin({ id, settings, source, departures }) {
    if (!this.#current) {
      this.#current = { number: this.all.length + 1, network: id, settings, source, departures, epochs: [], isPinned: false, failure: null };
      this.all.push(this.#current);
      this.#pinLatest(this.#current);
    }
    Object.assign(this.#current, { settings, departures });
    this.emit("change", null);
  }

  /** @param {EpochRecord} record */
  addEpoch(record) {
    this.#current?.epochs.push(record);
    this.emit("change", null);
  }

  /** @param {string} failure  stopped the run, and the network is as it was when its last epoch ended */
  fail(failure) {
    if (this.#current) this.#current.failure = failure;
    this.#current = null;
    this.emit("change", null);
  }

  /**
   * @param {Run} run
   * @param {boolean} isPinned
   */
  pin(run, isPinned) {
    run.isPinned = isPinned;
    this.emit("change", null);
  }

  /** For others to be seen alone. */
  unpinAll() {
    for (const run of this.all) run.isPinned = false;
    this.emit("change", null);
  }

  /** Those in the chart. */
  get pinned() {
    return this.all.filter(({ isPinned }) => isPinned);
  }

  /** The latest are pinned by themselves, as many as the chart takes. @param {Run} run */
  #pinLatest(run) {
    const pinned = this.pinned;
    if (pinned.length === MOST_PINNED) pinned[0].isPinned = false;
    run.isPinned = true;
  }

  /** @param {string | undefined} id  of a network */
  of(id) {
    return this.all.filter(({ network }) => network === id);
  }

  /** One line an epoch; what has no end yet is not in it. */
  toCsv(runs = this.all) {
    const head = ["run", "epoch", "training_loss", "validation_loss", "validation_accuracy", "test_accuracy", "seconds", ...NAMES, "code"];
    const lines = runs.flatMap(({ number, settings, source, epochs }) =>
      epochs.map(({ settings: own = settings, ...record }) => [
        number,
        record.epoch,
        record.training_loss,
        record.validation_loss,
        record.validation_accuracy,
        record.test_accuracy,
        record.seconds,
        ...NAMES.map((name) => own[name]),
        source === null ? "shipped" : "mine",
      ]),
    );
    return [head, ...lines].map((cells) => `${cells.join(",")}\r\n`).join("");
  }
}

/**
 * The same for the same run, whatever its number is where.
 *
 * @param {Run} run
 */
function what({ network, epochs }) {
  return [network, epochs.length, epochs[0]?.epoch, epochs[0]?.training_loss].join(" ");
}

/**
 * What is not the same in these runs.
 *
 * @param {Run[]} runs
 * @returns {Difference[]}
 */
export function differences(runs) {
  const settings = NAMES.map((name) => ({ name: SETTINGS[name].label, values: runs.map((run) => inWords(name, run.settings[name])) }));
  const texts = [...new Set(runs.map(({ source }) => source).filter((source) => source !== null))];
  const codes = runs.map(({ source }) => (source === null ? "as it came" : texts.length > 1 ? `yours, ${texts.indexOf(source) + 1}` : "yours"));
  const others = runs.map(({ departures }) => departures.join("; ") || "nothing else");
  const all = [...settings, { name: "Code", values: codes }, { name: "Besides", values: others }];
  return all.filter(({ values }) => new Set(values).size > 1);
}

/**
 * @param {Name} name
 * @param {number} value
 */
export function inWords(name, value) {
  return SETTINGS[name].kind === "switch" ? (value ? "on" : "off") : value.toLocaleString("en", { maximumFractionDigits: 4 });
}
