/**
 * The experiment a visitor runs: one network, one run that trains it, the settings for the next. Knows nothing of the
 * document; views listen.
 *
 * @import * as Protocol from "./protocol.js"
 * @import { Problem } from "./asking.js"
 * @import { Engine } from "./engine.js"
 * @import { LossCurve } from "./loss-curve.js"
 * @import { Read } from "./reader.js"
 * @import { Epoch, Work } from "./network.js"
 * @import { Name, Values } from "./settings.js"
 * @import { Host } from "./training.js"
 *
 * @typedef {"loading" | "ready" | "training" | "paused" | "failed"} State
 * @typedef {object} Kept  what an earlier visit has left
 * @property {Work | null} work
 * @property {string | null} source  of the mlp.py in use
 * @property {Protocol.ReaderName | null} reader
 * @property {boolean} isTraining  whether an epoch was under way
 * @typedef {object} Events
 * @property {State} state
 * @property {string} status  what to tell
 * @property {Problem | null} problem
 * @property {Protocol.Progress | null} progress  null when done
 * @property {Protocol.Slice & {share: number}} slice  share: how much of the run is done, 0 to 1
 * @property {Protocol.EpochRecord & {settings: Values}} epoch  with the settings of its run
 * @property {{id: string, settings: Values, source: string | null, departures: string[]}} run  begins to train the network of this
 *     id; source: the text of the changed mlp.py; departures: what its numbers come from besides
 * @property {string} stopped  why a run has failed
 * @property {boolean} waiting  whether training begins as soon as the images for it are here
 * @property {null} fresh  another network
 * @property {{id: string, history: Epoch[], curve: LossCurve}} again  what that one did before, which is nothing in most cases
 * @property {Work} replaced  a network that has made room for another, and could be brought back
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
import { Asking } from "./asking.js";
import { Emitter } from "./emitter.js";
import { EngineStopped } from "./engine.js";
import { Images } from "./images.js";
import { Network } from "./network.js";
import { Failed } from "./protocol.js";
import { Reader } from "./reader.js";
import { pendingChanges, SETTINGS } from "./settings.js";
import { Training } from "./training.js";
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
  /** The text of the mlp.py in use; null for the one that came with the page. @type {string | null} */
  #source = null;
  /** Whether another is being tried. */
  #isTrying = false;
  #images;
  #asking;
  #training;
  /** Whether what reads is broken on purpose. */
  #isBroken = false;
  /** What was kept on an earlier visit, until it is here again. @type {Promise<Kept> | null} */
  #kept = null;
  /** Whether what was kept on an earlier visit is about to be here again. */
  #isFirst = false;
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
    this.#asking = new Asking(
      (problem) => this.emit("problem", problem),
      (failure) => this.emit("mistake", failure),
      () => this.#state === "failed",
    );
    this.#reader = new Reader(
      engine,
      (read) => this.emit("reading", read),
      (error) => this.#asking.tell(error),
    );
    this.#training = new Training(this.#host(), engine, this.#images, this.#asking, this.#turns);
    engine.on("progress", (progress) => this.emit("progress", progress));
    engine.on("crash", (message) => this.#takeCrash(message));
    engine.on("hang", (line) => this.#takeHang(line));
    engine.on("print", (text) => this.emit("print", text));
  }

  /** What training has to do with. @returns {Host} */
  #host() {
    return {
      emit: (type, detail) => this.emit(type, detail),
      settings: () => this.#settings,
      network: () => this.#network,
      source: () => this.#source,
      state: () => this.#state,
      setState: (state) => this.#setState(state),
      begun: () => this.readBy("mine"), // that is what one wants to see now
      tellOfNetwork: () => this.#tellOfNetwork(),
      read: () => this.#read(),
      refresh: () => this.#reader.refresh(),
    };
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

  /**
   * Start Python, with the network as it was when its last epoch ended: before a crash, or on an earlier visit.
   *
   * @param {Promise<Kept>} [kept]  from an earlier visit
   */
  boot(kept) {
    this.#kept ??= kept ?? null; // for the next try, where this one fails
    return this.#turns.take(async () => {
      this.#setState("loading");
      this.#asking.solve();
      this.emit("status", words.STARTING);
      try {
        await this.#engine.start();
        if (this.#kept) this.#remember(await this.#kept);
        this.#kept = null;
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
    const { wish } = this.#training;
    try {
      await this.#images.fetch(0);
    } catch (error) {
      // Not over what has been told since.
      if (error instanceof Failed && wish === this.#training.wish) this.#asking.warn(error.message);
    }
  }

  /** @param {Kept} kept  from an earlier visit */
  #remember({ work, source, reader }) {
    this.#network = work && Network.of(work);
    this.#source = source;
    this.#engine.runsOthersCode = source !== null;
    this.#reader.name = reader ?? "starter";
    this.#isFirst = true;
  }

  /** Have all images, for the time without a network. */
  fetchAllImages() {
    return this.#asking.do(() => this.#images.fetch(SETTINGS.training_images.max));
  }

  /** Go on where it was, or begin. */
  async #takeUp() {
    const { hidden_size, seed } = this.#settings;
    const network = this.#network;
    const kept = network?.kept ?? null;
    const about = await this.#engine.request("boot", { hidden_size, seed, kept, source: this.#source });
    this.#images.count = 0;
    this.#starter = about.starter;
    if (about.in_use.code === "shipped") this.#source = null;
    this.emit("about", about);
    this.emit("code", about.in_use.code);
    if (network && kept && !about.failure) {
      network.takeUp(about.in_use, about.exactly);
      network.source = this.#source;
      this.#setState("ready");
      if (this.#isFirst) {
        this.#tellAgain(network);
        this.readBy(this.#reader.name);
      }
      this.#tellOfNetwork();
      this.emit("status", words.readyAgain(network));
    } else {
      const { name } = this.#reader;
      this.#becomeFresh(new Network(about.in_use, this.#source));
      if (about.starter) this.readBy(this.#isFirst ? name : "starter");
      this.emit("status", words.ready(about.starter));
      if (about.failure) this.#asking.warn(words.notTakenUp(about.failure.message));
    }
    this.#isFirst = false;
    void this.#followSettings(); // the settings may have been changed meanwhile
  }

  /** @param {Network} network  all that it did before */
  #tellAgain({ id, history, curve }) {
    this.emit("fresh", null);
    this.emit("again", { id, history, curve });
  }

  train() {
    return this.#training.go(null);
  }

  /** One batch. */
  step() {
    return this.#training.go(1);
  }

  /** Rest; or, while training waits for its images, train no more. */
  pause() {
    return this.#training.pause();
  }

  /**
   * Go on with a network that has made room for another.
   *
   * @param {Work} work
   * @returns {Promise<boolean | null | undefined>} whether it is here; of what went wrong all is told
   */
  bringBack(work) {
    this.#training.wishElse();
    return this.#asking.do(() =>
      this.#turns.take(async () => {
        const network = Network.of(work);
        if (!network.kept) return false;
        const { exactly, ...inUse } = await this.#engine.request("take-up", { kept: network.kept, source: work.source });
        network.takeUp(inUse, exactly);
        this.#source = work.source;
        this.#engine.runsOthersCode = work.source !== null;
        this.#settings.hidden_size = inUse.hidden_size;
        this.#settings.seed = inUse.seed;
        this.emit("settings", this.#settings);
        this.emit("code", inUse.code);
        this.#becomeFresh(network);
        this.emit("status", words.broughtBack(network));
        return true;
      }),
    );
  }

  /** A fresh network, made with the settings as they are now. */
  reset() {
    this.#training.wishElse();
    return this.#asking.do(() =>
      this.#turns.take(async () => {
        const { hidden_size, seed } = this.#settings;
        this.#becomeFresh(new Network(await this.#engine.request("reset", { hidden_size, seed }), this.#source));
        this.emit("status", words.FRESH);
      }),
    );
  }

  /** @returns {Promise<Uint8Array | null>} the network as a model file */
  save() {
    return this.#asking.do(() => this.#engine.request("save", {}));
  }

  /**
   * @param {Uint8Array} bytes
   * @param {string} name
   */
  load(bytes, name) {
    const work = async () => {
      const { notes, ...inUse } = await this.#engine.request("load", { bytes, seed: this.#settings.seed });
      this.#training.wishElse(); // a Train that still waits was meant for the network before
      this.#settings.hidden_size = inUse.hidden_size;
      this.#becomeFresh(new Network(inUse, this.#source, { name, bytes }));
      this.emit("settings", this.#settings);
      this.emit("status", words.loaded(name, inUse.hidden_size, notes));
    };
    return this.#asking.do(() => this.#turns.take(work), `${name} was not loaded, and the network in use is as it was. The file: `);
  }

  /**
   * Make networks by another mlp.py from now on, and begin with one; where that does not work, all stays as it is.
   *
   * @param {string} text
   * @returns {Promise<boolean>} whether it works; of a mistake all is told
   */
  async useCode(text) {
    this.#training.wishElse();
    const done = await this.#asking.do(() =>
      this.#turns.take(async () => {
        this.#tryOut(true);
        try {
          const { unlike, ...inUse } = await this.#engine.request("use-code", { text });
          this.#source = inUse.code === "mine" ? text : null;
          this.#becomeFresh(new Network(inUse, this.#source));
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
    if (SETTINGS[name].acts === "at once" && this.#training.run) {
      this.#network?.departures.add("a learning rate that was changed on the way");
      this.#tellOfNetwork();
      void this.#training.setLearningRate(value);
    } else if (SETTINGS[name].acts === "reset") {
      void this.#followSettings();
    }
  }

  /**
   * @param {Protocol.Corrections | null} corrections  drawings to train on, from the next run on
   * @param {string[] | null} names  what the ten answers are called then; null for the digits
   */
  mixIn(corrections, names = null) {
    this.#training.mixIn(corrections, names);
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

  /** What is to be kept of it, for another visit. @returns {Kept} */
  get kept() {
    return { work: this.#network?.work ?? null, source: this.#source, reader: this.#reader.name, isTraining: this.#training.run !== null };
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
      return this.#engine.request(type, /** @type {any} */ ({ ...ask, settings: this.settings, corrections: this.#training.corrections }));
    });
  }

  /** A test image, whichever. @param {number | null} digit  that it shall be; null for any */
  testDigit(digit) {
    return this.#tryToLook(async () => {
      await this.#images.fetch(0);
      return this.#engine.request("test-digit", { digit, share: Math.random() });
    });
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T | null>}
   */
  async #tryToLook(work) {
    return this.#state === "loading" || this.#state === "failed" ? null : this.#asking.attempt(work);
  }

  // ── The network ──────────────────────────────────────────────────────────────────────────

  /** @param {Network} network */
  #becomeFresh(network) {
    const before = this.#network?.work;
    this.#network = network;
    this.#training.forget();
    this.#setState("ready");
    this.#tellAgain(network);
    this.readBy("mine");
    this.#tellOfNetwork();
    if (before) this.emit("replaced", before);
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
        this.#becomeFresh(new Network(await this.#engine.request("reset", { hidden_size, seed }), this.#source));
        this.readBy(name);
      })
      .catch((error) => {
        if (error instanceof Failed) this.#asking.warn(error.message); // of a worker's death all is told
      });
  }

  // ── When things go wrong ─────────────────────────────────────────────────────────────────

  /**
   * The visitor's code cannot be stopped; a new worker goes on with the code before, and with the network as it was when
   * its last epoch ended.
   *
   * @param {number | null} line
   */
  #takeHang(line) {
    this.#training.breakOff();
    if (!this.#isTrying) this.#source = null;
    this.#engine.runsOthersCode = this.#source !== null;
    this.emit("mistake", { kind: "code", message: words.HUNG, ...(line ? { line } : {}) });
    void this.boot();
  }

  /** @param {string} message */
  #takeCrash(message) {
    this.#training.breakOff();
    if (this.#state === "loading") this.#fail(words.notStarted(message), true);
    else this.#fail(words.crashed(message, this.#network));
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
    const told = words.reader(name, network, this.#training.run !== null, this.#starter);
    this.emit("reader", { name, hasStarter: this.#starter !== null, words: this.#isBroken ? words.broken(told) : told, names: name === "starter" ? null : network.names });
  }

  #tellPending() {
    const inUse = this.#network?.inUse;
    this.emit("pending", pendingChanges(this.#settings, inUse?.touched ? inUse : null, this.#training.run?.settings ?? null));
  }
}

/** @param {unknown} error */
function isFile(error) {
  return error instanceof Failed && (error.failure.kind === "missing" || error.failure.kind === "damaged");
}
