/**
 * @import { EpochRecord, Slice } from "../protocol.js"
 * @import uPlot from "../../vendor/uplot/uPlot.esm.js"
 */

/** More points than this are thinned out, so that drawing them stays quick. */
const MAX_POINTS = 3_000;
const HEIGHT = 230;

/** The loss against the epochs: a fine line for the batches, points for training and validation. */
export class LossChart {
  /** @type {[number, number][]} */
  #batches = [];
  /** How many batches each point of the line is the mean of. */
  #batchesPerPoint = 1;
  /** @type {number[]} losses that wait to become a point */
  #waiting = [];
  /** @type {{epoch: number, training: number, validation: number}[]} */
  #epochs = [];
  /** The library, once it is here. @type {typeof uPlot | null} */
  #Plot = null;
  /** @type {uPlot | null} */
  #plot = null;
  #frame = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    void this.#load();
  }

  /** The library may not come, or not work in this browser; the page does without. */
  async #load() {
    try {
      const { default: Plot } = await import("../../vendor/uplot/uPlot.esm.js");
      this.#Plot = Plot;
      this.#plot = this.#makePlot(Plot);
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
        this.#plot?.destroy();
        this.#plot = this.#makePlot(Plot);
        this.#draw();
      });
      new ResizeObserver(() => this.#plot?.setSize(this.#size())).observe(this.element);
      this.#draw();
    } catch {
      this.element.textContent = "The chart can’t be shown here. The table has its numbers.";
    }
  }

  /** @param {Slice} slice */
  addSlice({ losses, epoch, batch, n_batches }) {
    const first = batch - losses.length;
    losses.forEach((loss, i) => {
      if (!Number.isFinite(loss)) return;
      this.#waiting.push(loss);
      if (this.#waiting.length < this.#batchesPerPoint) return;
      this.#batches.push([epoch - 1 + (first + i + 1) / n_batches, mean(this.#waiting)]);
      this.#waiting = [];
    });
    if (this.#batches.length > MAX_POINTS) this.#thinOut();
    if (losses.length) this.#draw();
  }

  /** @param {EpochRecord} record */
  addEpoch({ epoch, training_loss, validation_loss }) {
    this.#epochs.push({ epoch, training: training_loss, validation: validation_loss });
    this.#draw();
  }

  clear() {
    this.#batches = [];
    this.#batchesPerPoint = 1;
    this.#waiting = [];
    this.#epochs = [];
    this.#draw();
  }

  /** @param {number} epochs  what came after so many is void */
  goBack(epochs) {
    this.#batches = this.#batches.filter(([x]) => x <= epochs);
    this.#waiting = [];
    this.#draw();
  }

  /** Each two neighbours become one. */
  #thinOut() {
    const pairs = Math.floor(this.#batches.length / 2);
    this.#batches = Array.from({ length: pairs }, (_, i) => {
      const [[, before], [x, after]] = [this.#batches[2 * i], this.#batches[2 * i + 1]];
      return [x, (before + after) / 2];
    });
    this.#batchesPerPoint *= 2;
  }

  #draw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      if (this.#Plot) this.#plot?.setData(this.#data(this.#Plot));
      this.element.toggleAttribute("data-empty", this.#batches.length === 0);
      const last = this.#epochs[this.#epochs.length - 1];
      const words = last
        ? `after epoch ${last.epoch}, training loss ${last.training.toFixed(3)}, validation loss ${last.validation.toFixed(3)}`
        : "no epoch has ended yet";
      this.element.setAttribute("aria-label", `Chart of the loss: ${words}. The table below has the numbers.`);
    });
  }

  /**
   * @param {typeof uPlot} Plot
   * @returns {uPlot.AlignedData}
   */
  #data(Plot) {
    const ends = this.#epochs.map(({ epoch }) => epoch);
    /** @type {uPlot.AlignedData} */
    const line = [this.#batches.map(([x]) => x), this.#batches.map(([, loss]) => loss)];
    const training = this.#epochs.map(({ training }) => training);
    const validation = this.#epochs.map(({ validation }) => validation);
    return Plot.join([line, [ends, training, validation]]);
  }

  /** @param {typeof uPlot} Plot */
  #makePlot(Plot) {
    const style = getComputedStyle(this.element);
    const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    const axis = {
      stroke: colour("--muted"),
      font: `12px ${style.fontFamily}`,
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
    };
    const show = (/** @type {uPlot} */ _, /** @type {number | null} */ loss) => loss?.toFixed(4) ?? "–";
    const points = { show: true, size: 7 };
    return new Plot(
      {
        ...this.#size(),
        cursor: { y: false, drag: { x: false, y: false } },
        scales: {
          x: { time: false, range: (_, _low, high) => [0, Math.max(1, high ?? 1)] },
          y: { range: (_, _low, high) => [0, high && high > 0 ? high * 1.05 : 2.5] },
        },
        axes: [
          { ...axis, label: "epoch", labelSize: 18, labelFont: axis.font, size: 28, incrs: [1, 2, 5, 10, 20, 50, 100, 200] },
          { ...axis, label: "loss, nats", labelSize: 18, labelFont: axis.font, size: 40 },
        ],
        series: [
          { label: "epoch", value: (_, x) => x?.toFixed(2) ?? "–" },
          { label: "batch", stroke: colour("--batch"), width: 1, points: { show: false }, spanGaps: true, value: show },
          { label: "training", stroke: colour("--training"), width: 2, points, spanGaps: true, value: show },
          { label: "validation", stroke: colour("--validation"), width: 2, dash: [6, 4], points, spanGaps: true, value: show },
        ],
      },
      this.#data(Plot),
      this.element,
    );
  }

  #size() {
    return { width: Math.max(1, this.element.clientWidth), height: HEIGHT };
  }
}

/** @param {number[]} numbers */
function mean(numbers) {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
