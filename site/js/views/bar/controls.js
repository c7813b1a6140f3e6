/** @import { State } from "../../experiment.js" */
import { chooseFile } from "../elements.js";
import { Emitter } from "../../emitter.js";

/** In which states each button can be pressed. @type {Record<string, State[]>} */
const ENABLED = {
  train: ["ready", "training", "paused"],
  step: ["ready", "paused"],
  reset: ["ready", "training", "paused"],
  save: ["ready", "training", "paused"],
  load: ["ready", "training", "paused"],
  "save-work": ["ready", "training", "paused"],
  "open-work": ["ready", "training", "paused"],
};

/**
 * The buttons, and the page's state, which says which of them can be pressed. Train is Pause while it trains, or waits to.
 *
 * @extends {Emitter<{train: null, pause: null, step: null, reset: null, save: null, load: File}>}
 */
export class Controls extends Emitter {
  /** @type {Map<string, HTMLButtonElement>} */
  #buttons = new Map();
  /** @type {State} */
  #state = "loading";
  #isWaiting = false;

  constructor() {
    super();
    const find = (/** @type {string} */ id) => /** @type {HTMLButtonElement} */ (document.getElementById(id));
    const train = find("train");
    train.addEventListener("click", () => this.emit(this.#goesOn ? "pause" : "train", null));
    this.#buttons.set("train", train);
    for (const name of /** @type {const} */ (["step", "reset", "save"])) {
      const button = find(name);
      button.addEventListener("click", () => this.emit(name, null));
      this.#buttons.set(name, button);
    }
    const load = find("load");
    const chooser = /** @type {HTMLInputElement} */ (document.getElementById("model-file"));
    chooseFile(load, chooser, (file) => this.emit("load", file));
    this.#buttons.set("load", load);
    for (const name of ["save-work", "open-work"]) this.#buttons.set(name, find(name)); // which views/kept-panel.js hears
  }

  /** @param {State} state */
  show(state) {
    this.#state = state;
    document.documentElement.dataset.state = state;
    this.#update();
  }

  /** @param {boolean} isWaiting  whether training begins as soon as the images are here */
  wait(isWaiting) {
    this.#isWaiting = isWaiting;
    this.#update();
  }

  get #goesOn() {
    return this.#state === "training" || this.#isWaiting;
  }

  #update() {
    for (const [name, button] of this.#buttons) button.disabled = !ENABLED[name].includes(this.#state);
    /** @type {HTMLButtonElement} */ (this.#buttons.get("train")).textContent = this.#goesOn ? "Pause" : "Train";
  }
}
