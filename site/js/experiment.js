/**
 * The experiment a visitor runs: one network, one run that trains it, the settings for the next. Knows nothing of the
 * document; views listen.
 *
 * @import * as Protocol from "./protocol.js"
 * @import { Engine } from "./engine.js"
 * @import { Name, Values } from "./settings.js"
 * @import { Network } from "./words.js"
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
import { Failed } from "./protocol.js";
import { Reader } from "./reader.js";
import { NAMES, SETTINGS } from "./settings.js";
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
  /** What is kept of it when Python dies: the weights when its last epoch ended. @type {Uint8Array | null} */
  #checkpoint = null;
  /** @type {Run | null} */
  #run = null;
  #lastRunId = 0;
  /** The settings of the last run. @type {Values} */
  #trainedWith;
  /** What the numbers shown come from, besides the address. @type {Set<string>} */
  #departures = new Set();
  /** Drawings to mix into the next run. @type {Protocol.Corrections | null} */
  #corrections = null;
  #imagesHere = 0;
  /** Counts what the visitor has asked for, to drop what took long and is wanted no more. */
  #wish = 0;
  /** What changes network or run happens one after the other, each knowing what became of those before. @type {Promise<unknown>} */
  #turn = Promise.resolve();

  /**
   * @param {Values} settings
   * @param {Engine} engine
   */
  constructor(settings, engine) {
    super();
    this.#settings = { ...settings };
    this.#trainedWith = this.#settings;
    this.#engine = engine;
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
    return this.#inTurn(async () => {
      this.#setState("loading");
      this.#solve();
      this.emit("status", words.STARTING);
      try {
        await this.#engine.start();
        await this.#takeUp();
      } catch (error) {
        if (error instanceof Failed) this.#fail(words.notStarted(error.message), isFile(error));
        return; // of a crash all is told
      }
      this.#read();
      void this.#fetchFirstImages();
    });
  }

  /** Go on where it was, or begin. */
  async #takeUp() {
    const { hidden_size, seed } = this.#settings;
    const before = this.#checkpoint && this.#network;
    const kept = before && {
      bytes: /** @type {Uint8Array} */ (this.#checkpoint),
      origin: before.origin === "file" ? before.origin : /** @type {const} */ ("random"),
      seed: before.seed,
      epochs: before.epochs,
    };
    const about = await this.#engine.request("boot", { hidden_size, seed, kept });
    this.#imagesHere = 0;
    this.emit("about", about);
    if (before) {
      this.#network = { ...before, ...about.in_use };
      this.#depart(`a restart of Python ${words.since(before)}`);
      this.#setState("ready");
      this.#tellOfNetwork();
      this.emit("status", words.readyAgain(this.#network));
    } else {
      this.#becomeFresh(about.in_use, { starter: about.starter });
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
      this.#inTurn(async () => {
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
      this.#inTurn(async () => {
        const { hidden_size, seed } = this.#settings;
        this.#becomeFresh(await this.#engine.request("reset", { hidden_size, seed }));
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
      this.#becomeFresh(inUse, { name });
      this.#checkpoint = bytes;
      this.#depart(`the network in ${name}`);
      this.emit("settings", this.#settings);
      this.emit("status", words.loaded({ ...inUse, name, starter: null }, notes));
    };
    return this.#ask(() => this.#inTurn(work), `${name} was not loaded, and the network in use is as it was. The file: `);
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
      this.#depart("a learning rate that was changed on the way");
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
      const goesOn = await this.#inTurn(async () => {
        if (this.#run) return this.#resume(this.#run, maxBatches);
        if (this.#imagesHere < this.#settings.training_images) return false;
        return this.#begin(maxBatches);
      });
      if (goesOn) return;
      // Not in turn: it may take long, and meanwhile the visitor may want something else.
      await this.#fetchImages(this.#settings.training_images);
      await this.#inTurn(async () => {
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
    const network = /** @type {Network} */ (this.#network);
    this.#network = { ...network, ...inUse };
    if (corrections) this.#depart(`${corrections} images of your corrections`);
    if (network.touched && NAMES.some((name) => settings[name] !== this.#trainedWith[name])) {
      this.#depart("training with other settings before");
    }
    this.#trainedWith = settings;
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
      this.#network = { .../** @type {Network} */ (this.#network), epochs: epoch_record.epoch };
      this.#checkpoint = checkpoint;
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
      this.emit("status", "Training has stopped.");
      this.#warn(words.trainingFailed(failure, /** @type {Network} */ (this.#network)));
    } else if (epoch_record) {
      this.emit("status", words.trained(epoch_record.test_accuracy));
    }
    this.#tellOfNetwork();
  }

  /** The network is as it was when its last epoch ended. */
  #goBack() {
    const network = /** @type {Network} */ (this.#network);
    if (network.epochs) this.#depart(`a run that ended ${words.since(network)}`);
    else network.touched = false;
    this.emit("back", network.epochs);
  }

  get #epochs() {
    return this.#network?.epochs ?? 0;
  }

  // ── The network ──────────────────────────────────────────────────────────────────────────

  /**
   * @param {Protocol.InUse} inUse
   * @param {{name?: string, starter?: Protocol.Starter | null}} origin
   */
  #becomeFresh(inUse, { name, starter } = {}) {
    this.#network = { ...inUse, name: name ?? null, starter: starter ?? null };
    this.#checkpoint = null;
    this.#run = null;
    this.#departures.clear();
    this.#engine.expectsSlices = false;
    this.#setState("ready");
    this.emit("fresh", null);
    this.#tellOfNetwork();
    this.#read();
  }

  /** A network that nobody has trained is nobody's loss: it follows the settings. */
  #followSettings() {
    return this.#inTurn(async () => {
      const { hidden_size, seed } = this.#settings;
      const network = this.#network;
      if (this.#state !== "ready" || network?.origin !== "random" || network.touched) return;
      if (network.hidden_size === hidden_size && network.seed === seed) return;
      this.#becomeFresh(await this.#engine.request("reset", { hidden_size, seed }));
    }).catch(() => null); // the worker has died, which is told
  }

  // ── The images ───────────────────────────────────────────────────────────────────────────

  /** Have the first images when the visitor comes to want them. */
  async #fetchFirstImages() {
    const wish = this.#wish;
    try {
      await this.#fetchImages(0);
    } catch (error) {
      // Not over what has been told since.
      if (error instanceof Failed && wish === this.#wish) this.#warn(error.message);
    }
  }

  /** @param {number} count */
  async #fetchImages(count) {
    try {
      this.#imagesHere = await this.#engine.request("fetch-images", { count });
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      throw new Failed({ ...error.failure, message: words.noImages(error.message) });
    } finally {
      this.emit("progress", null);
    }
  }

  // ── When things go wrong ─────────────────────────────────────────────────────────────────

  /**
   * Do something once all that was asked before is done.
   *
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  #inTurn(work) {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => null);
    return done;
  }

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
    else this.#fail(words.crashed(message, this.#checkpoint && this.#network));
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

  /** @param {string} what  more than the address tells, that the numbers come from */
  #depart(what) {
    this.#departures.add(what);
    this.emit("address", words.address(this.#departures));
  }

  #tellOfNetwork() {
    const network = /** @type {Network} */ (this.#network);
    this.emit("model", words.model(network, this.#run !== null));
    this.emit("address", words.address(this.#departures));
    this.#tellPending();
  }

  #tellPending() {
    const network = this.#network;
    const run = this.#run;
    const waits = (/** @type {Name} */ name, /** @type {string} */ acts, /** @type {any} */ used) =>
      SETTINGS[name].acts === acts && used && used[name] !== this.#settings[name];
    this.emit("pending", {
      fresh: NAMES.filter((name) => waits(name, "reset", network?.touched && network)),
      run: NAMES.filter((name) => waits(name, "next run", run?.settings)),
    });
  }
}

/** @param {Run} run */
function beginStep(run) {
  run.rested = new Promise((resolve) => (run.rest = resolve));
  return run;
}

/** @param {Failed} failed */
function isFile({ failure: { kind } }) {
  return kind === "missing" || kind === "damaged";
}
