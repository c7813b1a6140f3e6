/**
 * @import { Experiment } from "../experiment.js"
 * @import { Unit } from "../protocol.js"
 */
import { Emitter } from "../emitter.js";
import { button, element } from "./elements.js";
import { nameOf } from "./names.js";
import { short } from "./numbers.js";
import { paintPixels, paintSigned, smallCanvas, toSigned } from "./pixels.js";

/**
 * One hidden unit, opened: its sum for the drawing in hand, its ReLU, what it gives to the answers, what excites it most.
 *
 * @extends {Emitter<{silence: number}>}
 */
export class UnitDialog extends Emitter {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {Experiment} experiment
   */
  constructor(dialog, experiment) {
    super();
    this.dialog = dialog;
    this.experiment = experiment;
  }

  /**
   * @param {number} index
   * @param {Uint8Array | null} pixels  of the drawing in hand
   * @param {boolean} isSilenced
   */
  async open(index, pixels, isSilenced) {
    const unit = await this.experiment.look("unit", { index, pixels, reader: this.experiment.reader });
    if (!unit) return;
    const title = element("h2", `Hidden unit ${index}`);
    title.id = "unit-title";
    const close = button("Close", () => this.dialog.close());
    const silence = button(isSilenced ? "Let it speak" : "Silence it", () => {
      this.dialog.close();
      this.emit("silence", index);
    });
    const head = element("div", "", "title");
    head.append(title, silence, close);
    this.dialog.replaceChildren(head, sum(unit, pixels !== null), outgoing(unit), strongest(unit));
    this.dialog.showModal();
  }
}

/**
 * @param {Unit} unit
 * @param {boolean} hasDrawing
 */
function sum({ weights, products, bias, sum, output }, hasDrawing) {
  const section = element("div", "", "unit-sum");
  section.append(picture("its 784 weights: blue wants ink, orange wants none", toSigned(weights)));
  if (!hasDrawing) {
    section.append(element("p", "Draw a digit, and see what it makes of it.", "note"));
    return section;
  }
  section.append(picture("each times the drawing’s pixel", toSigned(products)));
  const up = products.reduce((total, product) => total + Math.max(0, product), 0);
  const down = products.reduce((total, product) => total + Math.min(0, product), 0);
  const words = element("p", "", "sum");
  const relu = sum > 0 ? `above 0, so ReLU passes it: ${short(output)}` : "not above 0, so ReLU makes it 0: silent";
  words.append(
    `pixels that push up ${short(up)}, down ${short(down)}, bias ${short(bias)}`,
    document.createElement("br"),
    element("b", `sum ${short(sum)}`),
    ` ${relu}.`,
  );
  section.append(words);
  return section;
}

/** @param {Unit} unit */
function outgoing({ outgoing, given }) {
  const section = element("div");
  section.append(element("h3", "What it gives to each answer"));
  const list = element("ol", "", "given");
  const numbers = given.some((number) => number !== 0) ? given : outgoing;
  const largest = Math.max(1e-9, ...numbers.map(Math.abs));
  numbers.forEach((number, digit) => {
    const item = element("li");
    const bar = element("span", "", number < 0 ? "bar down" : "bar");
    bar.style.setProperty("--share", String(Math.abs(number) / largest));
    item.append(element("b", nameOf(digit)), bar, element("span", short(number), "figure"));
    list.append(item);
  });
  section.append(list);
  if (numbers === outgoing) section.append(element("p", "It is silent now; these are its weights.", "note"));
  return section;
}

/** @param {Unit} unit */
function strongest({ strongest, labels }) {
  const section = element("div");
  if (!labels.length) return section;
  section.append(element("h3", "Test images that excite it most"));
  const list = element("ul", "", "thumbs");
  labels.forEach((label, i) => {
    const item = element("li");
    const canvas = smallCanvas();
    paintPixels(canvas, strongest.subarray(784 * i, 784 * (i + 1)));
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `a ${label}`);
    item.append(canvas);
    list.append(item);
  });
  section.append(list);
  return section;
}

/**
 * @param {string} caption
 * @param {Int8Array} numbers
 */
function picture(caption, numbers) {
  const figure = element("figure");
  const canvas = smallCanvas();
  paintSigned(canvas, numbers);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", caption);
  figure.append(canvas, element("figcaption", caption));
  return figure;
}
