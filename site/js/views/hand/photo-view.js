/**
 * A photograph on the pad: the digits that were found on it, and a frame that a visitor drags over what is meant.
 *
 * @import { Found, Stages } from "../../protocol.js"
 *
 * @typedef {object} Photo
 * @property {string} name  of its file
 * @property {Uint8Array<ArrayBuffer>} content  of its file, which may be gone from the disk
 * @property {HTMLCanvasElement} canvas
 * @property {Found | null} found  null where nothing could be read
 * @property {Frame | null} frame  what the visitor has framed
 *
 * @typedef {Found["frame"]} Frame  left, top, right, bottom in the photograph's pixels
 */
import { Emitter } from "../../emitter.js";
import { onNewColours } from "../colours.js";
import { ARROWS } from "./pad.js";

/** How far an arrow key moves a frame, as a share of the photograph's longer side. */
const KEY_STEP = 0.04;
/** A frame's sides, at least; less is a slip of the finger. */
const SMALLEST = 0.03;

/** @extends {Emitter<{frame: Frame | null}>} */
export class PhotoView extends Emitter {
  /** @type {Photo | null} */
  #photo = null;
  /** The frame that is being dragged, and where it began. @type {{pointer: number, from: [number, number], frame: Frame} | null} */
  #drag = null;

  /** @param {HTMLCanvasElement} canvas  over the pad */
  constructor(canvas) {
    super();
    this.canvas = canvas;
    canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    canvas.addEventListener("pointermove", (event) => this.#go(event));
    canvas.addEventListener("pointerup", (event) => this.#end(event));
    canvas.addEventListener("pointercancel", () => this.#stop());
    canvas.addEventListener("keydown", (event) => this.#key(event));
    new ResizeObserver(() => this.#paint()).observe(canvas);
    onNewColours(() => this.#paint());
  }

  /** @param {Photo | null} photo */
  show(photo) {
    this.#photo = photo;
    this.canvas.hidden = photo === null;
    this.#paint();
  }

  // ── A frame, by pointer or keys ──────────────────────────────────────────────────────────

  /** @param {PointerEvent} event */
  #begin(event) {
    if (this.#drag || event.button !== 0) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    const from = this.#place(event);
    this.#drag = { pointer: event.pointerId, from, frame: [...from, ...from] };
  }

  /** @param {PointerEvent} event */
  #go(event) {
    if (event.pointerId !== this.#drag?.pointer) return;
    const [x, y] = this.#place(event);
    const [fromX, fromY] = this.#drag.from;
    this.#drag.frame = [Math.min(x, fromX), Math.min(y, fromY), Math.max(x, fromX), Math.max(y, fromY)];
    this.#paint();
  }

  /** @param {PointerEvent} event */
  #end(event) {
    if (event.pointerId !== this.#drag?.pointer || !this.#photo) return;
    this.#go(event); // where it is let go counts, whether or not a move has told of that place
    const [left, top, right, bottom] = this.#drag.frame;
    const least = SMALLEST * longer(this.#photo);
    this.#stop();
    // A mere press is for the whole photograph again.
    this.#choose(right - left < least || bottom - top < least ? null : [left, top, right, bottom]);
  }

  /** @param {Frame | null} frame  shown at once; what is read in it comes later */
  #choose(frame) {
    if (!this.#photo) return;
    this.#photo = { ...this.#photo, frame };
    this.#paint();
    this.emit("frame", frame);
  }

  #stop() {
    this.#drag = null;
    this.#paint();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const arrow = ARROWS[event.key];
    if (!this.#photo || (!arrow && event.key !== "Escape")) return;
    event.preventDefault();
    this.#choose(arrow ? this.#moved(this.#photo, arrow, event.shiftKey) : null);
  }

  /**
   * @param {Photo} photo
   * @param {[number, number]} direction
   * @param {boolean} isSize  whether the lower right corner moves alone
   * @returns {Frame}
   */
  #moved(photo, [right, down], isSize) {
    const { width, height } = photo.canvas;
    const step = Math.round(KEY_STEP * longer(photo));
    const frame = photo.frame ?? [width * 0.25, height * 0.25, width * 0.75, height * 0.75].map(Math.round);
    const [x0, y0, x1, y1] = frame;
    if (isSize) return [x0, y0, keep(x1 + right * step, x0 + step, width), keep(y1 + down * step, y0 + step, height)];
    const [dx, dy] = [keep(right * step, -x0, width - x1), keep(down * step, -y0, height - y1)];
    return [x0 + dx, y0 + dy, x1 + dx, y1 + dy];
  }

  /**
   * @param {PointerEvent} event
   * @returns {[number, number]}  in the photograph's pixels
   */
  #place({ clientX, clientY }) {
    const { left, top, width } = this.canvas.getBoundingClientRect();
    const photo = /** @type {Photo} */ (this.#photo);
    const { scale, x, y } = fit(photo, width);
    return [
      Math.round(keep((clientX - left - x) / scale, 0, photo.canvas.width)),
      Math.round(keep((clientY - top - y) / scale, 0, photo.canvas.height)),
    ];
  }

  // ── Painting ─────────────────────────────────────────────────────────────────────────────

  #paint() {
    const photo = this.#photo;
    if (!photo) return;
    const { canvas } = this;
    const side = Math.max(1, Math.round(canvas.clientWidth * devicePixelRatio));
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    const { scale, x, y } = fit(photo, side);
    context.clearRect(0, 0, side, side);
    context.drawImage(photo.canvas, x, y, photo.canvas.width * scale, photo.canvas.height * scale);
    context.translate(x, y);
    context.scale(scale, scale);
    const width = (2 * devicePixelRatio) / scale;
    for (const box of photo.found ? boxes(photo.found) : []) this.#outline(context, box, "--accent", width);
    const frame = this.#drag?.frame ?? photo.frame;
    if (frame) {
      const [left, top, right, bottom] = frame;
      context.setLineDash([4 * width, 3 * width]);
      this.#outline(context, [left, top, right - left, bottom - top], "--validation", width);
    }
    context.setLineDash([]);
    context.resetTransform();
  }

  /**
   * A box that is seen on whatever paper: its colour, on a wider line of the page's ground.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {[number, number, number, number]} box
   * @param {string} colour
   * @param {number} width
   */
  #outline(context, box, colour, width) {
    for (const [name, wide] of /** @type {[string, number][]} */ ([["--card", 2 * width], [colour, width]])) {
      context.strokeStyle = getComputedStyle(this.canvas).getPropertyValue(name);
      context.lineWidth = wide;
      context.strokeRect(...box);
    }
  }
}

/**
 * Where a photograph is in a square.
 *
 * @param {Photo} photo
 * @param {number} side
 */
function fit(photo, side) {
  const { width, height } = photo.canvas;
  const scale = side / longer(photo);
  return { scale, x: (side - width * scale) / 2, y: (side - height * scale) / 2 };
}

/**
 * Of each digit, in the photograph's pixels: x, y, width, height.
 *
 * @param {Found} found
 * @returns {[number, number, number, number][]}
 */
function boxes({ frame: [left, top, right, bottom], digits }) {
  const [width, height] = [right - left, bottom - top];
  return digits.map(({ box: [x0, y0, x1, y1] }) => [left + x0 * width, top + y0 * height, (x1 - x0) * width, (y1 - y0) * height]);
}

/** @param {Photo} photo */
function longer({ canvas }) {
  return Math.max(canvas.width, canvas.height);
}

/**
 * @param {number} value
 * @param {number} least
 * @param {number} most
 */
function keep(value, least, most) {
  return Math.min(most, Math.max(least, value));
}
