/**
 * The experiment a visitor runs: one network, one run that trains it, the settings for the next. Knows nothing of the
 * document; views listen.
 *
 * @import * as Protocol from "./protocol.js"
 * @import { Engine } from "./engine.js"
 * @import { Name, Values } from "./settings.js"
 *
 * @typedef {"loading" | "ready" | "training" | "paused" | "failed"} State
 * @typedef {{message: string, restart: boolean, isFile?: boolean}} Problem
 *     restart: only a new worker helps; isFile: a file did not come, or came damaged
 *
 * @typedef {object} Run  what trains the network now, be it paused
 * @property {number} id
 * @property {Values} settings
 * @property {number} target  the epoch it ends with
 * @property {Promise<void>} rested  when the step under way has come to its end, or never will
 * @property {() => void} rest  brings that about
 *
 * @typedef {object} Events
 * @property {State} state
 * @property {string} status  what to tell
 * @property {Problem | null} problem
 * @property {Protocol.Progress | null} progress  null when done
 * @property {Protocol.Slice & {share: number}} slice  share: how much of the run is done, 0 to 1
 * @property {Protocol.EpochRecord} epoch
 * @property {null} fresh  a network without history
 * @property {number} back  the network is as it was when this epoch ended, and what came after is void
 * @property {{fresh: Name[], run: Name[]}} pending  settings that wait for a fresh network, or for the next run
 * @property {string} model  which network reads
 * @property {string} address  whether the address tells all that the numbers come from
 * @property {{reading: Protocol.Reading | null, isNew: boolean}} reading  isNew: of a drawing not read before
 * @property {Values} settings
 * @property {Protocol.About} about
 */
import { Emitter } from "./emitter.js";
import { EngineStopped } from "./engine.js";
import { Images } from "./images.js";
import { Network } from "./network.js";
import { Failed } from "./protocol.js";
import { Reader } from "./reader.js";
import { pendingChanges, SETTINGS } from "./settings.js";
import { Turns } from "./turns.js";
import * as words from "./words.js";

/** @extends {Emitter<Events>} */
export class Experiment extends Emitter {
  /** @type {Engine} */
  #engine;
  #reader;
  /** What the next run will be made with. @type {Values} */
  #settings;
  /** @type {State} */
  #state = "loading";
  /** The network in use, as the worker last said; null until it has. @type {Network | null} */
  #network = null;
  /** @type {Run | null} */
  #run = null;
  #lastRunId = 0;
  /** Drawings to mix into the next run. @type {Protocol.Corrections | null} */
  #corrections = null;
  #images;
  /** Counts what the visitor has asked for, to drop what took long and is wanted no more. */
  #wish = 0;
  /** What changes network or run. */
  #turns = new Turns();

  /**
   * @param {Values} settings
   * @param {Engine} engine
   */
  constructor(settings, engine) {
    super();
    this.#settings = { ...settings };
    this.#engine = engine;
    this.#images = new Images(engine, () => this.emit("progress", null));
    this.#reader = new Reader(
      engine,
      (reading, isNew) => this.emit("reading", { reading, isNew }),
      (error) => this.#warn(error.message),
    );
    engine.on("progress", (progress) => this.emit("progress", progress));
    engine.on("slice", (slice) => this.#takeSlice(slice));
    engine.on("crash", (message) => this.#takeCrash(message));
  }

  get state() {
    return this.#state;
  }

  get settings() {
    return { ...this.#settings };
  }

  // ── What the visitor does ────────────────────────────────────────────────────────────────

  /** Start Python; after a crash, with the network as it was when its last epoch ended. */
  boot() {
    return this.#turns.take(async () => {
      this.#setState("loading");
      this.#solve();
      this.emit("status", words.STARTING);
      try {
        await this.#engine.start();
        await this.#takeUp();
      } catch (error) {
        if (error instanceof EngineStopped) return; // all is told
        this.#fail(words.notStarted(/** @type {Error} */ (error).message), isFile(error));
        return;
      }
      this.#read();
      void this.#fetchFirstImages();
    });
  }

  /** Have the first images when the visitor comes to want them. */
  async #fetchFirstImages() {
    const wish = this.#wish;
    try {
      await this.#images.fetch(0);
    } catch (error) {
      // Not over what has been told since.
      if (error instanceof Failed && wish === this.#wish) this.#warn(error.message);
    }
  }

