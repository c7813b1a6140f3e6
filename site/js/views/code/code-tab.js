/**
 * The notes, alive: five chapters, each with its lines of the running mlp.py and the arrays that they make of what is in
 * hand. Nothing is traced while the tab is not seen.
 *
 * @import { Experiment } from "../../experiment.js"
 * @import { Hand, Method, NumArray, Phase, Reading, Trace } from "../../protocol.js"
 */
import { Emitter } from "../../emitter.js";
import { PHASES } from "../../places.js";
import { Freshness } from "../freshness.js";
import { aName } from "../names.js";
import { largest, short } from "../numbers.js";
import { ArrayCard } from "./array-card.js";
import { GradientReport, showSanity } from "./checks.js";
import { Lines } from "./lines.js";
import { lightTogether } from "./pointing.js";
import { plainName, setSizes } from "./shape.js";

/** While training, what is in hand is followed through again this often at most, ms; longer where it takes long. */
const INTERVAL = 500;
const WORDS = {
  first: "The batch that training begins with.",
  last: "The batch that it has just learned from, as it was before.",
  again: "The batch that it saw last, read by the network as it is now.",
  image: "",
};

/** @extends {Emitter<{phase: Phase}>} */
export class CodeTab extends Emitter {
  /** @type {Phase} */
  #phase = "initialization";
  /** @type {Map<Phase, {section: HTMLElement, lines: Lines}>} */
  #chapters = new Map();
  /** @type {Map<string, ArrayCard>} */
  #cards = new Map();
  /** @type {Method[]} */
  #methods = [];
  /** @type {Trace | null} */
  #trace = null;
  /** How many of the trace's steps are shown; null for all. @type {number | null} */
  #at = null;
  /** The drawing, as the network sees it. @type {Uint8Array | null} */
  #pixels = null;
  #isSeen = false;
  #freshness;
  /** Whether the weights have become others while lines were run one by one. */
  #isOutdated = false;

