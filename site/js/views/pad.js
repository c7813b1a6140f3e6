/**
 * The drawing pad: keeps strokes, not pixels, and draws them smoothly at the screen's own density.
 *
 * @typedef {[number, number]} Point  x and y as shares of the pad's side, y down
 * @typedef {Point[]} Stroke
 */

/** The pen's width as a share of the pad's side; about a MNIST digit's, so that it feels right. */
const PEN_WIDTH = 0.06;
/** How far an arrow key moves the keyboard's pen. */
const KEY_STEP = 0.04;
/** @type {Record<string, Point>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Fires `draw` whenever the strokes change. */
export class Pad extends EventTarget {
  /** @type {Stroke[]} */
  #strokes = [];
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
    clear.addEventListener("click", () => this.#clear());
    new ResizeObserver(() => this.#resize()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#redraw());
    this.#changed();
  }

  /** The strokes as flat arrays, for the worker. */
  get drawing() {
    const points = Float32Array.from(this.#strokes.flat(2));
    const lengths = Int32Array.from(this.#strokes, (stroke) => stroke.length);
    return { points, lengths };
  }

  get strokes() {
    return this.#strokes;
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
    this.#strokes.push(stroke);
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
    const { left, top, width, height } = this.canvas.getBoundingClientRect();
    return [(clientX - left) / width, (clientY - top) / height];
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
      this.#strokes.push(this.#keyboard.stroke);
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

  #undo() {
    this.#strokes.pop();
    this.#liftPens();
  }

  #clear() {
    this.#strokes = [];
    this.#liftPens();
  }

  #liftPens() {
    this.#drawing = null;
    if (this.#keyboard) this.#keyboard.stroke = null;
    this.#changed();
  }

  #changed() {
    this.undo.disabled = this.clear.disabled = this.#strokes.length === 0;
    this.canvas.dataset.strokes = String(this.#strokes.length);
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
    for (const stroke of this.#strokes) paintStroke(context, stroke);
    if (this.#keyboard) {
      context.beginPath();
      context.arc(...this.#keyboard.at, PEN_WIDTH * (this.#keyboard.stroke ? 0.5 : 0.8), 0, 7);
      context.lineWidth = 0.006;
      context.strokeStyle = style.getPropertyValue("--accent");
      context.stroke();
    }
    context.restore();
  }
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
