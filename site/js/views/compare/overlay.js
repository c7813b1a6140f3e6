/**
 * @import { EpochRecord } from "../../protocol.js"
 * @import { Run } from "../../runs.js"
 * @import uPlot from "../../../vendor/uplot/uPlot.esm.js"
 */
import { MOST_PINNED } from "../../runs.js";
import { onNewColours } from "../colours.js";
import { Pace } from "../pace.js";
import { axisOf, colourOf, epochAxisOf, labelEnds, loadPlot, sizeOf } from "../plot.js";

/** @typedef {"validation_loss" | "training_loss" | "test_accuracy"} Measure */

/** It is drawn anew this often at most, ms. */
const INTERVAL = 500;
/** Room at the right, in px, for the lines' labels. */
const LABELS = 52;

/** Some runs in one chart, epoch by epoch. */
export class Overlay {
  /** @type {Run[]} */
  #runs = [];
  /** @type {Measure} */
  #measure = "validation_loss";
  /** The library, once it is here. @type {typeof uPlot | null} */
  #Plot = null;
  /** @type {uPlot | null} */
  #plot = null;
  #isSeen = false;
  #pace = new Pace(INTERVAL, () => this.#paint());

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
  }

  /** @param {boolean} isSeen */
  see(isSeen) {
    this.#isSeen = isSeen;
    if (!isSeen) return;
    if (this.#Plot) this.#pace.soon();
    else void this.#load();
  }

  /**
   * @param {Run[]} runs
   * @param {Measure} measure
   */
  show(runs, measure) {
    this.#runs = runs.filter(({ epochs }) => epochs.length > 0);
    this.#measure = measure;
    this.element.hidden = this.#runs.length === 0;
    if (this.#isSeen) this.#pace.soon();
  }

  /** The library may not come, or not work in this browser; the page does without. */
  async #load() {
    try {
      this.#Plot = await loadPlot();
      onNewColours(() => this.#paint());
      new ResizeObserver(() => this.element.clientWidth && this.#plot?.setSize(sizeOf(this.element))).observe(this.element);
      this.#paint();
    } catch {
      this.element.textContent = "The chart can’t be shown here. The table below has the numbers.";
    }
  }

  #paint() {
    if (!this.#Plot || this.#runs.length === 0) return;
    this.#plot?.destroy();
    this.#plot = this.#makePlot(this.#Plot);
    const ends = this.#runs.map((run) => `run ${run.number} ${this.#last(run).toFixed(3)}`);
    this.element.setAttribute("aria-label", `Chart of the pinned runs, epoch by epoch; at the end ${ends.join(", ")}`);
  }

  /** @param {Run} run */
  #last({ epochs }) {
    return epochs[epochs.length - 1][this.#measure];
  }

  /** @param {typeof uPlot} Plot */
  #makePlot(Plot) {
    const { element } = this;
    const measure = this.#measure;
    /** @type {uPlot.AlignedData[]} */
    const lines = this.#runs.map(({ epochs }) => [
      epochs.map(({ epoch }) => epoch),
      epochs.map((/** @type {EpochRecord} */ record) => record[measure]),
    ]);
    const colour = (/** @type {Run} */ { number }) => colourOf(element, `--run-${(number - 1) % MOST_PINNED}`);
    const show = (/** @type {uPlot} */ _, /** @type {number | null} */ value) => value?.toFixed(4) ?? "–";
    const labels = this.#runs.map((run) => ({ text: `run ${run.number}`, colour: colour(run), value: this.#last(run) }));
    return new Plot(
      {
        ...sizeOf(element),
        padding: [8, LABELS, 0, 0],
        legend: { show: false }, // the lines are named where they end
        cursor: { y: false, drag: { x: false, y: false } },
        scales: {
          x: { time: false, range: (_, _low, high) => [0, Math.max(1, high ?? 1)] },
          y: { range: (_, low, high) => (measure === "test_accuracy" ? [low - (1 - low) * 0.05, 1] : [0, high * 1.05]) },
        },
        axes: [epochAxisOf(element), { ...axisOf(element), size: 50 }],
        series: [
          { label: "epoch" },
          ...this.#runs.map((run, i) => ({
            label: `run ${run.number}`,
            stroke: colour(run),
            width: 2,
            dash: i % 2 ? [6, 4] : [],
            points: { show: true, size: 6 },
            spanGaps: true,
            value: show,
          })),
        ],
        hooks: { draw: [(plot) => labelEnds(plot, labels, element)] },
      },
      Plot.join(lines),
      element,
    );
  }
}
