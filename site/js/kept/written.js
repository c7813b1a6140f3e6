/**
 * What the visitor has written: an mlp.py, on this tab's desk, and answers to exercises, which all tabs share.
 *
 * @import { Desk } from "./desk.js"
 *
 * @typedef {{text: string, state: "open" | "failed" | "solved"}} Answer
 */
import { Shared } from "./shared.js";

export class Written {
  #answers;

  /** @param {Desk} desk */
  constructor(desk) {
    this.desk = desk;
    this.#answers = new Shared(desk, "answers", answersOf);
  }

  /** The changed mlp.py; null where there is none. @returns {string | null} */
  get code() {
    return textOf(this.desk.get("code"));
  }

  set code(text) {
    this.desk.keep("code", text);
    if (text !== null) this.desk.askToStay();
  }

  /** What was there before something else took its place. @returns {string | null} */
  get replaced() {
    return textOf(this.desk.get("replaced code"));
  }

  /** @param {string | null} text  takes the place of the code, which can be brought back; null for that which came with the page */
  replace(text) {
    const { code } = this;
    if (code !== null && code !== text) this.desk.keep("replaced code", code);
    this.code = text;
  }

  /** @returns {Record<string, Answer>} by the exercises' names */
  get answers() {
    return this.#answers.all;
  }

  /**
   * @param {string} exercise
   * @param {Answer} answer
   */
  answer(exercise, answer) {
    return this.#answers.change((all) => ({ ...all, [exercise]: answer }));
  }
}

/** @param {unknown} thing */
function textOf(thing) {
  return typeof thing === "string" ? thing : null;
}

/**
 * @param {any} thing  out of storage, or a file
 * @returns {Record<string, Answer>}
 */
export function answersOf(thing) {
  const isAnswer = (/** @type {any} */ answer) => typeof answer?.text === "string" && typeof answer.state === "string";
  return Object.fromEntries(Object.entries(thing ?? {}).filter(([, answer]) => isAnswer(answer)));
}
