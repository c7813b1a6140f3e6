/** @import { NumArray } from "../../protocol.js" */
import { onNewColours } from "../colours.js";
import { element } from "../elements.js";
import { largest, short } from "../numbers.js";
import { layoutOf, paintArray } from "./array-picture.js";
import { dimensionsOf, plainName, shapeOf } from "./shape.js";

/** What each array is, in a few words. @type {Record<string, string>} */
const MEANINGS = {
  X: "the images of the batch",
  y: "the right digits",
  weights1: "pixels to hidden units, as one image a unit",
  biases1: "one a hidden unit",
  weights2: "hidden units to answers",
  biases2: "one an answer",
  layer1_input: "what each hidden unit sums",
  layer1_output: "what ReLU leaves of it",
  layer2_input: "the logits, one an answer",
  exp_x: "e to each logit, less the largest",
  output: "the probabilities",
  y_one_hot: "1 at the right digit",
  losses: "the loss, image by image",
  loss: "their mean",
  d_output: "what was said, less what was right",
  d_weights2: "gradient of weights2",
  d_biases2: "gradient of biases2",
  d_hidden: "the blame, at the hidden units",
  d_hidden_relu: "and where they fired",
  d_weights1: "gradient of weights1",
  d_biases1: "gradient of biases1",
  updated_weights1: "after the step",
  updated_biases1: "after the step",
  updated_weights2: "after the step",
  updated_biases2: "after the step",
  loss_after: "the loss of the same images after the step",
};

/** An array beside its lines: name, shape, dtype, range, a picture, and each value on hover, tap and by arrow keys. */
export class ArrayCard {
  /** @type {NumArray | null} */
  #array = null;
  /** @type {import("./array-picture.js").Layout | null} */
  #layout = null;
  /** The cell that is read out. @type {[number, number]} */
  #at = [0, 0];
  #isStale = false;

  /**
   * @param {HTMLElement} place
   * @param {string} name
   * @param {(name: string) => NumArray | undefined} other  finds another array, to explain a value by
   * @param {() => number} learningRate  of the step
   */
  constructor(place, name, other, learningRate) {
    this.element = place;
    this.name = name;
    this.plainName = plainName(name);
    this.other = other;
    this.learningRate = learningRate;
    place.className = "array";
    place.hidden = true;
    place.dataset.testid = `array-${name}`;
    place.dataset.thing = name;
    this.title = element("p", "", "array-title");
    this.canvas = document.createElement("canvas");
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute("role", "img");
    this.value = element("p", "", "value");
    this.value.setAttribute("role", "status");
    place.append(this.title, this.canvas, this.value);
    this.canvas.addEventListener("pointermove", (event) => this.#point(event));
    this.canvas.addEventListener("pointerdown", (event) => this.#point(event));
    this.canvas.addEventListener("keydown", (event) => this.#key(event));
    this.canvas.addEventListener("focus", () => this.#tell());
    onNewColours(() => this.#paint());
  }

  /** @param {NumArray | undefined} array  nothing where the code makes none */
  show(array) {
    this.#array = array ?? null;
    this.element.hidden = !array;
    if (!array) return;
    const { shape, data } = array;
    const { min, max, mean } = rangeOf(data);
    Object.assign(this.element.dataset, { shape: shape.join(","), min, max, mean });
    const isNumber = shape.length === 0;
    const range = `${data instanceof Float32Array ? "float32" : "int"}, ${short(min)} to ${short(max)}`;
    this.title.replaceChildren(
      element("b", this.plainName),
      " ",
      isNumber ? "" : shapeOf(shape, dimensionsOf(this.name, shape)),
      " ",
      element("small", isNumber ? short(data[0]) : range),
      element("small", MEANINGS[this.name] ?? ""),
    );
    this.canvas.hidden = isNumber;
    this.canvas.setAttribute(
      "aria-label",
      `${this.name}, shape ${shape.join(" by ")}, ${short(min)} to ${short(max)}. Arrow keys read it.`,
    );
    this.#layout = layoutOf(shape);
    this.#at = [Math.min(this.#at[0], this.#layout.width - 1), Math.min(this.#at[1], this.#layout.height - 1)];
    this.#isStale = true;
    if (this.value.textContent) this.#tell();
  }

  /** Paint, if there is anything new. */
  refresh() {
    if (this.#isStale) this.#paint();
  }

  get #isUpdated() {
    return this.plainName !== this.name;
  }

  /** @param {"yes" | "now" | "not yet"} whether it has been made by the lines that ran */
  made(whether) {
    this.element.dataset.made = whether;
    if (whether !== "now") return;
    this.element.scrollIntoView({ block: "nearest" });
    const gradient = this.#isUpdated ? this.other(`d_${this.plainName}`) : undefined;
    if (gradient) this.#readOut(largest(gradient.data.map(Math.abs)));
  }

  /** @param {number} index  read out this number */
  #readOut(index) {
    if (!this.#layout) return;
    const { width, height, indexAt } = this.#layout;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (indexAt(x, y) === index) this.#at = [x, y];
      }
    }
    this.#tell();
  }

  #paint() {
    if (!this.#array || !this.#layout || !this.element.offsetParent) return;
    this.#isStale = false;
    if (this.canvas.hidden) return;
    const { width, height } = this.#layout;
    paintArray(this.canvas, this.#array, this.#layout, this.name === "X");
    this.canvas.style.aspectRatio = `${width} / ${height}`;
    this.canvas.style.width = `min(100%, ${width * (width > 200 ? 1.6 : Math.min(14, Math.ceil(220 / width)))}px)`;
  }

  /** @param {PointerEvent} event */
  #point({ offsetX, offsetY }) {
    if (!this.#layout) return;
    const { width, height } = this.#layout;
    const x = Math.floor((offsetX / this.canvas.clientWidth) * width);
    const y = Math.floor((offsetY / this.canvas.clientHeight) * height);
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    this.#at = [x, y];
    this.#tell();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] }[event.key];
    if (!step || !this.#layout) return;
    event.preventDefault();
    const { width, height, indexAt } = this.#layout;
    let [x, y] = this.#at;
    do {
      x += step[0];
      y += step[1];
      if (x < 0 || y < 0 || x >= width || y >= height) return;
    } while (indexAt(x, y) < 0); // over the gap between two tiles
    this.#at = [x, y];
    this.#tell();
  }

  #tell() {
    if (!this.#array || !this.#layout) return;
    const index = this.#layout.indexAt(...this.#at);
    if (index < 0) return;
    const { shape, data } = this.#array;
    const place = shape.length === 2 ? `[${Math.floor(index / shape[1])}, ${index % shape[1]}]` : `[${index}]`;
    this.value.textContent = `${this.plainName}${place} = ${this.#because(index)}${short(data[index])}`;
  }

  /**
   * Of an updated weight, how it came about.
   *
   * @param {number} index
   */
  #because(index) {
    const [before, gradient] = [this.other(this.plainName), this.other(`d_${this.plainName}`)];
    if (!this.#isUpdated || !before || !gradient) return "";
    return `${short(before.data[index])} − ${short(this.learningRate())} · ${short(gradient.data[index])} = `;
  }
}

/** @param {Float32Array | Int32Array} data */
function rangeOf(data) {
  let [min, max, sum] = [Infinity, -Infinity, 0];
  for (let i = 0; i < data.length; i++) {
    const number = data[i]; // by index: an iterator takes five times as long
    if (number < min) min = number;
    if (number > max) max = number;
    sum += number;
  }
  return data.length ? { min, max, mean: sum / data.length } : { min: 0, max: 0, mean: 0 };
}
