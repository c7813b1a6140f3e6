/**
 * The drawing pad: keeps strokes, not pixels, and draws them smoothly at the screen's own density; or shows an image.
 *
 * @import { Drawing } from "../../protocol.js"
 * @import { Photo } from "./photo-view.js"
 *
 * @typedef {[number, number]} Point  x and y as shares of the pad's side, y down
 * @typedef {Point[]} Stroke
 *
 * @typedef {object} Content  what is on the pad
 * @property {Stroke[]} strokes
 * @property {Uint8Array | null} image  784 pixels, in place of strokes
 * @property {Photo | null} photo  in place of strokes, too
 */
import { onNewColours } from "../colours.js";
import { paintPixels, smallCanvas } from "../pixels.js";

/** The pen's width as a share of the pad's side; about a MNIST digit's, so that it feels right. */
const PEN_WIDTH = 0.06;
/** How far an arrow key moves the keyboard's pen. */
const KEY_STEP = 0.04;
/** How fast an example is drawn, in points a frame. */
const EXAMPLE_SPEED = 0.5;
/** How many steps can be undone. */
const MOST_UNDONE = 200;
/** Where arrow keys lead. @type {Record<string, Point>} */
export const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Fires `draw` whenever the strokes change. */
export class Pad extends EventTarget {
  /** @type {Content} */
  #content = { strokes: [], image: null, photo: null };
  /** What was on the pad before, the last one last. @type {Content[]} */
  #past = [];
  /** Whether what is on the pad is an example, which goes when the visitor draws. */
  #isExample = false;
  #scratch = smallCanvas();
  /** The stroke under way and the pointer that draws it. @type {{pointer: number, stroke: Stroke} | null} */
  #drawing = null;
  /** Where the keyboard's pen is, while the keyboard draws. @type {{at: Point, stroke: Stroke | null} | null} */
  #keyboard = null;
  #frame = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLButtonElement} undo
   * @param {HTMLButtonElement} clear
   */
  constructor(canvas, undo, clear) {
    super();
    this.canvas = canvas;
    this.undo = undo;
    this.clear = clear;
    canvas.addEventListener("pointerdown", (event) => this.#begin(event));
    canvas.addEventListener("pointermove", (event) => this.#go(event));
    canvas.addEventListener("pointerup", (event) => this.#end(event));
    canvas.addEventListener("pointercancel", (event) => this.#end(event));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("blur", () => this.#putAwayKeyboard());
    undo.addEventListener("click", () => this.#undo());
    clear.addEventListener("click", () => this.wipe());
    new ResizeObserver(() => this.#resize()).observe(canvas);
    onNewColours(() => this.#redraw());
    this.#changed();
  }

  /** What is on it, for the worker. @returns {Drawing} */
  get drawing() {
    const { strokes, image, photo } = this.#content;
    if (photo) return ofPhoto(photo);
    const points = Float32Array.from(strokes.flat(2));
    const lengths = Int32Array.from(strokes, (stroke) => stroke.length);
    return { points, lengths, pixels: image };
  }

  get strokes() {
    return this.#content.strokes;
  }

  get isEmpty() {
    const { strokes, image, photo } = this.#content;
    return strokes.length === 0 && !image && !photo;
  }

  /** The photograph on it, in place of strokes. */
  get photo() {
    return this.#content.photo;
  }

  /** What is to be kept of it; null where the visitor has drawn nothing. */
  get kept() {
    const { strokes, image, photo } = this.#content;
    if (this.#isExample || this.isEmpty) return null;
    return { strokes, image, photo: photo && { name: photo.name, content: photo.content, frame: photo.frame } };
  }

  /** @param {{strokes: Stroke[], image: Uint8Array | null} | null | undefined} kept  on an earlier visit; a photograph comes by itself */
  restore(kept) {
    if (!kept || !this.isEmpty) return;
    this.#content = { strokes: kept.strokes, image: kept.image, photo: null };
    this.#changed();
  }

  /** @param {{strokes: Stroke[], image: Uint8Array | null}} content  out of a file, in place of what is there */
  take({ strokes, image }) {
    this.#remember();
    this.#content = { strokes, image, photo: null };
    this.#liftPens();
  }

  get isExample() {
    return this.#isExample;
  }

  /** @param {Uint8Array} image  784 pixels, in place of what is there */
  put(image) {
    this.#remember();
    this.#content = { strokes: [], image, photo: null };
    this.#isExample = false;
    this.#liftPens();
  }

  /** @param {Photo} photo  in place of what is there; the same one, framed otherwise, is no step to be undone */
  putPhoto(photo) {
    if (photo.canvas !== this.photo?.canvas) this.#remember();
    this.#content = { strokes: [], image: null, photo };
    this.#isExample = false;
    this.#liftPens();
  }

  /**
   * Draw an example, as long as the visitor has drawn nothing.
   *
   * @param {Stroke[]} strokes
   */
  playExample(strokes) {
    if (!this.isEmpty || this.#past.length) return;
    this.#isExample = true;
    const isStill = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const all = strokes.flatMap((stroke, i) => stroke.map((point) => ({ i, point })));
    let drawn = 0;
    const go = () => {
      if (!this.#isExample) return;
      drawn = isStill ? all.length : Math.min(all.length, drawn + EXAMPLE_SPEED);
      const soFar = all.slice(0, Math.max(1, Math.floor(drawn)));
      this.#content = {
        strokes: strokes.map((_, i) => soFar.filter((each) => each.i === i).map(({ point }) => point)).filter(({ length }) => length),
        image: null,
        photo: null,
      };
      this.#changed();
      if (drawn < all.length) requestAnimationFrame(go);
    };
    go();
  }

  /** What is about to change can be undone; an example is nobody's loss. */
  #remember() {
    if (this.#isExample) this.#content = { strokes: [], image: null, photo: null };
    this.#isExample = false;
    const { strokes, ...rest } = this.#content;
    this.#past = [...this.#past, { strokes: [...strokes], ...rest }].slice(-MOST_UNDONE);
  }

  // ── Pointer ──────────────────────────────────────────────────────────────────────────────

  /** @param {PointerEvent} event */
  #begin(event) {
    if (this.#drawing || event.button !== 0) return; // a second finger does not draw
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    /** @type {Stroke} */
    const stroke = [this.#place(event)];
    this.#drawing = { pointer: event.pointerId, stroke };
    this.#addStroke(stroke);
    this.#changed();
  }

  /** @param {PointerEvent} event */
  #go(event) {
    if (event.pointerId !== this.#drawing?.pointer) return;
    const events = event.getCoalescedEvents?.() ?? [];
    for (const each of events.length ? events : [event]) this.#drawing.stroke.push(this.#place(each));
    this.#changed();
  }

  /** @param {PointerEvent} event */
  #end(event) {
    if (event.pointerId !== this.#drawing?.pointer) return;
    this.#drawing = null;
  }

  /**
   * @param {PointerEvent} event
   * @returns {Point}
   */
  #place({ clientX, clientY }) {
    const { left, top } = this.canvas.getBoundingClientRect();
    const { clientLeft, clientTop, clientWidth, clientHeight } = this.canvas; // inside its border
    return [keep((clientX - left - clientLeft) / clientWidth), keep((clientY - top - clientTop) / clientHeight)];
  }

  // ── Keyboard: arrows move, Space puts the pen down or lifts it ───────────────────────────

  /** @param {KeyboardEvent} event */
  #key(event) {
    const arrow = ARROWS[event.key];
    if (event.key === "z" && (event.ctrlKey || event.metaKey)) this.#undo();
    else if (event.key === " ") this.#toggleKeyboardPen();
    else if (arrow) this.#moveKeyboardPen(arrow);
    else return;
    event.preventDefault();
  }

  #toggleKeyboardPen() {
    this.#keyboard ??= { at: [0.5, 0.5], stroke: null };
    if (this.#keyboard.stroke) {
      this.#keyboard.stroke = null;
    } else {
      this.#keyboard.stroke = [[...this.#keyboard.at]];
      this.#addStroke(this.#keyboard.stroke);
    }
    this.#changed();
  }

  /** @param {Point} direction */
  #moveKeyboardPen([right, down]) {
    this.#keyboard ??= { at: [0.5, 0.5], stroke: null };
    const [x, y] = this.#keyboard.at;
    this.#keyboard.at = [keep(x + right * KEY_STEP), keep(y + down * KEY_STEP)];
    this.#keyboard.stroke?.push([...this.#keyboard.at]);
    this.#changed();
  }

  #putAwayKeyboard() {
    this.#keyboard = null;
    this.#redraw();
  }

  // ── Undo and Clear ───────────────────────────────────────────────────────────────────────

  /** @param {Stroke} stroke */
  #addStroke(stroke) {
    this.#remember();
    this.#content = { strokes: [...this.#content.strokes, stroke], image: null, photo: null };
  }

  #undo() {
    const before = this.#past.pop();
    if (!before) return;
    this.#content = before;
    this.#liftPens();
  }

  wipe() {
    const wasExample = this.#isExample;
    this.#remember();
    if (wasExample) this.#past.pop();
    this.#content = { strokes: [], image: null, photo: null };
    this.#liftPens();
  }

  #liftPens() {
    this.#drawing = null;
    if (this.#keyboard) this.#keyboard.stroke = null;
    this.#changed();
  }

  #changed() {
    this.undo.disabled = this.#past.length === 0;
    this.clear.disabled = this.isEmpty;
    this.canvas.dataset.strokes = String(this.strokes.length);
    this.#redraw();
    this.dispatchEvent(new Event("draw"));
  }

  // ── Drawing ──────────────────────────────────────────────────────────────────────────────

  #resize() {
    const side = Math.max(1, Math.round(this.canvas.clientWidth * devicePixelRatio));
    if (this.canvas.width === side) return;
    this.canvas.width = this.canvas.height = side;
    this.#redraw();
  }

  #redraw() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#paint());
  }

