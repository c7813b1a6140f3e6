/**
 * An engine without a worker: answers requests in order, as worker.js and session.py do, and trains in slices; a test can
 * hold back replies, let requests fail, and kill it.
 *
 * @import * as Protocol from "../../site/js/protocol.js"
 */
import { Emitter } from "../../site/js/emitter.js";
import { EngineStopped } from "../../site/js/engine.js";
import { Failed } from "../../site/js/protocol.js";

const BATCHES = 3; // an epoch

/** Waits for the next turn of the event loop. */
export const tick = () => new Promise((resolve) => setImmediate(resolve));

export class FakeEngine extends Emitter {
  expectsSlices = false;
  runsOthersCode = false;
  /** What was asked, in order. @type {[string, any][]} */
  asked = [];
  /** Replies to these types wait. @type {Map<string, Promise<void>>} */
  #held = new Map();
  /** Requests of these types fail. @type {Map<string, Protocol.Failure>} */
  failing = new Map();
  starter = { epochs: 30, test_accuracy: 0.987 };
  /** The network in use, the truth. */
  /** Whose mlp.py runs. @type {"shipped" | "mine"} */
  #code = "shipped";
  network = this.#random(0, 0);
  /** @type {{id: number, left: number, batch: number, going: number} | null} */
  run = null;
  imagesHere = 0;
  isAlive = false;
  #reject = /** @type {Set<(error: Error) => void>} */ (new Set());

  /** How long, in turns of the event loop, a message takes. */
  latency = () => 1;

  #order = Promise.resolve();

  async start() {
    this.isAlive = true;
    this.run = null;
    this.imagesHere = 0;
    this.#order = Promise.resolve();
    await this.#delivered(Promise.resolve());
  }

  /** @param {string} message */
  crash(message) {
    this.#stop(message);
    this.emit("crash", message);
  }

  /** @param {number | null} line */
  hang(line) {
    this.#stop("it is stuck");
    this.emit("hang", line);
  }

  /** @param {string} reason */
  #stop(reason) {
    this.isAlive = false;
    this.expectsSlices = false;
    this.run = null;
    for (const reject of this.#reject) reject(new EngineStopped(reason));
    this.#reject.clear();
  }

  /** Keep replies to requests of a type back; returns what lets them go. @param {string} type */
  hold(type) {
    let release = () => {};
    this.#held.set(type, new Promise((resolve) => (release = resolve)));
    return () => {
      this.#held.delete(type);
      release();
    };
  }

