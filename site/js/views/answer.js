/** @import { Reading } from "../protocol.js" */
import { paintPixels } from "./pixels.js";

/** Below this probability the network does not know; the best guess is told, and the answer is `?`. */
const KNOWS = 0.4;
/**
 * A second digit with at least this probability is mentioned. Of 600 drawings by real people the starter model read 70 in
 * 100 right where one was, 98 in 100 elsewhere: strange hands fool a network more than it knows.
 */
const PERHAPS = 0.05;

const WRONG = {
  dot: "That is a dot. Draw the digit larger.",
  scribble: "That does not look like a digit.",
};

/**
 * What the network makes of the drawing: the picture it reads, the digit, ten probabilities. Fires
 * `correct` (detail: a digit) when the visitor says which digit it is.
 */
export class Answer extends EventTarget {
  /**
   * @param {HTMLElement} prediction
   * @param {HTMLElement} certainty  a line in words
   * @param {HTMLCanvasElement} picture  28x28
   * @param {HTMLElement} list  gets a row a digit
   */
  constructor(prediction, certainty, picture, list) {
    super();
    this.prediction = prediction;
    this.certainty = certainty;
    this.picture = picture;
    this.rows = Array.from({ length: 10 }, (_, digit) => this.#probabilityRow(digit));
    list.replaceChildren(...this.rows.map(({ row }) => row));
    this.show(null);
  }

  /** @param {Reading | null} reading */
  show(reading) {
    paintPixels(this.picture, reading?.pixels ?? null);
    const probabilities = reading?.probabilities ?? new Float32Array(10);
    const { digit, words } = answer(reading);
    this.prediction.textContent = digit === null ? "?" : String(digit);
    this.certainty.textContent = words;
    this.rows.forEach(({ row, button, bar, figure }, each) => {
      const probability = probabilities[each];
      row.dataset.value = String(probability);
      row.toggleAttribute("data-best", each === digit);
      button.disabled = reading === null;
      bar.style.transform = `scaleX(${probability})`;
      figure.textContent = reading ? percent(probability) : "";
    });
  }

  /** @param {number} digit */
  #probabilityRow(digit) {
    const row = document.createElement("li");
    row.dataset.testid = `probability-${digit}`;
    const button = document.createElement("button");
    button.type = "button";
    button.setAttribute("aria-label", `It is a ${digit}`);
    button.title = `It is a ${digit}: keep this drawing as one`;
    button.addEventListener("click", () => this.dispatchEvent(new CustomEvent("correct", { detail: digit })));
    const [name, track, bar, figure] = ["name", "track", "bar", "figure"].map((part) => {
      const element = document.createElement("span");
      element.className = part;
      return element;
    });
    name.textContent = String(digit);
    track.append(bar);
    button.append(name, track, figure);
    row.append(button);
    return { row, button, bar, figure };
  }
}

/**
 * @param {Reading | null} reading
 * @returns {{digit: number | null, words: string}}
 */
function answer(reading) {
  if (!reading) return { digit: null, words: "The pad is empty: draw a digit." };
  if (reading.wrong) return { digit: null, words: WRONG[reading.wrong] };
  const { probabilities } = reading;
  const [best, second] = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
  const also = probabilities[second] >= PERHAPS ? `, perhaps ${second}` : "";
  if (probabilities[best] < KNOWS) return { digit: null, words: `It cannot tell: ${best}${also}?` };
  const sure = `${percent(probabilities[best])} sure`;
  return { digit: best, words: also ? `${best}${also} (${sure})` : sure };
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(share > 0.9995 || share < 0.0005 ? 0 : 1)} %`;
}