  /** Go on where it was, or begin. */
  async #takeUp() {
    const { hidden_size, seed } = this.#settings;
    const network = this.#network;
    const kept = network?.kept ?? null;
    const about = await this.#engine.request("boot", { hidden_size, seed, kept });
    this.#images.count = 0;
    this.emit("about", about);
    if (network && kept) {
      network.takeUp(about.in_use);
      this.#setState("ready");
      this.#tellOfNetwork();
      this.emit("status", words.readyAgain(network));
    } else {
      this.#becomeFresh(new Network(about.in_use, { starter: about.starter }));
      this.emit("status", words.ready(about.starter));
    }
    void this.#followSettings(); // the settings may have been changed meanwhile
  }

  train() {
    return this.#go(null);
  }

  /** One batch. */
  step() {
    return this.#go(1);
  }

  pause() {
    return this.#ask(() =>
      this.#turns.take(async () => {
        const run = this.#run;
        if (!run || this.#state !== "training") return; // it has ended meanwhile
        await this.#engine.request("pause", { runId: run.id });
        if (run !== this.#run) return;
        this.#engine.expectsSlices = false;
        this.#setState("paused");
        this.emit("status", words.paused(this.#epochs + 1));
        this.#read(); // the last reading is a few batches old
      }),
    );
  }

  /** A fresh network, made with the settings as they are now. */
  reset() {
    this.#wish += 1;
    return this.#ask(() =>
      this.#turns.take(async () => {
        const { hidden_size, seed } = this.#settings;
        this.#becomeFresh(new Network(await this.#engine.request("reset", { hidden_size, seed })));
        this.emit("status", words.FRESH);
      }),
    );
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
    const work = async () => {
      const { notes, ...inUse } = await this.#engine.request("load", { bytes, seed: this.#settings.seed });
      this.#wish += 1; // a Train that still waits was meant for the network before
      this.#settings.hidden_size = inUse.hidden_size;
      this.#becomeFresh(new Network(inUse, { file: { name, bytes } }));
      this.emit("settings", this.#settings);
      this.emit("status", words.loaded(name, inUse.hidden_size, notes));
    };
    return this.#ask(() => this.#turns.take(work), `${name} was not loaded, and the network in use is as it was. The file: `);
  }

  /**
   * @param {Name} name
   * @param {number} value
   */
  set(name, value) {
    if (this.#settings[name] === value) return;
    this.#settings[name] = value;
    this.emit("settings", this.#settings);
    this.#tellPending();
    if (SETTINGS[name].acts === "at once" && this.#run) {
      this.#network?.departures.add("a learning rate that was changed on the way");
      this.#tellOfNetwork();
      void this.#ask(() => this.#engine.request("learning-rate", { runId: this.#run?.id ?? 0, value }));
    } else if (SETTINGS[name].acts === "reset") {
      void this.#followSettings();
    }
  }

  /** @param {Protocol.Corrections | null} corrections  drawings to train on, from the next run on */
  mixIn(corrections) {
    this.#corrections = corrections;
  }

  /**
   * Read this drawing now, and again whenever the network has changed.
   *
   * @param {Protocol.Drawing} drawing
   */
  draw(drawing) {
    this.#reader.take(drawing);
    if (drawing.lengths.length === 0) this.emit("reading", { reading: null, isNew: true }); // needs no Python, which may not run
    this.#read();
  }

  #read() {
    if (this.#state !== "loading" && this.#state !== "failed") void this.#reader.read();
  }

  // ── Training ─────────────────────────────────────────────────────────────────────────────

  /**
   * Go on with the run, or begin one.
   *
   * @param {number | null} maxBatches  rest after so many
   */
  #go(maxBatches) {
    const wish = ++this.#wish;
    return this.#ask(async () => {
      const goesOn = await this.#turns.take(async () => {
        if (this.#run) return this.#resume(this.#run, maxBatches);
        if (this.#images.count < this.#settings.training_images) return false;
        return this.#begin(maxBatches);
      });
      if (goesOn) return;
      // Not in turn: it may take long, and meanwhile the visitor may want something else.
      await this.#images.fetch(this.#settings.training_images);
      await this.#turns.take(async () => {
        if (wish === this.#wish) await this.#begin(maxBatches);
      });
    });
  }

  /** @param {number | null} maxBatches */
  async #begin(maxBatches) {
    const id = ++this.#lastRunId;
    const settings = { ...this.#settings };
    const { corrections, ...inUse } = await this.#engine.request("begin", {
      runId: id,
      settings,
      corrections: this.#corrections,
      maxBatches,
    });
    this.#network?.beginRun(inUse, settings, corrections);
    const run = beginStep({ id, settings, target: inUse.epochs + settings.epochs, rested: Promise.resolve(), rest: () => {} });
    this.#run = run;
    const { learning_rate } = this.#settings; // which may have been changed meanwhile
    if (learning_rate !== settings.learning_rate) await this.#engine.request("learning-rate", { runId: id, value: learning_rate });
    this.#tellOfNetwork();
    await this.#watch(run, maxBatches);
    return true;
  }

  /**
   * @param {Run} run
   * @param {number | null} maxBatches
   */
  async #resume(run, maxBatches) {
    beginStep(run);
    if (await this.#engine.request("resume", { runId: run.id, maxBatches })) {
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
    this.#engine.expectsSlices = true;
    if (maxBatches === null) {
      this.#setState("training");
      this.emit("status", words.training(this.#epochs + 1, run.target));
    } else {
      this.#setState("paused");
      await run.rested;
    }
  }

  /** @param {Protocol.Slice} slice */
  #takeSlice(slice) {
    const run = this.#run;
    if (!run || slice.runId !== run.id) return; // of a run that is no more
    const { epoch, batch, n_batches, epoch_record, checkpoint } = slice;
    this.emit("slice", { ...slice, share: 1 - (run.target - epoch + 1 - batch / n_batches) / run.settings.epochs });
    if (epoch_record) {
      this.#network?.endEpoch(epoch_record.epoch, checkpoint);
      this.emit("epoch", epoch_record);
      this.#tellOfNetwork();
      if (this.#state === "training" && !slice.finished) this.emit("status", words.training(epoch + 1, run.target));
    }
    if (slice.finished) this.#endRun(slice);
    else if (slice.resting) this.emit("status", words.stepped(slice));
    if (slice.resting) {
      this.#engine.expectsSlices = false;
      this.#read();
      run.rest();
    } else {
      this.#reader.refresh();
    }
  }

  /** @param {Protocol.Slice} slice */
  #endRun({ failure, epoch_record }) {
    this.#run = null;
    this.#setState("ready");
    if (failure) {
      this.#goBack();
      this.emit("status", words.FAILED);
      this.#warn(words.trainingFailed(failure, this.#epochs));
    } else if (epoch_record) {
      this.emit("status", words.trained(epoch_record.test_accuracy));
    }
    this.#tellOfNetwork();
  }

  /** The network is as it was when its last epoch ended. */
  #goBack() {
    this.#network?.goBack();
    this.emit("back", this.#epochs);
  }

  get #epochs() {
    return this.#network?.epochs ?? 0;
  }

  // ── The network ──────────────────────────────────────────────────────────────────────────

  /** @param {Network} network */
  #becomeFresh(network) {
    this.#network = network;
    this.#run = null;
    this.#engine.expectsSlices = false;
    this.#setState("ready");
    this.emit("fresh", null);
    this.#tellOfNetwork();
    this.#read();
  }

  /** A network that nobody has trained is nobody's loss: it follows the settings. */
  #followSettings() {
    return this.#turns
      .take(async () => {
        const { hidden_size, seed } = this.#settings;
        const inUse = this.#network?.inUse;
        if (this.#state !== "ready" || !this.#network?.isUntouched) return;
        if (inUse?.hidden_size === hidden_size && inUse.seed === seed) return;
        this.#becomeFresh(new Network(await this.#engine.request("reset", { hidden_size, seed })));
      })
      .catch((error) => {
        if (error instanceof Failed) this.#warn(error.message); // of a worker's death all is told
      });
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
      if (error instanceof Failed) this.#warn(introduction + error.message);
      else if (!(error instanceof EngineStopped)) throw error;
      return null;
    }
  }

  /** @param {string} message */
  #takeCrash(message) {
    const run = this.#run;
    this.#run = null;
    if (run) this.#goBack();
    if (this.#state === "loading") this.#fail(words.notStarted(message), true);
    else this.#fail(words.crashed(message, this.#network));
    run?.rest();
  }

  /**
   * @param {string} message
   * @param {boolean} isFile
   */
  #fail(message, isFile = false) {
    this.#setState("failed");
    this.emit("status", words.STOPPED);
    this.emit("problem", { message, restart: true, isFile });
  }

  /** @param {string} message */
  #warn(message) {
    if (this.#state !== "failed") this.emit("problem", { message, restart: false });
  }

  #solve() {
    if (this.#state !== "failed") this.emit("problem", null);
  }

  // ── Telling ──────────────────────────────────────────────────────────────────────────────

  /** @param {State} state */
  #setState(state) {
    this.#state = state;
    if (state !== "loading") this.emit("progress", null);
    this.emit("state", state);
  }

  #tellOfNetwork() {
    const network = /** @type {Network} */ (this.#network);
    this.emit("model", words.model(network, this.#run !== null));
    this.emit("address", words.address(network.departures));
    this.#tellPending();
  }

  #tellPending() {
    const inUse = this.#network?.inUse;
    this.emit("pending", pendingChanges(this.#settings, inUse?.touched ? inUse : null, this.#run?.settings ?? null));
  }
}

/** @param {Run} run */
function beginStep(run) {
  run.rested = new Promise((resolve) => (run.rest = resolve));
  return run;
}

/** @param {unknown} error */
function isFile(error) {
  return error instanceof Failed && (error.failure.kind === "missing" || error.failure.kind === "damaged");
}
