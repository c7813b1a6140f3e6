/**
 * The run that trains the network: begun, paused, gone on with, and what its slices tell.
 *
 * @import * as Protocol from "./protocol.js"
 * @import { Asking } from "./asking.js"
 * @import { Engine } from "./engine.js"
 * @import { Events, State } from "./experiment.js"
 * @import { Images } from "./images.js"
 * @import { Network } from "./network.js"
 * @import { Values } from "./settings.js"
 * @import { Turns } from "./turns.js"
 *
 * @typedef {object} Run  what trains the network now, be it paused
 * @property {number} id
 * @property {Values} settings
 * @property {number} target  the epoch it ends with
 * @property {Promise<void>} rested  when the step under way has come to its end, or never will
 * @property {() => void} rest  brings that about
 *
 * @typedef {object} Host  the experiment, as far as a run has to do with it
 * @property {<T extends keyof Events>(type: T, detail: Events[T]) => void} emit
 * @property {() => Values} settings  as they are now
 * @property {() => Network | null} network
 * @property {() => string | null} source
 * @property {() => State} state
 * @property {(state: State) => void} setState
 * @property {() => void} begun  a run has begun to train the network
 * @property {() => void} tellOfNetwork
 * @property {() => void} read
 * @property {() => void} refresh  the same, unless that was done a moment ago
 */
import * as words from "./words.js";

export class Training {
  /** @type {Run | null} */
  #run = null;
  #lastRunId = 0;
  /** Drawings to mix into the next run. @type {Protocol.Corrections | null} */
  #corrections = null;
  /** What the ten answers of the next run are called; null for the digits. @type {string[] | null} */
  #names = null;
  /** Counts what the visitor has asked for, to drop what took long and is wanted no more. */
  #wish = 0;
  /** Whether training waits for its images. */
  #isWaiting = false;

