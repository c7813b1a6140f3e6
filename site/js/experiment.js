/**
 * The experiment a visitor runs: one network, one run that trains it, the settings for the next. Knows nothing of the
 * document; views listen.
 *
 * @import * as Protocol from "./protocol.js"
 * @import { Engine } from "./engine.js"
 * @import { Read } from "./reader.js"
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
 * @property {Protocol.EpochRecord & {settings: Values}} epoch  with the settings of its run
 * @property {{settings: Values, source: string | null, departures: string[]}} run  begins to train the network; source: the
 *     text of the changed mlp.py; departures: what its numbers come from besides
 * @property {string} stopped  why a run has failed
 * @property {boolean} waiting  whether training begins as soon as the images for it are here
 * @property {null} fresh  a network without history
 * @property {number} back  the network is as it was when this epoch ended, and what came after is void
 * @property {{fresh: Name[], run: Name[]}} pending  settings that wait for a fresh network, or for the next run
 * @property {{name: Protocol.ReaderName, hasStarter: boolean, words: string, names: string[] | null}} reader  which network reads;
 *     names: what its ten answers are called, null for the digits
 * @property {null} moved  the weights of the network that reads are others now, or another one reads
 * @property {string} address  whether the address tells all that the numbers come from
 * @property {Read} reading
 * @property {Values} settings
 * @property {Protocol.About} about
 * @property {Protocol.InUse["code"]} code  whose mlp.py runs
 * @property {Protocol.Unlike | null} unlike  what the code that runs does otherwise than the notes
 * @property {Protocol.Failure} mistake  in the code that runs, or was to
 * @property {string} print  what the code has printed
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
  /** The model that came with the page. @type {Protocol.Starter | null} */
  #starter = null;
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
  /** What the ten answers of the next run are called; null for the digits. @type {string[] | null} */
  #names = null;
  /** The text of the mlp.py in use; null for the one that came with the page. @type {string | null} */
  #source = null;
  /** Whether another is being tried. */
  #isTrying = false;
  #images;
  /** Counts what the visitor has asked for, to drop what took long and is wanted no more. */
  #wish = 0;
  /** Whether what reads is broken on purpose. */
  #isBroken = false;
  /** Whether training waits for its images. */
  #isWaiting = false;
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
      (read) => this.emit("reading", read),
      (error) => this.#tell(error),
    );
    engine.on("progress", (progress) => this.emit("progress", progress));
    engine.on("slice", (slice) => this.#takeSlice(slice));
    engine.on("crash", (message) => this.#takeCrash(message));
    engine.on("hang", (line) => this.#takeHang(line));
    engine.on("print", (text) => this.emit("print", text));
  }

  get state() {
    return this.#state;
  }

  get settings() {
    return { ...this.#settings };
  }

  /** Whether somebody would miss the network. */
  get hasWork() {
    return this.#network !== null && !this.#network.isUntouched;
  }

  /** The text of the changed mlp.py that runs; null for the one that came with the page. */
  get source() {
    return this.#source;
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
    const about = await this.#engine.request("boot", { hidden_size, seed, kept, source: this.#source });
    this.#images.count = 0;
    this.#starter = about.starter;
    this.emit("about", about);
    this.emit("code", about.in_use.code);
    if (network && kept) {
      network.takeUp(about.in_use);
      this.#setState("ready");
      this.#tellOfNetwork();
      this.emit("status", words.readyAgain(network));
    } else {
      this.#becomeFresh(new Network(about.in_use));
      if (about.starter) this.readBy("starter");
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

  /** Rest; or, while training waits for its images, train no more. */
  pause() {
    if (this.#isWaiting) {
      this.#wish += 1;
      this.#stopWaiting();
      this.emit("status", words.NOT_WAITING);
    }
    return this.#ask(() =>
      this.#turns.take(async () => {
        const run = this.#run;
        if (!run || this.#state !== "training") return; // it has ended meanwhile
        await this.#engine.request("pause", { runId: run.id });
        if (run !== this.#run) return;
        this.#engine.expectsSlices = false;
        this.#setState("paused");
        this.emit("status", words.paused(this.#epochs + 1));
        this.emit("moved", null);
        this.#read(); // the last reading is a few batches old
      }),
    );
  }

  /** A fresh network, made with the settings as they are now. */
  reset() {
    this.#wish += 1;
    this.#stopWaiting();
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
      this.#stopWaiting();
      this.#settings.hidden_size = inUse.hidden_size;
      this.#becomeFresh(new Network(inUse, { name, bytes }));
      this.emit("settings", this.#settings);
      this.emit("status", words.loaded(name, inUse.hidden_size, notes));
    };
    return this.#ask(() => this.#turns.take(work), `${name} was not loaded, and the network in use is as it was. The file: `);
  }

  /**
   * Make networks by another mlp.py from now on, and begin with one; where that does not work, all stays as it is.
   *
   * @param {string} text
   * @returns {Promise<boolean>} whether it works; of a mistake all is told
   */
  async useCode(text) {
    this.#wish += 1;
    this.#stopWaiting();
    const done = await this.#ask(() =>
      this.#turns.take(async () => {
        this.#tryOut(true);
        try {
          const { unlike, ...inUse } = await this.#engine.request("use-code", { text });
          this.#source = inUse.code === "mine" ? text : null;
          this.#becomeFresh(new Network(inUse));
          this.emit("code", inUse.code);
          this.emit("unlike", unlike);
          this.emit("status", words.codeRuns(inUse.code));
          return true;
        } finally {
          this.#tryOut(false);
        }
      }),
    );
    return done === true;
  }

  /**
   * @param {string} name  of an exercise
   * @param {string} text  of an answer
   * @returns {Promise<Protocol.Verdict | null>} null where it has no end, and could not be stopped
   */
  async checkAnswer(name, text) {
    this.#tryOut(true);
    try {
      return await this.look("check-answer", { name, text });
    } finally {
      this.#tryOut(false);
    }
  }

  /** @param {boolean} isTrying  whether code runs that nobody has seen run */
  #tryOut(isTrying) {
    this.#isTrying = isTrying;
    this.#engine.runsOthersCode = isTrying || this.#source !== null;
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

  /**
   * @param {Protocol.Corrections | null} corrections  drawings to train on, from the next run on
   * @param {string[] | null} names  what the ten answers are called then; null for the digits
   */
  mixIn(corrections, names = null) {
    this.#corrections = corrections;
    this.#names = names;
  }

  /**
   * Read this drawing now, and again whenever the network has changed.
   *
   * @param {Protocol.Drawing} drawing
   */
  draw(drawing) {
    this.#reader.take(drawing);
    this.#read();
  }

  /** @param {number} index  of the digit to look at, where there are several */
  takeInHand(index) {
    this.#reader.choose(index);
  }

  #read() {
    if (this.#state !== "loading" && this.#state !== "failed") void this.#reader.read();
  }

  /** @param {Protocol.ReaderName} name  who reads from now on */
  readBy(name) {
    this.#reader.name = name;
    this.#tellReader();
    this.emit("moved", null);
    this.#read();
  }

  /** @param {{silenced: number[], zeroBiases: boolean, noise: number}} alteration  how to break whatever reads */
  async alter(alteration) {
    await this.look("alter", alteration);
    this.#isBroken = alteration.silenced.length > 0 || alteration.zeroBiases || alteration.noise > 0;
    if (this.#network) this.#tellReader();
    this.emit("moved", null);
    this.#read();
  }

  /** Who reads. */
  get reader() {
    return this.#reader.name;
  }

  // ── What the visitor looks at ────────────────────────────────────────────────────────────

  /**
   * Have something looked at; what goes wrong is told, and then there is nothing to see.
   *
   * @template {Protocol.RequestType} T
   * @param {T} type
   * @param {Protocol.Requests[T]["ask"]} ask
   * @returns {Promise<Protocol.Requests[T]["reply"] | null>}
   */
  look(type, ask) {
    return this.#tryToLook(() => this.#engine.request(type, ask));
  }

  /**
   * Find the digits on a picture; where there are none that could be read, that is data, too.
   *
   * @param {Protocol.Requests["find-digits"]["ask"]} picture
   * @returns {Promise<Protocol.Found | Protocol.Failure | null>}
   */
  find(picture) {
    return this.#tryToLook(async () => {
      try {
        return await this.#engine.request("find-digits", picture);
      } catch (error) {
        if (error instanceof Failed && error.failure.kind === "refused") return error.failure;
        throw error;
      }
    });
  }

  /**
   * The same of something that needs the images of a run, and what it would begin with.
   *
   * @template {"trace" | "gradient-check" | "sanity" | "results"} T
   * @param {T} type
   * @param {Omit<Protocol.Requests[T]["ask"], keyof Protocol.Beginning>} ask
   * @returns {Promise<Protocol.Requests[T]["reply"] | null>}
   */
  lookWithImages(type, ask) {
    return this.#tryToLook(async () => {
      await this.#images.fetch(this.#settings.training_images);
      return this.#engine.request(type, /** @type {any} */ ({ ...ask, settings: this.settings, corrections: this.#corrections }));
    });
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T | null>}
   */
  async #tryToLook(work) {
    return this.#state === "loading" || this.#state === "failed" ? null : this.#try(work);
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
      await this.#waitForImages();
      await this.#turns.take(async () => {
        if (wish === this.#wish) await this.#begin(maxBatches);
      });
    });
  }

  async #waitForImages() {
    const { training_images } = this.#settings;
    this.#isWaiting = true;
    this.emit("waiting", true);
    this.emit("status", words.waiting(training_images));
    try {
      await this.#images.fetch(training_images);
    } finally {
      this.#stopWaiting();
    }
  }

  #stopWaiting() {
    this.#isWaiting = false;
    this.emit("waiting", false);
  }

  /** @param {number | null} maxBatches */
  async #begin(maxBatches) {
    const id = ++this.#lastRunId;
    const settings = { ...this.#settings };
    const signs = { names: this.#names, isAlone: this.#corrections?.alone === true };
    const { corrections, ...inUse } = await this.#engine.request("begin", {
      runId: id,
      settings,
      corrections: this.#corrections,
      maxBatches,
    });
    this.#network?.beginRun(inUse, settings, corrections, signs);
    const run = beginStep({ id, settings, target: inUse.epochs + settings.epochs, rested: Promise.resolve(), rest: () => {} });
    this.#run = run;
    this.emit("run", { settings, source: this.#source, departures: [...(this.#network?.departures ?? [])] });
    this.readBy("mine"); // that is what one wants to see now
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
      this.emit("epoch", { ...epoch_record, settings: run.settings });
      this.#tellOfNetwork();
      if (this.#state === "training" && !slice.finished) this.emit("status", words.training(epoch + 1, run.target));
    }
    if (slice.finished) this.#endRun(slice);
    else if (slice.resting) this.emit("status", words.stepped(slice));
    this.emit("moved", null);
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
      this.emit("stopped", failure.message);
      if (failure.kind === "code") this.emit("mistake", failure);
    } else if (epoch_record) {
      this.emit("status", words.trained(epoch_record.test_accuracy));
    }
    this.#tellOfNetwork();
  }

  /** The network is as it was when its last epoch ended. */
  #goBack() {
    this.#network?.goBack();
    this.emit("back", this.#epochs);
    this.emit("moved", null);
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
    this.readBy("mine");
    this.#tellOfNetwork();
  }

  /** A network that nobody has trained is nobody's loss: it follows the settings. */
  #followSettings() {
    return this.#turns
      .take(async () => {
        const { hidden_size, seed } = this.#settings;
        const inUse = this.#network?.inUse;
        if (this.#state !== "ready" || !this.#network?.isUntouched) return;
        if (inUse?.hidden_size === hidden_size && inUse.seed === seed) return;
        const { name } = this.#reader;
        this.#becomeFresh(new Network(await this.#engine.request("reset", { hidden_size, seed })));
        this.readBy(name);
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
  #ask(work, introduction = "") {
    this.#solve();
    return this.#try(work, introduction);
  }

  /**
   * The same, but what was told before stays.
   *
   * @template T
   * @param {() => Promise<T>} work
   * @param {string} introduction
   * @returns {Promise<T | null>}
   */
  async #try(work, introduction = "") {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Failed) this.#tell(error, introduction);
      else if (!(error instanceof EngineStopped)) throw error;
      return null;
    }
  }

  /**
   * @param {Error} error
   * @param {string} introduction
   */
  #tell(error, introduction = "") {
    const failure = error instanceof Failed ? error.failure : null;
    if (failure?.kind === "code") this.emit("mistake", failure);
    else this.#warn(introduction + error.message);
  }

  /**
   * The visitor's code cannot be stopped; a new worker goes on with the code before, and with the network as it was when
   * its last epoch ended.
   *
   * @param {number | null} line
   */
  #takeHang(line) {
    const run = this.#run;
    this.#run = null;
    if (run) this.#goBack();
    run?.rest();
    if (!this.#isTrying) this.#source = null;
    this.#engine.runsOthersCode = this.#source !== null;
    this.emit("mistake", { kind: "code", message: words.HUNG, ...(line ? { line } : {}) });
    void this.boot();
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
    this.#tellReader();
    this.emit("address", words.address(network.departures));
    this.#tellPending();
  }

  #tellReader() {
    const { name } = this.#reader;
    const network = /** @type {Network} */ (this.#network);
    const told = words.reader(name, network, this.#run !== null, this.#starter);
    this.emit("reader", { name, hasStarter: this.#starter !== null, words: this.#isBroken ? words.broken(told) : told, names: name === "starter" ? null : network.names });
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
