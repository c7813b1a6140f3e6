/**
 * @import { Reading } from "../../protocol.js"
 */
import { nameOf, onNewNames } from "../names.js";
import { paintPixels } from "../pixels.js";

/** The picture of the network: pixels, hidden units, answers. The hidden units are a view of their own. */
export class Flow {
  /**
   * @param {HTMLCanvasElement} input
   * @param {HTMLElement} output  a list
   */
  constructor(input, output) {
    this.input = input;
    this.rows = Array.from({ length: 10 }, (_, digit) => {
      const row = document.createElement("li");
      const bar = document.createElement("span");
      bar.className = "fill";
      const name = document.createElement("span");
      name.textContent = nameOf(digit);
      row.append(name, bar);
      return { row, name, bar };
    });
    onNewNames(() => this.rows.forEach(({ name }, digit) => (name.textContent = nameOf(digit))));
    output.replaceChildren(...this.rows.map(({ row }) => row));
    this.show(null);
  }

  /** @param {Reading | null} reading */
  show(reading) {
    paintPixels(this.input, reading?.pixels ?? null);
    const best = reading ? Math.max(...reading.probabilities) : -1;
    this.rows.forEach(({ row, bar }, digit) => {
      const probability = reading?.probabilities[digit] ?? 0;
      bar.style.transform = `scaleX(${probability})`;
      row.toggleAttribute("data-best", probability === best);
    });
  }
}
