/** @import { State } from "../experiment.js" */
import { Emitter } from "../emitter.js";

/** In which states each button can be pressed. @type {Record<string, State[]>} */
const ENABLED = {
  train: ["ready", "paused"],
  pause: ["training"],
  step: ["ready", "paused"],
  reset: ["ready", "training", "paused"],
  save: ["ready", "training", "paused"],
  load: ["ready", "training", "paused"],
};

/**
 * The buttons, and the page's state, which says which of them can be pressed.
 *
 * @extends {Emitter<{train: null, pause: null, step: null, reset: null, save: null, load: File}>}
 */
export class Controls extends Emitter {
  /** @type {Map<string, HTMLButtonElement>} */
  #buttons = new Map();

  /** @param {HTMLElement} element  has a button `#name` each, and the chooser of a model file */
  constructor(element) {
    super();
    const find = (/** @type {string} */ id) => element.querySelector(`#${id}`);
    for (const name of /** @type {const} */ (["train", "pause", "step", "reset", "save"])) {
      const button = /** @type {HTMLButtonElement} */ (find(name));
      button.addEventListener("click", () => this.emit(name, null));
      this.#buttons.set(name, button);
    }
    const load = /** @type {HTMLButtonElement} */ (find("load"));
    const chooser = /** @type {HTMLInputElement} */ (find("model-file"));
    load.addEventListener("click", () => chooser.click());
    chooser.addEventListener("change", () => {
      const file = chooser.files?.[0];
      if (file) this.emit("load", file);
      chooser.value = ""; // so that the same file can be chosen again
    });
    this.#buttons.set("load", load);
  }

  /** @param {State} state */
  show(state) {
    document.documentElement.dataset.state = state;
    for (const [name, button] of this.#buttons) button.disabled = !ENABLED[name].includes(state);
  }
}
