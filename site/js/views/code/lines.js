/**
 * @import { Line, Method, NumArray } from "../../protocol.js"
 */
import { reachOne, rove } from "../roving.js";
import { shapeOf } from "./shape.js";

/** The lines of a phase, as they run: each word, line and product knows which array it stands for. */
export class Lines {
  /** @type {Map<number, HTMLElement>} by line number */
  #lines = new Map();
  /** @type {{place: HTMLElement, product: [string, string], result: string}[]} */
  #products = [];

  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
    rove(place, ".line[data-thing]");
  }

  /** @param {Method[]} methods */
  show(methods) {
    this.#lines.clear();
    this.#products = [];
    this.place.replaceChildren(...methods.map((method) => this.#method(method)));
    reachOne([.../** @type {NodeListOf<HTMLElement>} */ (this.place.querySelectorAll(".line[data-thing]"))]);
  }

  /** @param {Record<string, NumArray>} arrays  by which the products are drawn as the shapes that they are */
  showShapes(arrays) {
    for (const { place, product, result } of this.#products) {
      const [left, right] = product.map((operand) => operandShape(operand, arrays));
      const made = arrays[result]?.shape ?? arrays[`updated_${result}`]?.shape;
      place.replaceChildren();
      if (left && right && made) place.append(shapeOf(left), " · ", shapeOf(right), " = ", shapeOf(made));
    }
  }

  /**
   * Mark the line that ran last.
   *
   * @param {number | null} number
   */
  mark(number) {
    for (const [each, line] of this.#lines) line.toggleAttribute("data-ran", each === number);
    const line = number === null ? null : this.#lines.get(number);
    line?.scrollIntoView({ block: "nearest" });
  }

  /**
   * Mark the line in which something is made wrong.
   *
   * @param {number | null} number  null where there is none
   */
  accuse(number) {
    for (const [each, line] of this.#lines) line.toggleAttribute("data-wrong", each === number);
  }

  /** @param {Method} method */
  #method({ name, lines }) {
    const block = document.createElement("div");
    block.className = "method";
    block.setAttribute("role", "group");
    block.setAttribute("aria-label", name);
    block.append(...lines.flatMap((line) => this.#line(line)));
    return block;
  }

  /** @param {Line} line */
  #line({ number, words, arrays, product }) {
    const line = document.createElement("div");
    line.className = "line";
    line.dataset.line = String(number);
    if (arrays.length) {
      line.dataset.thing = arrays[0];
      line.setAttribute("role", "note");
      line.setAttribute("aria-label", `Line ${number} makes ${arrays.join(", ")}: ${words.map(([text]) => text).join("").trim()}`);
    }
    const place = document.createElement("span");
    place.className = "lineno";
    place.textContent = String(number);
    const code = document.createElement("code");
    code.append(...words.map(word));
    line.append(place, code);
    this.#lines.set(number, line);
    if (!product || !arrays.length) return [line];
    const shapes = document.createElement("div");
    shapes.className = "product";
    this.#products.push({ place: shapes, product, result: arrays[0] });
    return [line, shapes];
  }
}

/** @param {import("../../protocol.js").Word} word */
function word([text, kind, thing]) {
  if (!kind) return text;
  const element = document.createElement("span");
  element.className = kind;
  element.textContent = text;
  if (kind === "dimension") element.dataset.dim = thing;
  if (kind === "array") element.dataset.thing = thing;
  return element;
}

/**
 * @param {string} operand  an array's name, with .T if it is transposed
 * @param {Record<string, NumArray>} arrays
 */
function operandShape(operand, arrays) {
  const name = operand.replace(/\.T$/, "");
  const shape = arrays[name === "X_batch" ? "X" : name]?.shape;
  return shape && (operand.endsWith(".T") ? [...shape].reverse() : shape);
}
