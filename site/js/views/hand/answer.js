/**
 * @import { Reading } from "../../protocol.js"
 * @import { Read } from "../../reader.js"
 */
import { Emitter } from "../../emitter.js";
import { button } from "../elements.js";
import { percent } from "../numbers.js";
import { nameOf, onNewNames } from "../names.js";
import { Pace } from "../pace.js";
import { paintPixels } from "../pixels.js";

/** Below this probability the network does not know; the best guess is told, and the answer is `?`. */
const KNOWS = 0.4;
/** A second digit that may be claimed with at least this probability is mentioned. */
const PERHAPS = 0.05;
/** How long, in ms, after a drawing has changed its answer is spoken; or after the answer has, which while training it always does. */
const SPOKEN_AFTER = 1_000;
/** @type {Read} */
const NOTHING = { reading: null, readings: [], inHand: 0, isNew: true };

const WRONG = {
  dot: "That is a dot. Draw the digit larger.",
  scribble: "That does not look like a digit.",
};

/**
 * What the network makes of the drawing: the picture it reads, the digit, ten probabilities. Of several digits one is in
 * hand; pressing another takes that.
 *
 * @extends {Emitter<{choose: number}>}
 */
export class Answer extends Emitter {
  #timer = 0;
  /** Whether no answer to this drawing has been spoken yet. */
  #isUnsaid = true;
  #toSay = "";
  #read = NOTHING;
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
    super();
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
   * @param {Read | null} read
   * @param {boolean} hasInk  whether there is something on the pad, read or not
   */
  show(read, hasInk) {
    this.#read = read ?? NOTHING;
    this.#hasInk = hasInk;
    if (this.#read.isNew) this.#hush();
    this.#pace.soon(this.#read.isNew); // the answer to what was not read before comes at once
  }

  #paint() {
    const { reading, readings, inHand } = this.#read;
    paintPixels(this.picture, reading?.pixels ?? null);
    const answers = readings.map(answer);
    const words = this.#words(answers);
    this.#showDigits(answers, inHand);
    this.certainty.textContent = words;
    const text = this.prediction.textContent ?? "?";
    this.#speak(text.includes("?") ? words : `Read as ${text}: ${words}`);
    const digit = answers[inHand]?.digit ?? null;
    this.rows.forEach(({ row, name, bar, figure }, each) => {
      name.textContent = nameOf(each);
      const probability = reading?.probabilities[each] ?? 0;
      row.dataset.value = String(probability);
      row.toggleAttribute("data-best", each === digit);
      bar.style.transform = `scaleX(${probability})`;
      figure.textContent = reading ? percent(probability) : "";
    });
  }

  /**
   * @param {ReturnType<typeof answer>[]} answers
   * @param {number} inHand
   */
  #showDigits(answers, inHand) {
    const names = answers.map(({ digit }) => (digit === null ? "?" : nameOf(digit)));
    const text = names.join("") || "?";
    this.prediction.toggleAttribute("data-long", names.length === 1 && text.length > 2);
    this.prediction.toggleAttribute("data-many", names.length > 1);
    this.prediction.style.setProperty("--digits", String(names.length));
    if (names.length < 2) {
      this.prediction.textContent = text;
      return;
    }
    if (this.prediction.querySelectorAll("button").length !== names.length) {
      this.prediction.replaceChildren(...names.map((_, i) => button("", () => this.emit("choose", i))));
    }
    this.prediction.querySelectorAll("button").forEach((each, i) => {
      if (each.textContent !== names[i]) each.textContent = names[i];
      each.setAttribute("aria-pressed", String(i === inHand));
      each.title = "Look at this digit";
    });
  }

  /** @param {ReturnType<typeof answer>[]} answers */
  #words(answers) {
    if (answers.length === 1) return answers[0].words;
    if (answers.length === 0 && !this.#hasInk) return "Draw a digit.";
    if (answers.length === 0) return this.isStarting ? "Python is starting; then it is read." : "";
    const unknown = answers.find(({ digit }) => digit === null);
    const sure = `${percent(answers.reduce((all, { certainty }) => all * certainty, 1))} sure of all`;
    const { also } = answers.reduce((least, each) => (each.certainty < least.certainty ? each : least));
    return unknown ? unknown.words : `${sure}${also}`;
  }

  /** Another drawing is answered aloud, be it in the same words. */
  #hush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#isUnsaid = true;
    this.spoken.textContent = "";
  }

  /** @param {string} words */
  #speak(words) {
    this.#toSay = words;
    if (this.#timer && this.#isUnsaid) return; // it is said in time, though training goes on
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = 0;
      this.#isUnsaid = false;
      if (this.spoken.textContent !== this.#toSay) this.spoken.textContent = this.#toSay;
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
 * A digit, null where it cannot be told, and how sure that is.
 *
 * @param {Reading} reading
 * @returns {{digit: number | null, certainty: number, also: string, words: string}}
 */
function answer({ wrong, claimed }) {
  if (wrong) return { digit: null, certainty: 0, also: "", words: WRONG[wrong] };
  const [best, second] = [...claimed.keys()].sort((a, b) => claimed[b] - claimed[a]);
  const certainty = claimed[best];
  const also = claimed[second] >= PERHAPS ? `, perhaps ${nameOf(second)}` : "";
  if (certainty < KNOWS) return { digit: null, certainty, also, words: `It cannot tell: ${nameOf(best)}${also}?` };
  const sure = `${percent(certainty)} sure`;
  return { digit: best, certainty, also: also && ` (${nameOf(best)}${also})`, words: also ? `${nameOf(best)}${also} (${sure})` : sure };
}
