/**
 * The losses of a network's batches as a line that stays short, however long it trains.
 *
 * @import { Slice } from "./protocol.js"
 *
 * @typedef {{x: number, low: number, high: number, smooth: number}} Point  of one batch, or of several neighbours; x in epochs,
 *     the others in nats
 * @typedef {{points: Point[], batchesPerPoint: number}} KeptCurve
 */

/** More points than this are thinned out, so that drawing and keeping them stays quick. */
export const MOST_POINTS = 1_500;
/** How many batches the smoothed line looks back on, about. */
const MEMORY = 30;
/** How many the band around it looks back on. */
const BAND = 12;

export class LossCurve {
  /** Never changed, only replaced or added to. @type {Point[]} */
  points = [];
  /** How many batches each point stands for. */
  #batchesPerPoint = 1;
  /** How many the point that is being made stands for so far. */
  #waitingFor = 0;
  #smooth = NaN;
  /** The last losses, as many as the band looks back on. @type {number[]} */
  #recent = [];

  /** @param {KeptCurve & {epochs: number}} kept  of which only what came before the end of this epoch is valid */
  static of({ points, batchesPerPoint, epochs }) {
    const curve = new LossCurve();
    curve.points = points;
    curve.#batchesPerPoint = batchesPerPoint;
    curve.goBack(epochs);
    return curve;
  }

  /** @returns {KeptCurve} */
  get kept() {
    return { points: [...this.points], batchesPerPoint: this.#batchesPerPoint };
  }

  /** @param {Slice} slice */
  addSlice({ losses, epoch, batch, n_batches }) {
    const first = batch - losses.length;
    losses.forEach((loss, i) => {
      if (Number.isFinite(loss)) this.#add(epoch - 1 + (first + i + 1) / n_batches, loss);
    });
    if (this.points.length > MOST_POINTS) this.#thinOut();
  }

  /** @param {number} epochs  what came after so many is void */
  goBack(epochs) {
    this.points = this.points.filter(({ x }) => x <= epochs);
    this.#waitingFor = 0;
    this.#smooth = this.points.at(-1)?.smooth ?? NaN;
    this.#recent = [];
  }

  /**
   * @param {number} x
   * @param {number} loss
   */
  #add(x, loss) {
    this.#smooth = Number.isNaN(this.#smooth) ? loss : this.#smooth + (loss - this.#smooth) / MEMORY;
    this.#recent = [...this.#recent, loss].slice(-BAND);
    this.#waitingFor += 1;
    if (this.#waitingFor < this.#batchesPerPoint) return;
    this.points.push({ x, low: Math.min(...this.#recent), high: Math.max(...this.#recent), smooth: this.#smooth });
    this.#waitingFor = 0;
  }

  /** Each two neighbours become one. */
  #thinOut() {
    this.points = Array.from({ length: this.points.length >> 1 }, (_, i) => {
      const [before, after] = [this.points[2 * i], this.points[2 * i + 1]];
      return { ...after, low: Math.min(before.low, after.low), high: Math.max(before.high, after.high) };
    });
    this.#batchesPerPoint *= 2;
  }
}
