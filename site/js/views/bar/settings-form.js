/** @import { Name, Values } from "../../settings.js" */
import { NAMES, parse, SETTINGS } from "../../settings.js";
import { button } from "../elements.js";

/** The settings as a form. Fires `change` ({name, value}) and `problem` (a sentence). */
export class SettingsForm extends EventTarget {
  /** @type {Record<string, HTMLInputElement>} */
  #inputs = {};

  /**
   * @param {HTMLElement} place
   * @param {HTMLElement} pendingLine  tells which changes wait
   * @param {HTMLElement} exactly  a link that leaves out what the notes do not have
   */
  constructor(place, pendingLine, exactly) {
    super();
    this.pendingLine = pendingLine;
    exactly.addEventListener("click", (event) => {
      event.preventDefault();
      for (const name of /** @type {const} */ (["augment", "decay"])) this.#change(name, 0);
    });
    place.replaceChildren(...NAMES.map((name) => this.#field(name)));
  }

  /** @param {Values} values */
  show(values) {
    for (const name of NAMES) {
      const input = this.#inputs[name];
      input.checked = values[name] === 1;
      // What is being typed is left alone, unless it stands for something else.
      if (Number(input.value) !== values[name] || input.value === "") input.value = String(values[name]);
    }
    this.#markAll(values);
  }

  /**
   * Tell which changes wait, and for what.
   *
   * @param {{fresh: Name[], run: Name[]}} names  waiting for a fresh network, or for the run under way to end
   */
  showPending({ fresh, run }) {
    for (const name of NAMES) this.#inputs[name].toggleAttribute("data-pending", fresh.includes(name) || run.includes(name));
    const labels = (/** @type {Name[]} */ names) => names.map((name) => SETTINGS[name].label).join(", ");
    const sentences = [];
    if (run.length) sentences.push(`From the next training on, once this one has ended: ${labels(run)}.`);
    if (fresh.length) sentences.push(`Press New network for one with the new: ${labels(fresh)}.`);
    this.pendingLine.textContent = sentences.join(" ");
  }

  /** @param {Name} name */
  #field(name) {
    const { label, min, max, kind, hint } = SETTINGS[name];
    const field = document.createElement("div");
    field.className = `field ${kind}`;
    const title = document.createElement("label");
    title.htmlFor = name;
    title.textContent = label;
    const input = document.createElement("input");
    input.id = name;
    if (kind === "switch") {
      input.type = "checkbox";
    } else {
      input.type = "number";
      input.min = String(min);
      input.max = String(max);
      input.step = kind === "integer" ? "1" : "any";
    }
    input.setAttribute("aria-describedby", `${name}-hint`);
    const line = document.createElement("small");
    line.id = `${name}-hint`;
    line.textContent = hint;
    input.addEventListener("input", () => this.#take(name, false));
    input.addEventListener("change", () => this.#take(name, true));
    this.#inputs[name] = input;
    field.append(title, input);
    if (name === "training_images") field.append(this.#presets(name));
    field.append(line);
    return field;
  }

  /**
   * All of MNIST, or back, by one press.
   *
   * @param {Name} name
   */
  #presets(name) {
    const { default: usual, max } = SETTINGS[name];
    const presets = document.createElement("span");
    presets.className = "presets";
    for (const value of new Set([usual, max])) {
      const preset = button(value.toLocaleString("en"), () => this.#change(name, value));
      preset.dataset.value = String(value);
      presets.append(preset);
    }
    return presets;
  }

  /**
   * @param {Name} name
   * @param {boolean} finished  whether the visitor is done typing
   */
  #take(name, finished) {
    const input = this.#inputs[name];
    const { value, problem } = parse(name, input.type === "checkbox" ? String(input.checked) : input.value);
    if (problem && !finished) return;
    this.#change(name, value);
    if (!problem) return;
    input.value = String(value);
    this.dispatchEvent(new CustomEvent("problem", { detail: problem }));
  }

  /**
   * @param {Name} name
   * @param {number} value
   */
  #change(name, value) {
    this.dispatchEvent(new CustomEvent("change", { detail: { name, value } }));
  }

  /** @param {Values} values */
  #markAll(values) {
    for (const button of document.querySelectorAll(".presets button")) {
      const { value } = /** @type {HTMLElement} */ (button).dataset;
      button.setAttribute("aria-pressed", String(Number(value) === values.training_images));
    }
  }
}
