/**
 * The experiment a visitor runs: one network, its settings, and what has become of it. Knows
 * nothing of the document; views listen.
 *
 * @import * as Protocol from "./protocol.js"
 * @import { Name, Values } from "./settings.js"
 *
 * @typedef {"loading" | "ready" | "training" | "paused" | "failed"} State
 * @typedef {{message: string, restart: boolean}} Problem  restart: only a new worker helps
 */
import { Engine, EngineStopped } from "./engine.js";
import { Reader } from "./reader.js";
import { NAMES, SETTINGS } from "./settings.js";

/** @type {Protocol.Corrections} */
const NO_CORRECTIONS = {
  points: new Float32Array(),
  lengths: new Int32Array(),
  strokes: new Int32Array(),
  labels: new Uint8Array(),
};

/**
 * Fires, as CustomEvents: `state` (a State), `status` and `problem` (what to tell), `progress` (or null, when done),
 * `slice` (with the share of the run that is done), `epoch` (an EpochRecord), `fresh` (a network without history), `pending` (names of
 * settings that wait for Reset), `model` (a line on the network in use), `reading` (a Reading or null), `drawing` (the same, the first time that a drawing is read), `about`.
 */
export class Experiment extends EventTarget {
  #engine = new Engine();
  #reader = new Reader(
    this.#engine,
    (reading, isNew) => this.#fireReading(reading, isNew),
    (error) => this.#warn(error.message),
  );
  /** @type {Values} */
  #settings;
  /** The settings that the network and the run under way were made with. @type {Values} */
  #inUse;
  /** @type {State} */
  #state = "loading";
  #runId = 0;
  /** Counts what the visitor has asked for, to drop what took long and is wanted no more. */
  #intent = 0;
  /** Whether a run is under way, be it paused. */
  #inRun = false;
  /** Whether the network has seen a batch or come from the visitor's file. */
  #touched = false;
  /** The model that came with the page, as long as it is the one in use. @type {Protocol.Starter | null} */
  #starter = null;
  /** The name of the visitor's file that the network came from. @type {string | null} */
  #file = null;
  /** Drawings to mix into the next run. @type {Protocol.Corrections | null} */
  #corrections = null;
  #epochs = 0;
  #targetEpochs = 0;
  /** The network as it was when the last epoch ended. @type {Uint8Array | null} */
  #checkpoint = null;

  /** @param {Values} settings */
  constructor(settings) {
    super();
    this.#settings = { ...settings };
    this.#inUse = { ...settings };
    this.#engine.addEventListener("progress", (event) => this.#fire("progress", detail(event)));
    this.#engine.addEventListener("slice", (event) => this.#takeSlice(detail(event)));
    this.#engine.addEventListener("crash", (event) => this.#takeCrash(detail(event)));
  }

  // ── What the visitor does ────────────────────────────────────────────────────────────────

  /** Start Python; after a crash, with the network as it was when its last epoch ended. */
  async boot() {
    this.#setState("loading");
    this.#solve();
    this.#say("Starting Python in this tab …");
    try {
      await this.#engine.start();
      const { hidden_size, seed } = this.#checkpoint ? this.#inUse : this.#settings;
      const about = await this.#engine.request("boot", { hidden_size, seed });
      this.#engine.watch();
      this.#fire("about", about);
      await this.#takeUp(about.starter);
    } catch (error) {
      if (!(error instanceof EngineStopped)) this.#fail(String(/** @type {Error} */ (error).message));
      return;
    }
    this.#read();
    // Not as something that the visitor asks for, which would take away what is being told.
    const intent = this.#intent;
    await this.#fetchImages(0).catch((error) => {
      if (!(error instanceof EngineStopped) && intent === this.#intent) this.#warn(error.message);
    });
  }

  /**
   * Begin with the starter model, or after a crash where the last epoch ended.
   *
   * @param {Protocol.Starter | null} starter
   */
  async #takeUp(starter) {
    if (this.#checkpoint) {
      await this.#engine.request("load", { bytes: this.#checkpoint, epochs: this.#epochs });
      this.#setState("ready");
      this.#firePending();
      this.#fireModel();
      this.#say(`Ready again, with the network as it was ${this.#sinceWhen()}.`);
    } else {
      this.#becomeFresh(starter);
      const reads = starter ? "Ready. Draw a digit: a starter model reads it." : "Ready.";
      this.#say(`${reads} Press Train, and a network learns from nothing.`);
    }
  }

  train() {
    return this.#ask(async () => {
      if (!this.#inRun) await this.#beginRun(null);
      else await this.#engine.request("train", { runId: this.#runId, run: null, maxBatches: null });
      this.#resume();
      this.#sayTraining();
    });
  }

  step() {
    return this.#ask(async () => {
      if (!this.#inRun) await this.#beginRun(1);
      else await this.#engine.request("train", { runId: this.#runId, run: null, maxBatches: 1 });
      this.#setState("paused");
    });
  }

  pause() {
    return this.#ask(async () => {
      await this.#engine.request("pause", {});
      if (this.#state !== "training") return; // it ended meanwhile
      this.#engine.expectsSlices = false;
      this.#setState("paused");
      this.#say(`Paused in epoch ${this.#epochs + 1}. Train goes on from here, Step does one batch.`);
    });
  }

  /** A fresh network, made with the settings as they are now. */
  reset() {
    return this.#ask(async () => {
      const { hidden_size, seed } = this.#settings;
      this.#intent += 1;
      this.#runId += 1;
      await this.#engine.request("reset", { hidden_size, seed });
      this.#becomeFresh();
      this.#say("A fresh network with random weights. Press Train.");
    });
  }

  /** @returns {Promise<Uint8Array | null>} the network as a model file */
  save() {
    return this.#ask(() => this.#engine.request("save", {}));
  }

  /**
   * @param {Uint8Array} bytes
   * @param {string} name
   */
  load(bytes, name) {
    return this.#ask(async () => {
      const { hidden_size } = await this.#engine.request("load", { bytes, epochs: 0 });
      this.#intent += 1;
      this.#runId += 1;
      this.#settings.hidden_size = hidden_size;
      this.#becomeFresh();
      this.#touched = true;
      this.#checkpoint = bytes;
      this.#file = name;
      this.#fireModel();
      this.#fire("settings", this.#settings);
      this.#say(`Loaded ${name}, a network of ${hidden_size} hidden units. Draw a digit, or train it further.`);
    }, `${name} was not loaded, and the network in use is as it was. The file: `);
  }

  /**
   * @param {Name} name
   * @param {number} value
   */
  set(name, value) {
    if (this.#settings[name] === value) return;
    this.#settings[name] = value;
    this.#fire("settings", this.#settings);
    this.#firePending();
    if (SETTINGS[name].acts === "at once" && this.#inRun) {
      void this.#ask(() => this.#engine.request("learning-rate", { value }));
    } else if (SETTINGS[name].acts === "reset" && !this.#touched && !this.#starter && this.#state === "ready") {
      void this.reset(); // a network that nobody has trained is nobody's loss
    }
  }

  /** @param {Protocol.Corrections | null} corrections  drawings to train on, from the next run on */
  mixIn(corrections) {
    this.#corrections = corrections;
  }

  /**
   * Read this drawing now, and again whenever the network has changed.
   *
   * @param {{points: Float32Array, lengths: Int32Array}} drawing
   */
  draw(drawing) {
    this.#reader.take(drawing);
    if (drawing.lengths.length === 0) this.#fireReading(null, true); // needs no Python, which may not run
    this.#read();
  }

  /**
   * @param {Protocol.Reading | null} reading
   * @param {boolean} isNew
   */
  #fireReading(reading, isNew) {
    this.#fire("reading", reading);
    if (isNew) this.#fire("drawing", reading);
  }

  #read() {
    if (this.#state !== "loading" && this.#state !== "failed") void this.#reader.read();
  }

  // ── A run ────────────────────────────────────────────────────────────────────────────────

  /** @param {number | null} maxBatches */
  async #beginRun(maxBatches) {
    const { hidden_size, seed, ...run } = this.#settings;
    const intent = ++this.#intent;
    const goOn = () => {
      if (intent !== this.#intent || this.#inRun) throw new EngineStopped("something else was begun meanwhile");
    };
    await this.#fetchImages(run.training_images);
    goOn();
    const differs = hidden_size !== this.#inUse.hidden_size || seed !== this.#inUse.seed;
    if (this.#starter || (!this.#touched && differs)) {
      await this.#engine.request("reset", { hidden_size, seed });
      goOn();
      Object.assign(this.#inUse, { hidden_size, seed });
      this.#starter = null;
    }
    await this.#engine.request("corrections", this.#corrections ?? NO_CORRECTIONS);
    goOn();
    run.learning_rate = this.#settings.learning_rate; // it may have been changed while the images came
    Object.assign(this.#inUse, run);
    const runId = ++this.#runId;
    await this.#engine.request("train", { runId, run, maxBatches });
    if (runId !== this.#runId) throw new EngineStopped("the run is wanted no more");
    this.#inRun = true;
    this.#touched = true;
    this.#targetEpochs = this.#epochs + run.epochs;
    this.#firePending();
    this.#fireModel();
  }

  #resume() {
    this.#engine.expectsSlices = true;
    this.#setState("training");
  }

  /** @param {number} count */
  async #fetchImages(count) {
    try {
      await this.#engine.request("fetch-images", { count });
    } catch (error) {
      if (error instanceof EngineStopped) throw error;
      const { message } = /** @type {Error} */ (error);
      throw new Error(`The digits to learn from are not here: ${message}. Check the connection, then press Train again.`);
    } finally {
      this.#fire("progress", null);
    }
  }

  /** @param {Protocol.Slice} slice */
  #takeSlice(slice) {
    if (slice.runId !== this.#runId) return; // of a run that is no more
    this.#fire("slice", { ...slice, share: this.#share(slice) });
    if (slice.epoch_record) {
      this.#epochs = slice.epoch_record.epoch;
      this.#checkpoint = slice.checkpoint;
      this.#fire("epoch", slice.epoch_record);
      this.#fireModel();
      if (this.#state === "training") this.#sayTraining();
    }
    if (slice.finished) this.#endRun(slice);
    else if (slice.resting) this.#say(`Did batch ${slice.batch} of ${slice.n_batches} in epoch ${slice.epoch}.`);
    if (slice.resting) this.#read();
    else this.#reader.refresh();
  }

  /**
   * How much of the run is done, 0 to 1.
   *
   * @param {Protocol.Slice} slice
   */
  #share({ epoch, batch, n_batches }) {
    const { epochs } = this.#inUse;
    return 1 - (this.#targetEpochs - epoch + 1 - batch / n_batches) / epochs;
  }

  /** @param {Protocol.Slice} slice */
  #endRun({ diverged, epoch_record }) {
    this.#inRun = false;
    this.#engine.expectsSlices = false;
    this.#setState("ready");
    this.#firePending();
    if (diverged) {
      const back = this.#epochs > 0 ? `as it was after epoch ${this.#epochs}` : "as it was before";
      this.#say("Training has stopped.");
      this.#warn(
        `Training went astray: ${diverged}. The steps are too large. Lower the learning rate ` +
          `(0.01 is a good one) and press Train; the network is ${back}.`,
      );
    } else if (epoch_record) {
      const share = (100 * epoch_record.test_accuracy).toFixed(1);
      this.#say(`Trained. It reads ${share} % of the test images right. Now draw a digit.`);
    }
  }

  /** @param {Protocol.Starter | null} starter  the model in use, unless it is one of random weights */
  #becomeFresh(starter = null) {
    this.#starter = starter;
    this.#inUse = { ...this.#settings };
    this.#inRun = false;
    this.#engine.expectsSlices = false;
    this.#touched = false;
    this.#file = null;
    this.#epochs = 0;
    this.#checkpoint = null;
    this.#setState("ready");
    this.#fire("fresh", null);
    this.#fireModel();
    this.#firePending();
    this.#read();
  }

  // ── When things go wrong ─────────────────────────────────────────────────────────────────

  /**
   * Do something that the visitor asked for; what goes wrong is told, and the page goes on.
   *
   * @template T
   * @param {() => Promise<T>} work
   * @param {string} introduction  to what is told
   * @returns {Promise<T | null>}
   */
  async #ask(work, introduction = "") {
    this.#solve();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof EngineStopped)) {
        const { message } = /** @type {Error} */ (error);
        this.#warn(introduction + message);
      }
      return null;
    }
  }

  /** @param {string} message */
  #takeCrash(message) {
    this.#inRun = false;
    const kept = this.#checkpoint ? `The network as it was ${this.#sinceWhen()} is kept.` : "";
    this.#fail(`${message}. ${kept}`);
  }

  /** @param {string} message */
  #fail(message) {
    this.#setState("failed");
    this.#say("Python is not running.");
    this.#fire("problem", { message: `Python has stopped: ${message} Press Restart to go on.`, restart: true });
  }

  /** @param {string} message */
  #warn(message) {
    this.#fire("problem", { message, restart: false });
  }

  #solve() {
    if (this.#state !== "failed") this.#fire("problem", null);
  }

  // ── Telling ──────────────────────────────────────────────────────────────────────────────

  get state() {
    return this.#state;
  }

  /** @param {State} state */
  #setState(state) {
    this.#state = state;
    this.#fire("state", state);
  }

  #firePending() {
    const names = NAMES.filter((name) => {
      const { acts } = SETTINGS[name];
      const waits = acts === "reset" ? this.#touched : acts === "next run" && this.#inRun;
      return waits && this.#settings[name] !== this.#inUse[name];
    });
    this.#fire("pending", names);
  }

  /** When the network that is kept was like that. */
  #sinceWhen() {
    return this.#epochs > 0 ? `after epoch ${this.#epochs}` : `in ${this.#file}`;
  }

  #fireModel() {
    /** @type {string} */
    let words;
    if (this.#starter) {
      const { epochs, test_accuracy } = this.#starter;
      words = `the starter model (${epochs} epochs; ${(100 * test_accuracy).toFixed(1)} % of the test images right)`;
    } else if (this.#epochs > 0) words = `your network, after ${this.#epochs} ${this.#epochs > 1 ? "epochs" : "epoch"}`;
    else if (this.#inRun) words = "your network, in its first epoch";
    else if (this.#file) words = this.#file;
    else words = "random weights, which know nothing yet";
    this.#fire("model", words);
  }

  #sayTraining() {
    this.#say(`Training: epoch ${this.#epochs + 1} of ${this.#targetEpochs}.`);
  }

  /** @param {string} message */
  #say(message) {
    this.#fire("status", message);
  }

  /**
   * @param {string} type
   * @param {unknown} value
   */
  #fire(type, value) {
    this.dispatchEvent(new CustomEvent(type, { detail: value }));
  }
}

/** @param {Event} event */
function detail(event) {
  return /** @type {CustomEvent} */ (event).detail;
}
