/**
 * @import { InUse, Kept } from "./protocol.js"
 * @import { Values } from "./settings.js"
 */
import { NAMES } from "./settings.js";
import * as words from "./words.js";

/** The network in use: what the worker last said of it, and what its numbers come from. */
export class Network {
  /** What the numbers come from, besides the settings in the address. @type {Set<string>} */
  departures = new Set();
  /** What its ten answers are called; null for the digits. @type {string[] | null} */
  names = null;
  /** The settings of its last run. @type {Values | null} */
  #trainedWith = null;

  /**
   * @param {InUse} inUse
   * @param {{name: string, bytes: Uint8Array} | null} file  that it came from
   */
  constructor(inUse, file = null) {
    this.inUse = inUse;
    this.name = file?.name ?? null;
    /** Its weights when its last epoch ended, or as they came; kept for when Python dies. */
    this.checkpoint = file?.bytes ?? null;
    if (file) this.departures.add(`the network in ${file.name}`);
  }

  get epochs() {
    return this.inUse.epochs;
  }

  /** Whether it is nobody's loss when another takes its place. */
  get isUntouched() {
    return this.inUse.origin === "random" && !this.inUse.touched;
  }

  /** What another worker needs to go on with it; null where there is nothing to keep. @returns {Kept | null} */
  get kept() {
    const { origin, seed, epochs } = this.inUse;
    return this.checkpoint && { bytes: this.checkpoint, origin, seed, epochs };
  }

  /**
   * A run has begun to train it.
   *
   * @param {InUse} inUse
   * @param {Values} settings
   * @param {number} corrections  images that were made of them
   * @param {{names: string[] | null, isAlone: boolean}} signs  of the visitor's own, among them or instead of MNIST
   */
  beginRun(inUse, settings, corrections, { names, isAlone }) {
    const before = this.#trainedWith;
    if (before && NAMES.some((name) => settings[name] !== before[name])) {
      this.departures.add("training with other settings before");
    }
    if (isAlone) this.departures.add(`${corrections} pictures of your own instead of MNIST`);
    else if (corrections) this.departures.add(`${corrections} images of your ${names ? "own signs" : "corrections"}`);
    this.names = names;
    this.#trainedWith = settings;
    this.inUse = inUse;
  }

  /**
   * @param {number} epochs  so many it has been trained for now
   * @param {Uint8Array | null} checkpoint
   */
  endEpoch(epochs, checkpoint) {
    this.inUse = { ...this.inUse, epochs };
    this.checkpoint = checkpoint;
  }

  /** A run has failed, and all is as it was when the last epoch ended. */
  goBack() {
    if (this.epochs) {
      this.departures.add(`a run that ended ${words.since(this)}`);
    } else {
      this.inUse = { ...this.inUse, touched: false };
      this.#trainedWith = null;
    }
  }

  /** @param {InUse} inUse  as another worker has it, which goes on with it */
  takeUp(inUse) {
    this.departures.add(`a restart of Python ${words.since(this)}`);
    this.inUse = inUse;
  }
}
