/**
 * @import { Corrections } from "../../kept/corrections.js"
 * @import { Example } from "../../kept/examples.js"
 * @import { Stroke } from "./pad.js"
 */
import { fromBase64 } from "../../kept/examples.js";
import { Emitter } from "../../emitter.js";
import { button, element } from "../elements.js";
import { aName, nameOf, onNewNames } from "../names.js";
import { paintPixels, smallCanvas } from "../pixels.js";
import { paintStroke } from "./pad.js";

/**
 * “Wrong? Tell it.”: ten keys that say which digit the drawing is, and what was said of others, each to be taken back.
 *
 * @extends {Emitter<{correct: number, change: null, export: null}>}
 */
export class CorrectionsPanel extends Emitter {
  /** What was removed last, and can be brought back. @type {Example[]} */
  #removed = [];

  /**
   * @param {HTMLElement} place  holds #wrong, #correct and the panel
   * @param {Corrections} corrections
   */
  constructor(place, corrections) {
    super();
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (place.querySelector(selector));
    this.corrections = corrections;
    this.wrong = /** @type {HTMLButtonElement} */ (find("#wrong"));
    this.keys = find("#correct");
    this.panel = find(".corrections");
    this.words = find("[data-testid=corrections]");
    this.kept = find(".kept");
    this.mix = /** @type {HTMLInputElement} */ (find("#mix"));
    this.wrong.addEventListener("click", () => this.#open(this.keys.hidden === true));
    this.keys.append(...Array.from({ length: 10 }, (_, digit) => this.#key(digit)));
    onNewNames(() => [...this.keys.children].forEach((key, digit) => (key.textContent = nameOf(digit))));
    this.mix.addEventListener("change", () => this.#change());
    find("#export").addEventListener("click", () => this.emit("export", null));
    find("#delete").addEventListener("click", () => {
      this.#removed = corrections.all;
      corrections.clear();
      this.#change("All corrections are deleted.");
    });
    this.back = find("#bring-corrections");
    this.back.addEventListener("click", () => {
      corrections.bringBack(this.#removed);
      this.#removed = [];
      this.#change("They are here again.");
    });
    this.#show("");
  }

  /** The drawings to train on. */
  get mixedIn() {
    return this.mix.checked ? this.corrections.forTraining() : null;
  }

  /** @param {boolean} isThere  whether there is a drawing to say something of */
  offer(isThere) {
    this.wrong.disabled = !isThere;
    if (!isThere) this.#open(false);
  }

  /**
   * The visitor says which digit a drawing is.
   *
   * @param {number} digit
   * @param {Stroke[] | Uint8Array} what  strokes, or the 784 pixels of a picture
   */
  add(digit, what) {
    const isChanged = what instanceof Uint8Array ? this.corrections.addPicture(digit, what) : this.corrections.add(digit, what);
    this.#change(`${isChanged ? "Changed" : "Noted"}: ${aName(digit)}.`);
    this.#open(false);
    this.wrong.focus({ preventScroll: true });
  }

  /** Another tab has changed them, too. */
  refresh() {
    this.#change();
  }

  /** @param {boolean} isOpen */
  #open(isOpen) {
    this.keys.hidden = !isOpen;
    this.wrong.setAttribute("aria-expanded", String(isOpen));
  }

  /** @param {number} digit */
  #key(digit) {
    return button(String(digit), () => this.emit("correct", digit));
  }

  /** @param {string} news  what has just happened, in a sentence */
  #change(news = "") {
    this.#show(news);
    this.emit("change", null);
  }

  /** @param {string} news */
  #show(news) {
    const { count, isStored } = this.corrections;
    this.panel.hidden = count === 0 && !news;
    this.back.hidden = this.#removed.length === 0;
    this.panel.toggleAttribute("data-none", count === 0);
    this.words.dataset.value = String(count);
    const kept = isStored ? "kept in this browser" : "kept until the page is closed";
    const words = count === 1 ? `1 correction is ${kept}.` : `${count} corrections are ${kept}.`;
    this.words.textContent = `${news} ${count ? words : ""}`.trim();
    this.kept.replaceChildren(...this.corrections.all.map((correction) => this.#item(correction)));
  }

  /** @param {Example} correction */
  #item(correction) {
    const item = element("li");
    const back = button("", () => {
      this.#removed = [correction];
      this.corrections.remove(correction);
      this.#change("Taken back.");
      this.wrong.focus({ preventScroll: true });
    });
    back.setAttribute("aria-label", `Take back: ${aName(correction.label)}`);
    back.title = "Take it back";
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 72;
    paintExample(/** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")), correction);
    back.append(canvas, element("span", String(correction.label)));
    item.append(back);
    return item;
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Example} example
 */
function paintExample(context, { strokes, pixels }) {
  if (pixels) {
    const small = smallCanvas();
    paintPixels(small, fromBase64(pixels));
    context.drawImage(small, 0, 0, 72, 72);
  }
  context.scale(72 / 255, 72 / 255);
  context.lineCap = context.lineJoin = "round";
  context.lineWidth = 16;
  context.strokeStyle = "#fff";
  for (const stroke of strokes ?? []) paintStroke(context, stroke);
}
