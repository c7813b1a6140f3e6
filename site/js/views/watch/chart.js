/**
 * @import { EpochRecord } from "../../protocol.js"
 * @import { Losses } from "./chart-file.js"
 * @import uPlot from "../../../vendor/uplot/uPlot.esm.js"
 */
import { LossCurve } from "../../loss-curve.js";
import { onNewColours } from "../colours.js";
import { Pace } from "../pace.js";
import { axisOf, colourOf, epochAxisOf, labelEnds, loadPlot, sizeOf } from "../plot.js";

/** It is drawn anew this often at most, ms. */
const INTERVAL = 500;
/** Each epoch has a point of its own as long as there are no more than so many. */
const MOST_ENDS = 100;
/** Room at the right, in px, for the lines' labels. */
const LABELS = 74;

/** The loss against the epochs: a smoothed line over a band for the batches, points for training and validation. */
export class LossChart {
  #curve = new LossCurve();
  /** @type {{epoch: number, training: number, validation: number}[]} */
  #epochs = [];
  /** The library, once it is here. @type {typeof uPlot | null} */
  #Plot = null;
  /** @type {uPlot | null} */
  #plot = null;
  #isLog = false;
  #pace = new Pace(INTERVAL, () => this.#paint());
  /** Whether it can be seen; else nothing is drawn. */
  #isSeen = true;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    void this.#load();
  }

  /** The library may not come, or not work in this browser; the page does without. */
  async #load() {
    try {
      const Plot = await loadPlot();
      this.#Plot = Plot;
      this.#plot = this.#makePlot(Plot);
      onNewColours(() => this.#makeAnew());
      new ResizeObserver(() => this.element.clientWidth && this.#plot?.setSize(sizeOf(this.element))).observe(this.element);
      this.draw();
    } catch {
      this.element.textContent = "The chart can’t be shown here. “All numbers” has them.";
    }
  }

  /** @param {boolean} isSeen */
  see(isSeen) {
    this.#isSeen = isSeen;
    if (isSeen) this.draw();
  }

  /** @param {boolean} isLog */
  scale(isLog) {
    this.#isLog = isLog;
    this.#makeAnew();
  }

  /** @param {LossCurve} curve  of the network in use */
  show(curve) {
    this.#curve = curve;
    this.draw();
  }

  /** @param {EpochRecord} record */
  addEpoch({ epoch, training_loss, validation_loss }) {
    this.#epochs.push({ epoch, training: training_loss, validation: validation_loss });
    this.draw();
  }

  /** What it shows. @returns {Losses} */
  get losses() {
    return { batches: this.#curve.points, epochs: this.#epochs };
  }

  clear() {
    this.#curve = new LossCurve();
    this.#epochs = [];
    this.draw();
  }

  /** What it shows may be other than before. */
  draw() {
    this.element.toggleAttribute("data-empty", this.#curve.points.length === 0);
    if (this.#isSeen) this.#pace.soon();
  }

  #paint() {
    if (this.#Plot) this.#plot?.setData(this.#data(this.#Plot));
    const last = this.#epochs[this.#epochs.length - 1];
    const words = last
      ? `after epoch ${last.epoch}, training loss ${last.training.toFixed(3)}, validation loss ${last.validation.toFixed(3)}`
      : "no epoch has ended yet";
    this.element.setAttribute("aria-label", `Chart of the loss: ${words}. “All numbers” has a table.`);
  }

  #makeAnew() {
    if (!this.#Plot || !this.#plot) return;
    this.#plot.destroy();
    this.#plot = this.#makePlot(this.#Plot);
    this.draw();
  }

  /**
   * @param {typeof uPlot} Plot
   * @returns {uPlot.AlignedData}
   */
  #data(Plot) {
    const points = this.#curve.points;
    /** @type {uPlot.AlignedData} */
    const line = [
      points.map(({ x }) => x),
      points.map(({ low }) => low),
      points.map(({ high }) => high),
      points.map(({ smooth }) => smooth),
    ];
    const ends = this.#epochs.map(({ epoch }) => epoch);
    const training = this.#epochs.map(({ training }) => training);
    const validation = this.#epochs.map(({ validation }) => validation);
    return Plot.join([line, [ends, training, validation]]);
  }

  /** @param {typeof uPlot} Plot */
  #makePlot(Plot) {
    const colour = (/** @type {string} */ name) => colourOf(this.element, name);
    const show = (/** @type {uPlot} */ _, /** @type {number | null} */ loss) => loss?.toFixed(4) ?? "–";
    const points = { show: () => this.#epochs.length <= MOST_ENDS, size: 7 };
    const isFew = () => this.#curve.points.length < 3; // a line needs two
    const edge = { stroke: "transparent", width: 0, points: { show: false }, spanGaps: true, value: show };
    /** @type {uPlot.Scale.Range} */
    const range = (_, low, high) => {
      if (!this.#isLog) return [0, high && high > 0 ? high * 1.05 : 2.5];
      return [Math.max(1e-4, (low ?? 0.1) * 0.8), (high ?? 2.5) * 1.2];
    };
    return new Plot(
      {
        ...sizeOf(this.element),
        padding: [8, LABELS, 0, 0],
        cursor: { y: false, drag: { x: false, y: false } },
        legend: { markers: { dash: (_, i) => (i === 5 ? "dashed" : "solid"), width: 3 } },
        scales: {
          x: { time: false, range: (_, _low, high) => [0, Math.max(1, high ?? 1)] },
          y: { distr: this.#isLog ? 3 : 1, range },
        },
        axes: [
          epochAxisOf(this.element),
          { ...axisOf(this.element), size: 44, ...(this.#isLog ? { values: (_, ticks) => ticks.map((tick) => (tick === null ? "" : String(tick))) } : {}) },
        ],
        bands: [{ series: [2, 1], fill: colour("--band") }],
        series: [
          { label: "epoch", value: (_, x) => x?.toFixed(2) ?? "–" },
          { ...edge, label: "lowest" },
          { ...edge, label: "highest" },
          { label: "batch", stroke: colour("--batch"), width: 1.5, points: { show: isFew, size: 8, fill: colour("--batch") }, spanGaps: true, value: show },
          { label: "training", stroke: colour("--training"), width: 2, points, spanGaps: true, value: show },
          { label: "validation", stroke: colour("--validation"), width: 2, dash: [6, 4], points, spanGaps: true, value: show },
        ],
        hooks: { draw: [(plot) => this.#label(plot)] },
      },
      this.#data(Plot),
      this.element,
    );
  }

  /**
   * Name the lines where they end.
   *
   * @param {uPlot} plot
   */
  #label(plot) {
    const last = this.#epochs.at(-1);
    if (!last) return;
    const names = /** @type {const} */ (["training", "validation"]);
    const labels = names.map((name) => ({ text: name, colour: colourOf(this.element, `--${name}`), value: last[name] }));
    labelEnds(plot, labels, this.element);
  }
}