  #paint() {
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
    const side = this.canvas.width;
    const style = getComputedStyle(this.canvas);
    context.clearRect(0, 0, side, side);
    context.save();
    context.scale(side, side);
    context.lineCap = context.lineJoin = "round";
    context.lineWidth = PEN_WIDTH;
    context.strokeStyle = style.color;
    if (this.#content.image) {
      paintPixels(this.#scratch, this.#content.image);
      context.imageSmoothingEnabled = false;
      context.drawImage(this.#scratch, 0, 0, 1, 1);
    }
    if (this.#isExample) context.globalAlpha = 0.55;
    for (const stroke of this.strokes) paintStroke(context, stroke);
    context.globalAlpha = 1;
    if (this.#keyboard) this.#paintPen(context, this.#keyboard.at, this.#keyboard.stroke !== null, style);
    context.restore();
  }

  /**
   * The keyboard's pen: a ring with a cross, seen on paper and on ink; filled while it is down.
   *
   * @param {CanvasRenderingContext2D} context
   * @param {Point} at
   * @param {boolean} isDown
   * @param {CSSStyleDeclaration} style
   */
  #paintPen(context, [x, y], isDown, style) {
    for (const [colour, width] of /** @type {[string, number][]} */ ([["--card", 0.02], ["--validation", 0.01]])) {
      context.strokeStyle = context.fillStyle = style.getPropertyValue(colour);
      context.lineWidth = width;
      context.beginPath();
      context.arc(x, y, PEN_WIDTH * 0.7, 0, 7);
      if (isDown) context.fill();
      context.moveTo(x - PEN_WIDTH, y);
      context.lineTo(x + PEN_WIDTH, y);
      context.moveTo(x, y - PEN_WIDTH);
      context.lineTo(x, y + PEN_WIDTH);
      context.stroke();
    }
  }
}

/**
 * @param {Photo} photo
 * @returns {Drawing}
 */
function ofPhoto({ found }) {
  const stages = found?.digits ?? [];
  const pixels = new Uint8Array(stages.length * 784);
  stages.forEach((digit, i) => pixels.set(digit.pixels, i * 784));
  return { points: new Float32Array(), lengths: new Int32Array(), pixels, stages };
}

/**
 * A curve through the middles between neighbouring points, bent towards the points: no corners.
 *
 * @param {CanvasRenderingContext2D} context
 * @param {Stroke} stroke
 */
export function paintStroke(context, stroke) {
  const last = stroke[stroke.length - 1];
  context.beginPath();
  context.moveTo(...stroke[0]);
  for (let i = 1; i < stroke.length - 1; i++) {
    const [x, y] = stroke[i];
    const [nextX, nextY] = stroke[i + 1];
    context.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  }
  // A single point becomes a dot, by the round caps, as long as the line has some length.
  context.lineTo(last[0] + (stroke.length === 1 ? 1e-4 : 0), last[1]);
  context.stroke();
}

/** @param {number} share */
function keep(share) {
  return Math.min(1, Math.max(0, share));
}
