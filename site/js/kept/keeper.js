/**
 * Keeps what the visitor works on, on this tab's desk, as it comes into being, and lays it out again on the next visit.
 *
 * @import { Experiment, Kept } from "../experiment.js"
 * @import { Work } from "../network.js"
 * @import { Photographs } from "../photographs.js"
 * @import { Runs } from "../runs.js"
 * @import { Values } from "../settings.js"
 * @import { Pad } from "../views/hand/pad.js"
 * @import { Desk } from "./desk.js"
 */
import { Emitter } from "../emitter.js";
import { NAMES, parse } from "../settings.js";
import * as words from "../words.js";

/** How often, in ms, a drawing under way is written at most. */
const STROKES = 200;

/** @extends {Emitter<{replaced: Work | null}>}  replaced: a network that made room, and can be brought back */
export class Keeper extends Emitter {
  /** What had made room before that one did. @type {Work | null} */
  #earlier = null;

  /**
   * @param {Desk} desk
   * @param {Experiment} experiment
   * @param {Runs} runs
   */
  constructor(desk, experiment, runs) {
    super();
    this.desk = desk;
    this.experiment = experiment;
    this.runs = runs;
    for (const event of /** @type {const} */ (["run", "epoch", "stopped", "back", "fresh", "code", "reader"])) {
      experiment.on(event, () => this.#keepNetwork());
    }
    experiment.on("epoch", () => desk.askToStay());
    experiment.on("again", ({ id }) => id === this.#replaced?.id && this.#tellReplaced(this.#earlier));
    experiment.on("settings", (settings) => desk.keep("settings", { ...settings }));
    runs.on("change", () => desk.keep("runs", runs.all));
    addEventListener("visibilitychange", () => document.hidden && desk.flushAtOnce());
    addEventListener("pagehide", () => desk.flushAtOnce());
  }

  /** Of a visit on which nothing was done, nothing is kept. */
  #keepNetwork() {
    const { kept } = this.experiment;
    if (!kept.work && kept.source === null && !this.desk.get("network")) return;
    this.desk.keep("network", kept);
    this.desk.keep("settings", this.experiment.settings);
  }

  /** What Python begins with. @param {Desk} desk @returns {Kept} */
  static network(desk) {
    return { work: null, source: null, reader: null, isTraining: false, ...desk.get("network") };
  }

  /**
   * @param {Values} settings
   * @param {Kept | undefined} kept  on a desk
   * @returns {boolean} whether it is no other network than one that was trained with these settings
   */
  static isOf(settings, kept) {
    const trained = kept?.work?.run?.settings;
    return !kept?.work || (trained !== undefined && NAMES.every((name) => trained[name] === settings[name]));
  }

  /** The settings as they were, where the address names none. */
  layOutSettings() {
    const kept = this.desk.get("settings") ?? {};
    for (const name of NAMES) {
      if (typeof kept[name] === "number") this.experiment.set(name, parse(name, String(kept[name])).value);
    }
  }

  layOutRuns() {
    this.runs.restore(this.desk.get("runs"));
  }

  /** @returns {Work | null} */
  get #replaced() {
    return this.desk.get("replaced network") ?? null;
  }

  /** @param {Work} work  has made room for another network */
  takeReplaced(work) {
    this.#earlier = this.#replaced;
    this.#tellReplaced(work);
  }

  /** @param {Work | null} work */
  #tellReplaced(work) {
    this.desk.keep("replaced network", work);
    this.emit("replaced", work);
  }

  /** What made room comes back, and what took its place can be brought back in turn. */
  async bringBack() {
    if (this.#replaced) await this.experiment.bringBack(this.#replaced);
  }

  forgetReplaced() {
    this.#tellReplaced(null);
  }

  /** What other tabs work on, or have left; of those that have anything. */
  async others() {
    const others = await Promise.all(
      (await this.desk.others()).map(async ({ id, changed }) => {
        const [network, code, pad] = await Promise.all(["network", "code", "pad"].map((name) => this.desk.peek(id, name)));
        return { id, changed, words: words.elsewhere({ network: network?.work ?? null, hasCode: typeof code === "string", pad: pad && (pad.photo ? "picture" : "drawing") }) };
      }),
    );
    return others.filter(({ words }) => words);
  }

  /** Keep what is on the pad from now on. @param {Pad} pad */
  watchPad(pad) {
    pad.addEventListener("draw", () => {
      // A picture comes but once, and is so large that it is lost where the page goes before it is written.
      if (pad.kept || this.desk.get("pad")) this.desk.keep("pad", pad.kept, pad.photo ? 0 : STROKES);
    });
  }

  /**
   * Python runs: what needs it comes back, too.
   *
   * @param {Pad} pad
   * @param {Photographs} photographs
   * @param {{isTraining: boolean, work: Work | null}} network  as it was kept
   * @returns {Promise<string>} what is here again, in words; "" where that is nothing
   */
  async layOut(pad, photographs, network) {
    const { desk, experiment, runs } = this;
    const kept = desk.get("pad");
    const isUsed = network.work && experiment.kept.work?.id === network.work.id;
    if (kept?.photo) await photographs.takeAgain(kept.photo);
    if (this.#replaced && this.#replaced.id !== experiment.kept.work?.id) this.emit("replaced", this.#replaced);
    return words.resumed({
      network: isUsed ? network.work : null,
      wasTraining: network.isTraining,
      runs: runs.all.length,
      pad: pad.photo ? "picture" : pad.isEmpty || pad.isExample ? null : "drawing",
      hasCode: typeof desk.get("code") === "string",
    });
  }
}
