/**
 * Changed code as a link: made of what one has written, or brought by the address, and then shown before anything of it runs.
 *
 * @import { Experiment } from "../../experiment.js"
 * @import { CodeChange } from "../../protocol.js"
 */
import { Emitter } from "../../emitter.js";
import { element } from "../elements.js";

/** @extends {Emitter<{use: string, answered: null}>}  use: a text that the visitor has agreed to */
export class Share extends Emitter {
  /** What the address brings, until the visitor has said what shall be done with it. @type {string | null} */
  packed = null;
  #text = "";

  /**
   * @param {HTMLElement} section
   * @param {Experiment} experiment
   * @param {(packed: string) => string} addressWith  the page's address that brings this code
   */
  constructor(section, experiment, addressWith) {
    super();
    this.addressWith = addressWith;
    this.experiment = experiment;
    const find = (/** @type {string} */ selector) => /** @type {HTMLElement} */ (section.querySelector(selector));
    this.place = find("#offer");
    this.changes = find("[data-testid=shared-changes]");
    this.linkPlace = find("#share-link");
    this.link = /** @type {HTMLInputElement} */ (find("#link"));
    this.words = find("#share-link [role=status]");
    find("#use-shared").addEventListener("click", () => {
      const text = this.#text;
      this.#answer();
      this.emit("use", text);
    });
    find("#leave-shared").addEventListener("click", () => this.#answer());
  }

  /** @param {string} packed  changed code that the address brings */
  offer(packed) {
    if (packed === this.packed) return;
    this.packed = packed;
    this.place.hidden = true;
  }

  /** It is seen. */
  async see() {
    const { packed } = this;
    if (packed === null || !this.place.hidden || this.experiment.state === "loading" || this.experiment.state === "failed") return;
    const found = await this.experiment.look("shared", { packed });
    if (packed !== this.packed) return;
    if (!found) {
      this.#answer(); // what is wrong with it has been told
      return;
    }
    this.#text = found.text;
    this.changes.replaceChildren(...found.changes.flatMap(show));
    this.place.hidden = false;
    this.place.scrollIntoView({ block: "nearest" });
  }

  /** @param {string} text  of which to make a link */
  async share(text) {
    const packed = await this.experiment.look("share", { text });
    if (packed === null) return;
    this.link.value = this.addressWith(packed);
    this.linkPlace.hidden = false;
    this.link.select();
    let news = "Copied.";
    try {
      await navigator.clipboard.writeText(this.link.value);
    } catch {
      news = "Copy it."; // the browser does not let the page
    }
    const who = this.link.value.startsWith("file:")
      ? "It leads to this file, on this device. For others, put all from # on behind the address at which they have the page."
      : "Whoever opens it sees what is changed before anything of it runs.";
    this.words.textContent = `${news} ${who}`;
  }

  /** The text is another now. */
  spoil() {
    this.linkPlace.hidden = true;
  }

  #answer() {
    this.packed = null;
    this.place.hidden = true;
    this.emit("answered", null);
  }
}

/** @param {CodeChange} change */
function show({ line, old, new: fresh }) {
  return [
    element("p", `Line ${line}`, "place"),
    ...old.map((text) => element("del", text)),
    ...fresh.map((text) => element("ins", text)),
  ];
}
