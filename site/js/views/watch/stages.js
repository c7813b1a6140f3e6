/**
 * @import { Found, Reading } from "../../protocol.js"
 * @import { Stroke } from "../hand/pad.js"
 */
import { paintStroke } from "../hand/pad.js";
import { onNewColours } from "../colours.js";
import { paintPixels } from "../pixels.js";

/** A canvas' own pixels a side; CSS makes it smaller. */
const SIDE = 224;
const PIXEL = SIDE / 28;
/** The 20x20 box of MNIST's digits begins this many pixels from the edge. */
const MARGIN = 4;

/** How a drawing, or a photograph, becomes 784 numbers, step by step. */
export class Stages {
  /** @type {[Stroke[], Reading | null, Found | null]} */
  #shown = [[], null, null];

  /** @param {HTMLDetailsElement} element  holds a canvas for each stage, by data-stage; painted while it is open */
  constructor(element) {
    this.element = element;
    this.scratch = document.createElement("canvas");
    this.scratch.width = this.scratch.height = 28;
    for (const canvas of element.querySelectorAll("canvas")) canvas.width = canvas.height = SIDE;
    onNewColours(() => this.#paintAll());
    element.addEventListener("toggle", () => this.#paintAll());
  }

  /**
   * @param {Stroke[]} strokes
   * @param {Reading | null} reading
   * @param {Found | null} found  how it was found on a photograph, if it was
   */
  show(strokes, reading, found) {
    this.#shown = [strokes, reading, found];
    this.#paintAll();
  }

  #paintAll() {
    if (!this.element.open) return;
    const [strokes, reading, found] = this.#shown;
    this.element.toggleAttribute("data-empty", reading === null);
    for (const item of this.element.querySelectorAll("[data-of]")) {
      /** @type {HTMLElement} */ (item).hidden = (/** @type {HTMLElement} */ (item).dataset.of === "photo") !== (found !== null);
    }
    if (found) this.#paintPhoto(found, reading);
    this.#paint("strokes", (context) => this.#strokes(context, strokes));
    this.#paint("box", (context) => {
      this.#strokes(context, strokes);
      if (reading) this.#frame(context, ...boxSquare(reading.box));
    });
    this.#paint("scaled", (context) => {
      this.#pixels(context, reading?.scaled ?? null);
      this.#frame(context, MARGIN * PIXEL, MARGIN * PIXEL, 20 * PIXEL, 20 * PIXEL);
    });
    this.#paint("centred", (context) => {
      this.#pixels(context, reading?.pixels ?? null);
      if (reading) this.#arrow(context, reading.shift);
    });
    this.#paint("numbers", (context) => {
      this.#pixels(context, reading?.pixels ?? null);
      context.strokeStyle = "#444";
      context.lineWidth = 1;
      for (let line = 0; line <= SIDE; line += PIXEL) context.strokeRect(line, 0, 0, SIDE), context.strokeRect(0, line, SIDE, 0);
    });
  }

  /**
   * @param {Found} found
   * @param {Reading | null} reading
   */
  #paintPhoto(found, reading) {
    const { width, height, seen, darkness, written } = found;
    const longer = Math.max(width, height);
    const [x, y] = [width, height].map((side) => ((longer - side) / 2 / longer) * SIDE);
    const scale = SIDE / longer;
    /** @type {[string, (i: number, channel: number) => number][]} */
    const pictures = [
      ["seen", (i, channel) => seen[3 * i + channel]],
      ["darkness", (i) => 255 - darkness[i]],
      ["written", (i) => 255 - written[i]],
    ];
    for (const [stage, value] of pictures) {
      this.#paint(stage, (context) => {
        context.drawImage(picture(width, height, value), x, y, width * scale, height * scale);
        if (stage !== "written" || !reading) return;
        const [left, top, right, bottom] = reading.box;
        this.#frame(context, x + left * width * scale, y + top * height * scale, (right - left) * width * scale, (bottom - top) * height * scale);
      });
    }
  }

  /**
   * @param {string} stage
   * @param {(context: CanvasRenderingContext2D) => void} paint
   */
  #paint(stage, paint) {
    const canvas = /** @type {HTMLCanvasElement} */ (this.element.querySelector(`[data-stage="${stage}"]`));
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    context.clearRect(0, 0, SIDE, SIDE);
    context.save();
    paint(context);
    context.restore();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Stroke[]} strokes
   */
  #strokes(context, strokes) {
    context.save();
    context.scale(SIDE, SIDE);
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = 0.03;
    context.strokeStyle = getComputedStyle(this.element).color;
    for (const stroke of strokes) paintStroke(context, stroke);
    context.restore();
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {Uint8Array | null} pixels
   */
  #pixels(context, pixels) {
    paintPixels(this.scratch, pixels);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.scratch, 0, 0, SIDE, SIDE);
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {[number, number, number, number]} square
   */
  #frame(context, ...square) {
    context.strokeStyle = getComputedStyle(this.element).getPropertyValue("--validation");
    context.lineWidth = 3;
    context.strokeRect(...square);
  }

  /**
   * From where the centre of mass was to the middle, where it is now.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Float32Array} shift
   */
  #arrow(context, [right, down]) {
    const middle = SIDE / 2;
    context.strokeStyle = context.fillStyle = getComputedStyle(this.element).getPropertyValue("--validation");
    context.lineWidth = 4;
    context.beginPath();
    context.moveTo(middle - right * PIXEL, middle - down * PIXEL);
    context.lineTo(middle, middle);
    context.stroke();
    context.beginPath();
    context.arc(middle, middle, 7, 0, 7);
    context.fill();
  }
}

/**
 * @param {Float32Array} box  left, top, right, bottom as shares
 * @returns {[number, number, number, number]}  x, y, width, height on the canvas
 */
function boxSquare([left, top, right, bottom]) {
  return [left * SIDE, top * SIDE, (right - left) * SIDE, (bottom - top) * SIDE];
}

/**
 * @param {number} width
 * @param {number} height
 * @param {(i: number, channel: number) => number} value  0 to 255, of each pixel
 */
function picture(width, height, value) {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    for (let channel = 0; channel < 3; channel++) image.data[4 * i + channel] = value(i, channel);
    image.data[4 * i + 3] = 255;
  }
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [width, height];
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(image, 0, 0);
  return canvas;
}
