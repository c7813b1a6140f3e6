/**
 * How the network that reads does on the test images, and what its hidden units are; looked at while the tab is seen.
 *
 * @import { Experiment } from "../../experiment.js"
 * @import { Reading, Results } from "../../protocol.js"
 * @import { Units } from "../units.js"
 * @import { Breaking } from "./breaking.js"
 * @import { TestImage } from "./gallery.js"
 */
import { Emitter } from "../../emitter.js";
import { Freshness } from "../freshness.js";
import { nameOf } from "../names.js";
import { largest, percent } from "../numbers.js";
import { Confusion } from "./confusion.js";
import { Gallery } from "./gallery.js";
import { showHistograms } from "./histograms.js";

/** While training, the test images are read again this often at most, ms; longer where it takes long. */
const INTERVAL = 2_000;
/** So many images are shown at most. */
const MOST_IMAGES = 40;

/** @extends {Emitter<{put: TestImage}>} */
export class InspectTab extends Emitter {
  /** @type {Results | null} */
  #results = null;
  /** The digit that each test image is read as. @type {number[]} */
  #answers = [];
  /** The cell whose images are shown; null for the worst mistakes. @type {[number, number] | null} */
  #cell = null;
  /** How strongly each hidden unit fires for the drawing. @type {Float32Array | null} */
  #hidden = null;
  #isSeen = false;
  #freshness;

  /**
   * @param {HTMLElement} panel
   * @param {Experiment} experiment
   * @param {Units} units
   * @param {Breaking} breaking
   */
  constructor(panel, experiment, units, breaking) {
    super();
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (panel.querySelector(selector));
    this.experiment = experiment;
    this.units = units;
    this.breaking = breaking;
    this.hint = find("[data-testid=inspect-hint]");
    this.title = find("[data-testid=images-title]");
    this.dead = find("[data-testid=dead-units]");
    this.histograms = find("[data-testid=histograms]");
    this.broken = find("[data-testid=broken]");
    this.confusion = new Confusion(/** @type {HTMLTableElement} */ (find("[data-testid=confusion-matrix]")));
    this.gallery = new Gallery(find("[data-testid=images]"));
    this.order = /** @type {HTMLSelectElement} */ (find("#sort-units"));
    this.confusion.on("cell", (cell) => {
      const isSame = cell[0] === this.#cell?.[0] && cell[1] === this.#cell[1];
      this.#cell = isSame ? null : cell;
      void this.#showImages();
    });
    this.gallery.on("put", (image) => this.emit("put", image));
    this.order.addEventListener("change", () => this.#sort());
    this.#freshness = new Freshness(experiment, {
      interval: INTERVAL,
      share: 10,
      isSeen: () => this.#isSeen,
      look: () => this.#look(),
    });
  }

  /** @param {boolean} isSeen */
  see(isSeen) {
    this.#isSeen = isSeen;
    if (isSeen) void this.#freshness.refresh();
  }

  /** @param {Reading | null} reading */
  takeReading(reading) {
    this.#hidden = reading?.hidden ?? null;
    if (this.#isSeen && this.order.value === "drawing") this.#sort();
  }

  /** The weights are others now. */
  moved() {
    this.#freshness.spoil();
  }

  async #look() {
    const results = await this.experiment.lookWithImages("results", { reader: this.experiment.reader });
    if (!results) return false;
    this.#results = results;
    this.#answers = Array.from(results.labels, (_, i) => largest(results.probabilities.subarray(10 * i, 10 * i + 10)));
    await this.#show();
    return true;
  }

  async #show() {
    const { labels, active, weights1, weights2, layer1_output, is_broken } = /** @type {Results} */ (this.#results);
    const counts = Array.from({ length: 10 }, () => Array(10).fill(0));
    labels.forEach((label, i) => (counts[label][this.#answers[i]] += 1));
    this.confusion.show(counts);
    const right = counts.reduce((sum, row, digit) => sum + row[digit], 0) / labels.length;
    this.hint.textContent = `Of ${labels.length.toLocaleString("en")} test images it reads ${percent(right)} right.`;
    this.broken.textContent = is_broken ? `Broken like this, it reads ${percent(right)} right.` : "";
    const dead = active.filter((share) => share === 0).length;
    this.dead.textContent = `${dead} of ${active.length} are dead: they fire for none of the test images. Press one to open it.`;
    showHistograms(this.histograms, { weights1, weights2, layer1_output });
    this.#sort();
    await this.#showImages();
  }

  async #showImages() {
    if (!this.#results) return;
    const { labels, losses, probabilities } = this.#results;
    const answers = this.#answers;
    const cell = this.#cell;
    const chosen = [...labels.keys()].filter((i) => (cell ? labels[i] === cell[0] && answers[i] === cell[1] : labels[i] !== answers[i]));
    const worst = chosen.sort((a, b) => losses[b] - losses[a]).slice(0, MOST_IMAGES);
    const pixels = await this.experiment.look("test-images", { indices: Int32Array.from(worst) });
    if (!pixels || cell !== this.#cell) return;
    this.confusion.mark(cell);
    this.title.textContent = cell ? `${nameOf(cell[0])} read as ${nameOf(cell[1])}: ${chosen.length}` : `The worst of ${chosen.length} mistakes`;
    this.gallery.show(
      worst.map((index, i) => ({
        pixels: pixels.slice(784 * i, 784 * (i + 1)),
        label: labels[index],
        probabilities: probabilities.subarray(10 * index, 10 * index + 10),
      })),
    );
  }

  #sort() {
    if (!this.#isSeen || !this.#results) return;
    const { active } = this.#results;
    const { outgoing } = this.breaking;
    const size = (/** @type {number} */ unit) => Math.hypot(...outgoing.subarray(10 * unit, 10 * unit + 10));
    /** @type {Record<string, (unit: number) => number>} */
    const ranks = { number: (unit) => -unit, drawing: (unit) => this.#hidden?.[unit] ?? 0, active: (unit) => active[unit], weight: size };
    this.units.sort(ranks[this.order.value]);
  }
}
