/** @import { Reading } from "../../protocol.js" */
import { percent } from "../numbers.js";
import { nameOf, onNewNames } from "../names.js";
import { Pace } from "../pace.js";
import { paintPixels } from "../pixels.js";

/** Below this probability the network does not know; the best guess is told, and the answer is `?`. */
const KNOWS = 0.4;
/**
 * A second digit with at least this probability is mentioned. Of 600 drawings by real people the starter model read 70 in
 * 100 right where one was, 98 in 100 elsewhere: strange hands fool a network more than it knows.
 */
const PERHAPS = 0.05;
/** How long, in ms, an answer has to last before it is spoken: while training it changes many times a second. */
const SPOKEN_AFTER = 1_000;

const WRONG = {
  dot: "That is a dot. Draw the digit larger.",
  scribble: "That does not look like a digit.",
};

/** What the network makes of the drawing: the picture it reads, the digit, ten probabilities. */
export class Answer {
  #timer = 0;
  /** @type {Reading | null} */
  #reading = null;
  #hasInk = false;
  #pace = new Pace(0, () => this.#paint());
  /** Whether there is nothing yet that could read. */
  isStarting = true;

  /**
   * @param {object} parts
   * @param {HTMLElement} parts.prediction
   * @param {HTMLElement} parts.certainty  a line in words
   * @param {HTMLCanvasElement} parts.picture  28x28
   * @param {HTMLElement} parts.list  gets a row a digit
   * @param {HTMLElement} parts.spoken  for screen readers: what has been the answer for a while
   */
  constructor({ prediction, certainty, picture, list, spoken }) {
    this.prediction = prediction;
    this.certainty = certainty;
    this.picture = picture;
    this.spoken = spoken;
    this.rows = Array.from({ length: 10 }, (_, digit) => probabilityRow(digit));
    list.replaceChildren(...this.rows.map(({ row }) => row));
    onNewNames(() => this.#paint());
    this.#paint();
  }

  /**
   * @param {Reading | null} reading
   * @param {boolean} hasInk  whether there is something on the pad, read or not
   * @param {boolean} isNew  of a drawing that was not read before; the answer to it comes at once
   */
  show(reading, hasInk, isNew) {
    this.#reading = reading;
    this.#hasInk = hasInk;
    this.#pace.soon(isNew);
  }

  #paint() {
    const reading = this.#reading;
    paintPixels(this.picture, reading?.pixels ?? null);
    const probabilities = reading?.probabilities ?? new Float32Array(10);
    const { digit, words } = reading || !this.#hasInk ? answer(reading) : { digit: null, words: this.isStarting ? "Python is starting; then it is read." : "" };
    this.prediction.textContent = digit === null ? "?" : nameOf(digit);
    this.prediction.toggleAttribute("data-long", this.prediction.textContent.length > 2);
    this.certainty.textContent = words;
    this.#speak(digit === null ? words : `Read as ${nameOf(digit)}: ${words}`);
    this.rows.forEach(({ row, name, bar, figure }, each) => {
      name.textContent = nameOf(each);
      const probability = probabilities[each];
      row.dataset.value = String(probability);
      row.toggleAttribute("data-best", each === digit);
      bar.style.transform = `scaleX(${probability})`;
      figure.textContent = reading ? percent(probability) : "";
    });
  }

  /** @param {string} words */
  #speak(words) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      if (this.spoken.textContent !== words) this.spoken.textContent = words;
    }, SPOKEN_AFTER);
  }
}

/** @param {number} digit */
function probabilityRow(digit) {
  const row = document.createElement("li");
  row.dataset.testid = `probability-${digit}`;
  const [name, track, bar, figure] = ["name", "track", "fill", "figure"].map((part) => {
    const element = document.createElement("span");
    element.className = part;
    return element;
  });
  track.append(bar);
  row.append(name, track, figure);
  return { row, name, bar, figure };
}

/**
 * @param {Reading | null} reading
 * @returns {{digit: number | null, words: string}}
 */
function answer(reading) {
  if (!reading) return { digit: null, words: "Draw a digit." };
  if (reading.wrong) return { digit: null, words: WRONG[reading.wrong] };
  const { probabilities } = reading;
  const [best, second] = [...probabilities.keys()].sort((a, b) => probabilities[b] - probabilities[a]);
  const also = probabilities[second] >= PERHAPS ? `, perhaps ${nameOf(second)}` : "";
  if (probabilities[best] < KNOWS) return { digit: null, words: `It cannot tell: ${nameOf(best)}${also}?` };
  const sure = `${percent(probabilities[best])} sure`;
  return { digit: best, words: also ? `${nameOf(best)}${also} (${sure})` : sure };
}