  /**
   * @param {Host} host
   * @param {Engine} engine
   * @param {Images} images
   * @param {Asking} asking
   * @param {Turns} turns  of what changes network or run
   */
  constructor(host, engine, images, asking, turns) {
    this.host = host;
    this.engine = engine;
    this.images = images;
    this.asking = asking;
    this.turns = turns;
    engine.on("slice", (slice) => this.#takeSlice(slice));
  }

  /** The run under way, be it paused. */
  get run() {
    return this.#run;
  }

  get wish() {
    return this.#wish;
  }

  get corrections() {
    return this.#corrections;
  }

  /**
   * @param {Protocol.Corrections | null} corrections  drawings to train on, from the next run on
   * @param {string[] | null} names  what the ten answers are called then; null for the digits
   */
  mixIn(corrections, names) {
    this.#corrections = corrections;
    this.#names = names;
  }

  /** Something else is wanted now than training that waits for its images. */
  wishElse() {
    this.#wish += 1;
    this.#stopWaiting();
  }

  /**
   * Go on with the run, or begin one.
   *
   * @param {number | null} maxBatches  rest after so many
   */
  go(maxBatches) {
    const wish = ++this.#wish;
    return this.asking.do(async () => {
      const goesOn = await this.turns.take(async () => {
        if (this.#run) return this.#resume(this.#run, maxBatches);
        if (this.images.count < this.host.settings().training_images) return false;
        return this.#begin(maxBatches);
      });
      if (goesOn) return;
      // Not in turn: it may take long, and meanwhile the visitor may want something else.
      await this.#waitForImages();
      await this.turns.take(async () => {
        if (wish === this.#wish) await this.#begin(maxBatches);
      });
    });
  }

  /** Rest; or, while training waits for its images, train no more. */
  pause() {
    if (this.#isWaiting) {
      this.wishElse();
      this.host.emit("status", words.NOT_WAITING);
    }
    return this.asking.do(() =>
      this.turns.take(async () => {
        const run = this.#run;
        if (!run || this.host.state() !== "training") return; // it has ended meanwhile
        await this.engine.request("pause", { runId: run.id });
        if (run !== this.#run) return;
        this.engine.expectsSlices = false;
        this.host.setState("paused");
        this.host.emit("status", words.paused(this.#epochs + 1));
        this.host.emit("moved", null);
        this.host.read(); // the last reading is a few batches old
      }),
    );
  }

  /** @param {number} value  of the run under way from now on */
  setLearningRate(value) {
    const runId = this.#run?.id ?? 0;
    return this.asking.do(() => this.engine.request("learning-rate", { runId, value }));
  }

  /** There is another network. */
  forget() {
    this.#run = null;
    this.engine.expectsSlices = false;
  }

  /** The worker is gone; the network is as it was when its last epoch ended. */
  breakOff() {
    const run = this.#run;
    this.#run = null;
    if (run) this.#goBack();
    run?.rest();
  }

  // ── Waiting ──────────────────────────────────────────────────────────────────────────────

  async #waitForImages() {
    const { training_images } = this.host.settings();
    this.#isWaiting = true;
    this.host.emit("waiting", true);
    this.host.emit("status", words.waiting(training_images));
    try {
      await this.images.fetch(training_images);
    } finally {
      this.#stopWaiting();
    }
  }

  #stopWaiting() {
    this.#isWaiting = false;
    this.host.emit("waiting", false);
  }

  // ── Beginning, and going on ──────────────────────────────────────────────────────────────

  /** @param {number | null} maxBatches */
  async #begin(maxBatches) {
    const id = ++this.#lastRunId;
    const settings = { ...this.host.settings() };
    const network = /** @type {Network} */ (this.host.network());
    const begun = network.toGoOnWith(settings);
    const { corrections, names } = begun ?? { corrections: this.#corrections, names: this.#names };
    const done = begun?.done ?? null;
    const { corrections: made, ...inUse } = await this.engine.request("begin", { runId: id, settings, corrections, maxBatches, done });
    const from = inUse.epochs - (done?.epochs ?? 0);
    network.beginRun(inUse, { settings, from, corrections, names }, made);
    const run = beginStep({ id, settings, target: from + settings.epochs, rested: Promise.resolve(), rest: () => {} });
    this.#run = run;
    this.host.emit("run", { id: network.id, settings, source: this.host.source(), departures: [...network.departures] });
    this.host.begun();
    const { learning_rate } = this.host.settings(); // which may have been changed meanwhile
    if (learning_rate !== settings.learning_rate) await this.engine.request("learning-rate", { runId: id, value: learning_rate });
    this.host.tellOfNetwork();
    await this.#watch(run, maxBatches);
    return true;
  }

  /**
   * @param {Run} run
   * @param {number | null} maxBatches
   */
  async #resume(run, maxBatches) {
    beginStep(run);
    if (await this.engine.request("resume", { runId: run.id, maxBatches })) {
      await this.#watch(run, maxBatches);
      return true;
    }
    this.#run = null; // it came too late
    return false;
  }

  /**
   * Show that it trains; a step is waited for.
   *
   * @param {Run} run
   * @param {number | null} maxBatches
   */
  async #watch(run, maxBatches) {
    if (this.#run !== run) return; // it has ended already
    this.engine.expectsSlices = true;
    if (maxBatches === null) {
      this.host.setState("training");
      this.host.emit("status", words.training(this.#epochs + 1, run.target));
    } else {
      this.host.setState("paused");
      await run.rested;
    }
  }

  // ── What its slices tell ─────────────────────────────────────────────────────────────────

  /** @param {Protocol.Slice} slice */
  #takeSlice(slice) {
    const run = this.#run;
    if (!run || slice.runId !== run.id) return; // of a run that is no more
    const { host } = this;
    const { epoch, batch, n_batches, epoch_record, checkpoint } = slice;
    host.network()?.curve.addSlice(slice);
    host.emit("slice", { ...slice, share: 1 - (run.target - epoch + 1 - batch / n_batches) / run.settings.epochs });
    if (epoch_record) {
      const ended = { ...epoch_record, settings: run.settings };
      host.network()?.endEpoch(ended, checkpoint);
      if (slice.finished) host.network()?.endRun();
      host.emit("epoch", ended);
      host.tellOfNetwork();
      if (host.state() === "training" && !slice.finished) host.emit("status", words.training(epoch + 1, run.target));
    }
    if (slice.finished) this.#end(slice);
    else if (slice.resting) host.emit("status", words.stepped(slice));
    host.emit("moved", null);
    if (slice.resting) {
      this.engine.expectsSlices = false;
      host.read();
      run.rest();
    } else {
      host.refresh();
    }
  }

  /** @param {Protocol.Slice} slice */
  #end({ failure, epoch_record }) {
    this.#run = null;
    const { host } = this;
    host.setState("ready");
    if (failure) {
      host.network()?.fail();
      this.#goBack();
      host.emit("status", words.FAILED);
      this.asking.warn(words.trainingFailed(failure, this.#epochs));
      host.emit("stopped", failure.message);
      if (failure.kind === "code") host.emit("mistake", failure);
    } else if (epoch_record) {
      host.emit("status", words.trained(epoch_record.test_accuracy));
    }
    host.tellOfNetwork();
  }

  /** The network is as it was when its last epoch ended. */
  #goBack() {
    this.host.network()?.goBack();
    this.host.emit("back", this.#epochs);
    this.host.emit("moved", null);
  }

  get #epochs() {
    return this.host.network()?.epochs ?? 0;
  }
}

/** @param {Run} run */
function beginStep(run) {
  run.rested = new Promise((resolve) => (run.rest = resolve));
  return run;
}