  /**
   * @param {string} type
   * @param {any} ask
   */
  request(type, ask) {
    this.asked.push([type, ask]);
    if (!this.isAlive) return Promise.reject(new EngineStopped("there is no worker"));
    // A fetch is the one request that others overtake.
    const before = type === "fetch-images" ? Promise.resolve() : this.#order;
    const done = before.then(async () => {
      for (let turns = this.latency(); turns > 0; turns--) await tick();
      if (type === "fetch-images") await this.#held.get(type);
      const failure = this.failing.get(type);
      if (failure) throw new Failed(failure);
      return /** @type {any} */ (this)[`_${type.replace("-", "_")}`](ask);
    });
    if (type !== "fetch-images") this.#order = done.then(() => undefined, () => undefined);
    return this.#delivered(done.then(async (result) => {
      if (type !== "fetch-images") await this.#held.get(type);
      return result;
    }));
  }

  /**
   * @template T
   * @param {Promise<T>} done
   * @returns {Promise<T>}
   */
  #delivered(done) {
    return new Promise((resolve, reject) => {
      this.#reject.add(reject);
      done.then(resolve, reject).finally(() => this.#reject.delete(reject));
    });
  }

  // ── What the worker does ─────────────────────────────────────────────────────────────────

  /** @param {Protocol.Requests["boot"]["ask"]} ask */
  _boot({ hidden_size, seed, kept, source }) {
    this.#code = source ? "mine" : "shipped";
    this.network = this.#random(hidden_size, seed);
    if (kept) this._take_up({ kept, source });
    return { exactly: kept?.random !== null, failure: null, python: "3", numpy: "2", pyodide: "0", backend: "simd", in_use: { ...this.network }, starter: this.starter };
  }

  /** @param {Protocol.Requests["fetch-images"]["ask"]} ask */
  _fetch_images({ count }) {
    return (this.imagesHere = Math.max(this.imagesHere, 10_000, count));
  }

  /** @param {Protocol.Requests["reset"]["ask"]} ask */
  _reset({ hidden_size, seed }) {
    this.run = null;
    return { ...(this.network = this.#random(hidden_size, seed)) };
  }

  /** @param {Protocol.Requests["load"]["ask"]} ask */
  _load({ bytes, seed }) {
    this.run = null;
    this.network = { ...this.#random(bytes.length, seed), origin: "file" };
    return { ...this.network, notes: [] };
  }

  /** @param {Protocol.Requests["take-up"]["ask"]} ask */
  _take_up({ kept: { origin, seed, epochs, random }, source }) {
    this.run = null;
    this.#code = source ? "mine" : "shipped";
    this.network = { ...this.#random(this.network.hidden_size, seed), origin, epochs, touched: epochs > 0 };
    return { ...this.network, exactly: random !== null };
  }

  /** @param {Protocol.Requests["use-code"]["ask"]} ask */
  _use_code({ text }) {
    this.run = null;
    this.#code = text === "shipped" ? "shipped" : "mine";
    return { ...(this.network = this.#random(this.network.hidden_size, this.network.seed)), unlike: null };
  }

  _code() {
    return { text: this.#code, shipped: "shipped", methods: [] };
  }

  _save() {
    return new Uint8Array([this.network.epochs]);
  }

  /** @param {Protocol.Requests["begin"]["ask"]} ask */
  _begin({ runId, settings, maxBatches, done }) {
    if (this.imagesHere < settings.training_images) throw new Failed({ kind: "refused", message: "no images" });
    const { origin, touched } = this.network;
    if (origin === "random" && !touched) this.network = this.#random(settings.hidden_size, settings.seed);
    this.network.touched = true;
    this.run = { id: runId, left: settings.epochs - (done?.epochs ?? 0), batch: 0, going: 0 };
    void this.#train(this.run, maxBatches);
    return { ...this.network, corrections: 0 };
  }

  /** @param {Protocol.Requests["resume"]["ask"]} ask */
  _resume({ runId, maxBatches }) {
    if (this.run?.id !== runId) return false;
    void this.#train(this.run, maxBatches);
    return true;
  }

  /** @param {Protocol.Requests["pause"]["ask"]} ask */
  _pause({ runId }) {
    if (this.run?.id !== runId) return false;
    this.run.going += 1;
    return true;
  }

  /** @param {Protocol.Requests["learning-rate"]["ask"]} ask */
  _learning_rate({ runId }) {
    return this.run?.id === runId;
  }

  /** @param {Protocol.Requests["read"]["ask"]} ask */
  _read({ lengths, reader }) {
    // A digit for each stroke.
    return Array.from(lengths, (_, digit) => ({ digit, probabilities: new Float32Array(10), wrong: null, reader, network: { ...this.network } }));
  }

  _alter() {
    return null;
  }

  /** @param {Protocol.Requests["weights"]["ask"]} ask */
  _weights({ reader }) {
    return { hidden_size: this.network.hidden_size, reader };
  }

  /** @param {Protocol.Hand} hand */
  _trace({ settings, corrections }) {
    if (this.imagesHere < settings.training_images) throw new Failed({ kind: "refused", message: "no images" });
    return { settings, corrections };
  }

  /**
   * One batch a slice.
   *
   * @param {NonNullable<FakeEngine["run"]>} run
   * @param {number | null} maxBatches
   */
  async #train(run, maxBatches) {
    const going = ++run.going;
    for (let resting = false; !resting; ) {
      await tick();
      await tick();
      if (run !== this.run || going !== run.going || !this.isAlive) return;
      run.batch += 1;
      const ended = run.batch === BATCHES;
      const epoch = this.network.epochs + 1;
      const failure = this.failing.get("batch") ?? null;
      const slice = { type: "slice", runId: run.id, losses: new Float32Array([1]), epoch, batch: run.batch, n_batches: BATCHES };
      if (ended && !failure) {
        this.network.epochs += 1;
        run.left -= 1;
        run.batch = 0;
      }
      const finished = run.left === 0 || failure !== null;
      if (maxBatches !== null) maxBatches -= 1;
      resting = finished || maxBatches === 0;
      if (finished) this.run = null;
      if (failure && !this.network.epochs) this.network.touched = false;
      const record = ended && !failure ? { epoch, training_loss: 1, validation_loss: 1, validation_accuracy: 0.9, test_accuracy: 0.9, seconds: 1 } : null;
      this.emit("slice", { ...slice, epoch_record: record, checkpoint: record && { bytes: new Uint8Array([epoch]), random: "{}", order: new Int32Array(1) }, finished, failure, resting, milliseconds: 1 });
    }
  }

  /**
   * @param {number} hidden_size
   * @param {number} seed
   * @returns {Protocol.InUse}
   */
  #random(hidden_size, seed) {
    return { origin: "random", hidden_size, seed, epochs: 0, touched: false, code: this.#code };
  }
}
