/**
 * @import { Checkpoint, Corrections, EpochRecord, InUse, Kept } from "./protocol.js"
 * @import { KeptCurve } from "./loss-curve.js"
 * @import { Values } from "./settings.js"
 *
 * @typedef {EpochRecord & {settings: Values}} Epoch  with the settings of its run
 *
 * @typedef {object} Trained  a run that trains, or has trained, the network
 * @property {Values} settings
 * @property {number} from  so many epochs it had been trained for before
 * @property {Corrections | null} corrections
 * @property {string[] | null} names  what the ten answers are called
 *
 * @typedef {object} Work  a network and all that is known of it, as plain data that can be kept
 * @property {string} id
 * @property {InUse} inUse
 * @property {Checkpoint} checkpoint
 * @property {string | null} source  the text of the changed mlp.py that made it; null for the one that came with the page
 * @property {string | null} name  of the file that it came from
 * @property {string[]} departures
 * @property {string[] | null} names
 * @property {Epoch[]} history
 * @property {KeptCurve} [curve]  what earlier builds kept has none
 * @property {Trained | null} run  the last one
 * @property {boolean} isUnfinished  whether that one has not come to its end
 */
import { LossCurve } from "./loss-curve.js";
import { newId } from "./new-id.js";
import { NAMES, SETTINGS } from "./settings.js";
import * as words from "./words.js";

/** The network in use: what the worker last said of it, and what its numbers come from. */
export class Network {
  id = newId();
  /** What the numbers come from, besides the settings in the address. @type {Set<string>} */
  departures = new Set();
  /** What its ten answers are called; null for the digits. @type {string[] | null} */
  names = null;
  /** Its epochs so far, as far as they were seen here. @type {Epoch[]} */
  history = [];
  /** The losses of its batches. */
  curve = new LossCurve();
  /** Its weights when its last epoch ended, or as they came; kept for when Python dies, or the page is closed. @type {Checkpoint | null} */
  checkpoint = null;
  /** @type {Trained | null} */
  #run = null;
  #isUnfinished = false;

  /**
   * @param {InUse} inUse
   * @param {string | null} source
   * @param {{name: string, bytes: Uint8Array} | null} file  that it came from
   */
  constructor(inUse, source = null, file = null) {
    this.inUse = inUse;
    this.source = source;
    this.name = file?.name ?? null;
    if (!file) return;
    this.checkpoint = { bytes: file.bytes, random: null, order: null };
    this.departures.add(`the network in ${file.name}`);
  }

  /** @param {Work} work */
  static of({ id, inUse, checkpoint, source, name, departures, names, history, curve, run, isUnfinished }) {
    const network = new Network(inUse, source);
    Object.assign(network, { id, checkpoint, name, names, departures: new Set(departures), history: [...history] });
    if (curve) network.curve = LossCurve.of({ ...curve, epochs: inUse.epochs });
    network.#run = run;
    network.#isUnfinished = isUnfinished;
    return network;
  }

  /** All that is to be kept of it, as of when its last epoch ended; null where there is nothing. @returns {Work | null} */
  get work() {
    const { id, inUse, checkpoint, source, name, names } = this;
    if (!checkpoint) return null;
    const [departures, history, curve] = [[...this.departures], [...this.history], this.curve.kept];
    return { id, inUse, checkpoint, source, name, departures, names, history, curve, run: this.#run, isUnfinished: this.#isUnfinished };
  }

  get epochs() {
    return this.inUse.epochs;
  }

  /** The epoch that its run ends with, where that has not come to its end. */
  get target() {
    return this.#run && this.#isUnfinished ? this.#run.from + this.#run.settings.epochs : null;
  }

  /** Whether it is nobody's loss when another takes its place. */
  get isUntouched() {
    return this.inUse.origin === "random" && !this.inUse.touched;
  }

  /** What another worker needs to go on with it; null where there is nothing to keep. @returns {Kept | null} */
  get kept() {
    const { origin, seed, epochs } = this.inUse;
    return this.checkpoint && { bytes: this.checkpoint.bytes, random: this.checkpoint.random, origin, seed, epochs };
  }

  /**
   * The run that another worker had begun, to go on with; null where there is none, or the settings are others now.
   *
   * @param {Values} settings
   */
  toGoOnWith(settings) {
    const run = this.#isUnfinished ? this.#run : null;
    const order = this.checkpoint?.order;
    const isSame = NAMES.every((name) => SETTINGS[name].acts !== "next run" || settings[name] === run?.settings[name]);
    if (!run || !order || !isSame || this.epochs === run.from) return null;
    return { ...run, done: { epochs: this.epochs - run.from, order } };
  }

  /**
   * A run has begun to train it, or another worker goes on with it.
   *
   * @param {InUse} inUse
   * @param {Trained} run
   * @param {number} made  how many images were made of the corrections
   */
  beginRun(inUse, run, made) {
    const before = this.#run?.settings;
    if (before && NAMES.some((name) => run.settings[name] !== before[name])) {
      this.departures.add("training with other settings before");
    }
    if (run.corrections?.alone) this.departures.add(`${made} pictures of your own instead of MNIST`);
    else if (made) this.departures.add(`${made} images of your ${run.names ? "own signs" : "corrections"}`);
    this.names = run.names;
    this.#run = run;
    this.#isUnfinished = true;
    this.inUse = inUse;
  }

  /**
   * @param {Epoch} epoch  has ended
   * @param {Checkpoint | null} checkpoint
   */
  endEpoch(epoch, checkpoint) {
    this.inUse = { ...this.inUse, epochs: epoch.epoch };
    this.history.push(epoch);
    this.checkpoint = checkpoint;
  }

  endRun() {
    this.#isUnfinished = false;
  }

  /** What has begun since the last epoch is void. */
  goBack() {
    this.curve.goBack(this.epochs);
    if (this.epochs) return;
    this.inUse = { ...this.inUse, touched: false };
    this.#run = null;
    this.#isUnfinished = false;
  }

  /** A run has failed, and all is as it was when the last epoch ended. */
  fail() {
    this.endRun();
    if (this.epochs) this.departures.add(`a run that ended ${words.since(this)}`);
    this.goBack();
  }

  /**
   * Another worker goes on with it.
   *
   * @param {InUse} inUse  as that one has it
   * @param {boolean} isExact  whether its random numbers go on as well
   */
  takeUp(inUse, isExact) {
    if (!isExact && this.epochs) this.departures.add(`a restart of Python ${words.since(this)}`);
    this.inUse = inUse;
  }
}