  /**
   * @param {HTMLElement} panel
   * @param {Experiment} experiment
   */
  constructor(panel, experiment) {
    super();
    this.panel = panel;
    this.experiment = experiment;
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (panel.querySelector(selector));
    for (const phase of PHASES) {
      const section = find(`[data-testid="phase-${phase}"]`);
      const lines = new Lines(/** @type {HTMLElement} */ (section.querySelector(".lines")));
      this.#chapters.set(phase, { section, lines });
    }
    for (const place of /** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll("[data-array]"))) {
      const name = place.dataset.array ?? "";
      this.#cards.set(name, this.#makeCard(place, name));
    }
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (panel.querySelectorAll("[data-phase]"))) {
      button.addEventListener("click", () => {
        this.open(/** @type {Phase} */ (button.dataset.phase));
        this.emit("phase", this.#phase);
      });
    }
    this.words = find("[data-testid=hand-words]");
    this.hand = /** @type {HTMLSelectElement} */ (find("#hand"));
    this.label = /** @type {HTMLSelectElement} */ (find("#label"));
    this.label.append(...Array.from({ length: 10 }, (_, digit) => new Option(String(digit), String(digit))));
    this.hand.addEventListener("change", () => this.#retrace());
    this.label.addEventListener("change", () => this.#retrace());
    find("#line-next").addEventListener("click", () => this.#step(1));
    find("#line-back").addEventListener("click", () => this.#step(-1));
    find("#line-all").addEventListener("click", () => this.#goTo(null));
    this.report = new GradientReport(find("[data-testid=gradient-check]"));
    find("#check-gradients").addEventListener("click", () => this.#checkGradients());
    find("#check-sanity").addEventListener("click", () => this.#checkSanity(find("[data-testid=sanity]")));
    lightTogether(panel);
    this.#freshness = new Freshness(experiment, {
      interval: INTERVAL,
      share: 5,
      isSeen: () => this.#isSeen,
      look: async () => (await this.#takeCode()) && (await this.#takeTrace()),
    });
    this.open(this.#phase);
  }

  /**
   * @param {HTMLElement} place
   * @param {string} name
   */
  #makeCard(place, name) {
    const other = (/** @type {string} */ name) => this.#trace?.arrays[name];
    return new ArrayCard(place, name, other, () => this.#trace?.learning_rate ?? 0);
  }

  get phase() {
    return this.#phase;
  }

  /** @param {Phase} phase */
  open(phase) {
    this.#phase = phase;
    for (const [each, { section }] of this.#chapters) section.hidden = each !== phase;
    for (const button of /** @type {NodeListOf<HTMLElement>} */ (this.panel.querySelectorAll("[data-phase]"))) {
      button.setAttribute("aria-pressed", String(button.dataset.phase === phase));
    }
    this.#refreshCards();
  }

  /** @param {boolean} isSeen */
  see(isSeen) {
    this.#isSeen = isSeen;
    if (isSeen) void this.#freshness.refresh();
  }

  /**
   * @param {Reading | null} reading
   * @param {boolean} isNew
   */
  takeReading(reading, isNew) {
    if (!isNew) return;
    this.#pixels = reading?.pixels ?? null;
    if (reading) this.label.value = String(largest(reading.probabilities));
    if (this.hand.value === "drawing") this.#retrace();
  }

  /** The weights are others now. */
  moved() {
    if (this.#at === null) this.#freshness.spoil();
    else this.#isOutdated = true; // what one goes through line by line stays
  }

  /** Other code runs. */
  takeCode() {
    this.#methods = [];
    this.report.wait("");
    this.#retrace();
  }

  /** The numbers of an array, once they are here. @param {string} name */
  async arrays(name) {
    if (!this.#trace || this.#freshness.isStale) await this.#freshness.refresh();
    const array = this.#trace?.arrays[name];
    return array ? [...array.data] : null;
  }

  #retrace() {
    this.#at = null;
    this.#freshness.spoil();
  }

  /** @returns {Promise<boolean>} whether it is here */
  async #takeCode() {
    if (this.#methods.length) return true;
    const code = await this.experiment.look("code", {});
    if (!code) return false;
    this.#methods = code.methods;
    for (const [phase, { lines }] of this.#chapters) lines.show(code.methods.filter((method) => method.phase === phase));
    return true;
  }

  /** @returns {Promise<boolean>} whether there is one */
  async #takeTrace() {
    const hand = this.#whatIsInHand();
    if (!hand) {
      this.words.textContent = "Draw a digit first.";
      return true;
    }
    const trace = await this.experiment.lookWithImages("trace", hand);
    if (!trace) return false;
    this.#trace = trace;
    this.#show();
    return true;
  }

  /** @returns {Hand | null} */
  #whatIsInHand() {
    if (this.hand.value !== "drawing") return { kind: this.hand.value === "image" ? "first" : "batch" };
    return this.#pixels && { kind: "image", pixels: this.#pixels, label: Number(this.label.value) };
  }

  #show() {
    const trace = this.#trace;
    if (!trace) return;
    const { arrays, when, learning_rate } = trace;
    const [batch] = arrays.X.shape;
    setSizes({ batch, hidden: arrays.weights1.shape[1] });
    this.#retitleLabel();
    for (const { lines } of this.#chapters.values()) lines.showShapes(arrays);
    for (const [name, card] of this.#cards) card.show(arrays[name]);
    const loss = `Loss ${short(arrays.loss.data[0])}, after a step with η = ${short(learning_rate)}: ${short(arrays.loss_after.data[0])}.`;
    const what = when === "image" ? `One image: ${aName(arrays.y.data[0])}.` : WORDS[when];
    this.words.textContent = `${what} ${loss} ${deadUnits(arrays.layer1_output)}`.trim();
    this.#goTo(this.#at);
  }

  #retitleLabel() {
    /** @type {HTMLElement} */ (this.label.closest("label")).hidden = this.hand.value !== "drawing";
  }

  // ── Step by step ─────────────────────────────────────────────────────────────────────────

  /** @param {1 | -1} by */
  #step(by) {
    const count = this.#trace?.steps.length ?? 0;
    const at = this.#at ?? (by > 0 ? 0 : count + 1);
    this.#goTo(Math.min(count, Math.max(1, at + by)));
  }

  /** @param {number | null} at  how many of the steps are done; null for all */
  #goTo(at) {
    const wasStepping = this.#at !== null;
    this.#at = at;
    const steps = this.#trace?.steps ?? [];
    const last = at === null ? null : steps[at - 1];
    const done = new Set(steps.slice(0, at ?? steps.length).flatMap(([, , names]) => names));
    const later = new Set(steps.flatMap(([, , names]) => names).filter((name) => !done.has(name)));
    for (const [name, card] of this.#cards) card.made(later.has(name) ? "not yet" : last?.[2].includes(name) ? "now" : "yes");
    if (last && last[1] !== this.#phase && PHASES.includes(last[1])) {
      this.open(last[1]);
      this.emit("phase", this.#phase);
    }
    for (const { lines } of this.#chapters.values()) lines.mark(last ? last[0] : null);
    this.panel.toggleAttribute("data-stepping", at !== null);
    if (last) this.words.textContent = `Line ${last[0]} has run: ${tell(last[2])}. ${at} of ${steps.length}.`;
    else if (wasStepping) this.#show();
    if (at === null && this.#isOutdated) {
      this.#isOutdated = false;
      this.#freshness.spoil();
    }
    this.#refreshCards();
  }

  #refreshCards() {
    if (!this.#isSeen) return;
    for (const card of this.#cards.values()) card.refresh();
  }

  // ── Checks ───────────────────────────────────────────────────────────────────────────────

  async #checkGradients() {
    this.report.wait("Nudging weights …");
    const check = await this.experiment.lookWithImages("gradient-check", {});
    if (check) this.report.show(check);
    else this.report.wait("");
    const culprit = check?.culprit;
    const step = culprit ? this.#trace?.steps.findLast(([, , names]) => names.includes(culprit) || names.includes(`updated_${culprit}`)) : null;
    for (const { lines } of this.#chapters.values()) lines.accuse(step ? step[0] : null);
  }

  /** @param {HTMLElement} list */
  async #checkSanity(list) {
    list.textContent = "Learning twenty images by heart …";
    showSanity(list, (await this.experiment.lookWithImages("sanity", {})) ?? []);
  }
}

/** @param {string[]} names  of what a line made */
function tell(names) {
  return names.map((name) => (plainName(name) === name ? `${name} is made` : `${plainName(name)} is changed`)).join(", ");
}

/** @param {NumArray | undefined} output  of the hidden layer */
function deadUnits(output) {
  if (!output || output.shape[0] < 2) return "";
  const [rows, columns] = output.shape;
  let dead = 0;
  for (let unit = 0; unit < columns; unit++) {
    let fires = false;
    for (let row = 0; row < rows && !fires; row++) fires = output.data[row * columns + unit] > 0;
    if (!fires) dead += 1;
  }
  return `${dead} of ${columns} hidden units fire for none of these images.`;
}
