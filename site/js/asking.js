/**
 * Does what the visitor asked for; what goes wrong is told, and the page goes on.
 *
 * @import { Failure } from "./protocol.js"
 *
 * @typedef {{message: string, restart: boolean, isFile?: boolean}} Problem
 *     restart: only a new worker helps; isFile: a file did not come, or came damaged
 */
import { EngineStopped } from "./engine.js";
import { Failed } from "./protocol.js";

export class Asking {
  /**
   * @param {(problem: Problem | null) => void} onProblem  null takes back what was told before
   * @param {(failure: Failure) => void} onMistake  in code that somebody has changed
   * @param {() => boolean} isDown  whether Python is not running, of which all is told already
   */
  constructor(onProblem, onMistake, isDown) {
    this.onProblem = onProblem;
    this.onMistake = onMistake;
    this.isDown = isDown;
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @param {string} introduction  to what is told
   * @returns {Promise<T | null>} null where it went wrong
   */
  do(work, introduction = "") {
    this.solve();
    return this.attempt(work, introduction);
  }

  /**
   * The same, but what was told before stays.
   *
   * @template T
   * @param {() => Promise<T>} work
   * @param {string} introduction
   * @returns {Promise<T | null>}
   */
  async attempt(work, introduction = "") {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Failed) this.tell(error, introduction);
      else if (!(error instanceof EngineStopped)) throw error; // of a worker's death all is told
      return null;
    }
  }

  /**
   * @param {Error} error
   * @param {string} introduction
   */
  tell(error, introduction = "") {
    const failure = error instanceof Failed ? error.failure : null;
    if (failure?.kind === "code") this.onMistake(failure);
    else this.warn(introduction + error.message);
  }

  /** @param {string} message */
  warn(message) {
    if (!this.isDown()) this.onProblem({ message, restart: false });
  }

  solve() {
    if (!this.isDown()) this.onProblem(null);
  }
}
