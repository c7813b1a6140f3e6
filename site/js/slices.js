/**
 * Trains in short slices, so that between two of them any request is answered.
 *
 * @import { Python } from "./python.js"
 * @import { Slice } from "./protocol.js"
 */

/** How long, in seconds, Python trains before the worker looks for messages. */
const SECONDS = 0.04;

export class Slices {
  /** Raised whenever slices must stop: the loop that began with an older number ends. */
  #generation = 0;

  /**
   * @param {Python} python
   * @param {(slice: Slice, transfer: Transferable[]) => void} onSlice
   * @param {(error: unknown) => void} onError  something that is no failure of the run
   */
  constructor(python, onSlice, onError) {
    this.python = python;
    this.onSlice = onSlice;
    this.onError = onError;
  }

  stop() {
    this.#generation += 1;
  }

  /**
   * Train until the run ends, or stop() is called.
   *
   * @param {number} runId
   * @param {number | null} maxBatches  rest after so many
   */
  async go(runId, maxBatches) {
    const mine = ++this.#generation;
    let before = performance.now();
    try {
      for (let resting = false; !resting; ) {
        await nextMacrotask();
        if (mine !== this.#generation) return;
        const result = this.python.ask("run_slice", runId, SECONDS, maxBatches);
        if (!result) return; // the run is no longer under way
        const { evaluating, ...slice } = result;
        if (maxBatches !== null) maxBatches -= slice.losses.length;
        resting = slice.finished || (maxBatches !== null && maxBatches <= 0 && !evaluating);
        if (resting) this.python.ask("pause", runId);
        const checkpoint = slice.epoch_record ? this.python.ask("checkpoint") : null;
        const milliseconds = performance.now() - before;
        before = performance.now();
        const transfer = [checkpoint?.bytes, checkpoint?.order].filter(Boolean).map(({ buffer }) => buffer);
        this.onSlice({ type: "slice", runId, ...slice, checkpoint, resting, milliseconds }, transfer);
      }
    } catch (error) {
      this.onError(error);
    }
  }
}

const channel = new MessageChannel();
/** Who waits, in order. @type {((value: unknown) => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.(null);

/** Waits until the messages that have come are handled; setTimeout() would wait 4 ms longer. */
export function nextMacrotask() {
  return new Promise((resolve) => {
    waiting.push(resolve);
    channel.port2.postMessage(null);
  });
}
