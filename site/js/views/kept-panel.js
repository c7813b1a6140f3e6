/**
 * Below everything: all the work as a file, out of one, or forgotten; and what is in other tabs.
 */
import { Emitter } from "../emitter.js";
import { chooseFile, element } from "./elements.js";

/** @typedef {{id: string, changed: number, words: string}} Other  words: what is there */

/** @extends {Emitter<{save: null, open: File, forget: null, desk: string}>}  desk: the visitor wants to go on there */
export class KeptPanel extends Emitter {
  /** @param {HTMLElement} place */
  constructor(place) {
    super();
    const find = (/** @type {string} */ id) => /** @type {HTMLElement} */ (place.querySelector(`#${id}`));
    this.others = find("other-work");
    this.choice = /** @type {HTMLSelectElement} */ (find("other-desks"));
    this.dialog = /** @type {HTMLDialogElement} */ (find("forget-dialog"));
    find("save-work").addEventListener("click", () => this.emit("save", null));
    chooseFile(find("open-work"), /** @type {HTMLInputElement} */ (find("work-file")), (file) => this.emit("open", file));
    find("forget").addEventListener("click", () => this.dialog.showModal());
    find("keep").addEventListener("click", () => this.dialog.close());
    find("forget-really").addEventListener("click", () => {
      this.dialog.close();
      this.emit("forget", null);
    });
    find("open-desk").addEventListener("click", () => this.emit("desk", this.choice.value));
  }

  /** @param {Other[]} others */
  show(others) {
    this.others.hidden = others.length === 0;
    const format = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });
    this.choice.replaceChildren(
      ...others.map(({ id, changed, words }) => {
        const option = element("option", `${format.format(changed)}: ${words}`);
        option.value = id;
        return option;
      }),
    );
  }
}
