import { Emitter } from "../../emitter.js";
import { chooseFile } from "../elements.js";

/**
 * Ways to give a picture: a button, which has a phone offer its camera, dropping, and pasting.
 *
 * @extends {Emitter<{file: File}>}
 */
export class PictureChoice extends Emitter {
  /**
   * @param {HTMLButtonElement} button
   * @param {HTMLInputElement} input
   */
  constructor(button, input) {
    super();
    chooseFile(button, input, (file) => this.emit("file", file));
    document.addEventListener("paste", ({ clipboardData }) => this.#take(clipboardData?.files));
    // Anywhere: a file that misses the pad would take the place of the page.
    document.addEventListener("dragover", (event) => this.#drag(event, true));
    document.addEventListener("dragleave", (event) => event.relatedTarget === null && this.#drag(event, false));
    document.addEventListener("drop", (event) => {
      this.#drag(event, false);
      this.#take(event.dataTransfer?.files);
    });
  }

  /**
   * @param {DragEvent} event
   * @param {boolean} isOver
   */
  #drag(event, isOver) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.toggleAttribute("data-dropping", isOver);
  }

  /** @param {FileList | null | undefined} files */
  #take(files) {
    if (files?.length) this.emit("file", files[0]);
  }
}
