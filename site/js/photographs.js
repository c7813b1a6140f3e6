/**
 * Photographs that the visitor gives: decoded, and their digits found; the latest one counts.
 *
 * @import { Experiment } from "./experiment.js"
 * @import { Found } from "./protocol.js"
 * @import { Frame, Photo } from "./views/hand/photo-view.js"
 */
import { Emitter } from "./emitter.js";
import { bytesOf, decode, PictureError } from "./picture-file.js";

/** @extends {Emitter<{photo: Photo, problem: string | null}>} */
export class Photographs extends Emitter {
  #wish = 0;
  /** @type {string | null} */
  #told = null;

  /** @param {Experiment} experiment */
  constructor(experiment) {
    super();
    this.experiment = experiment;
  }

  /**
   * One that was on the pad on an earlier visit.
   *
   * @param {{name: string, content: Uint8Array<ArrayBuffer>, frame: Frame | null}} kept
   */
  async takeAgain({ name, content, frame }) {
    await this.take(new File([content], name), frame);
  }

  /**
   * @param {File} file
   * @param {Frame | null} frame
   */
  async take(file, frame = null) {
    const wish = ++this.#wish;
    this.#tell(null);
    if (this.experiment.state === "loading" || this.experiment.state === "failed") {
      this.#tell("Pictures are read as soon as Python has started.");
      return;
    }
    try {
      const content = await bytesOf(file);
      const { canvas, note } = await decode(content);
      if (wish !== this.#wish) return;
      await this.#find({ name: file.name || "The picture", content, canvas, found: null, frame }, wish, note);
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      if (wish === this.#wish) this.#tell(`${file.name || "The picture"} was not read. ${error.message}`);
    }
  }

  /**
   * @param {Photo} photo
   * @param {Frame | null} frame  null for all of it
   */
  async frame(photo, frame) {
    const wish = ++this.#wish;
    this.#tell(null);
    await this.#find({ ...photo, frame, found: null }, wish);
  }

  /** What is under way is of no interest any more. */
  forget() {
    this.#wish += 1;
    this.#tell(null);
  }

  /**
   * @param {Photo} photo
   * @param {number} wish
   * @param {string} note
   */
  async #find(photo, wish, note = "") {
    const { width, height } = photo.canvas;
    const context = /** @type {CanvasRenderingContext2D} */ (photo.canvas.getContext("2d"));
    const pixels = new Uint8Array(context.getImageData(0, 0, width, height).data.buffer);
    const found = await this.experiment.find({ pixels, width, height, frame: photo.frame });
    if (wish !== this.#wish || !found) return;
    const isFound = "digits" in found;
    this.emit("photo", { ...photo, found: isFound ? found : null });
    if (!isFound) this.#tell(`${photo.name}: ${found.message}.`);
    else if (note) this.#tell(`${photo.name}: ${note}`);
  }

  /** @param {string | null} words  what is wrong; null takes it back */
  #tell(words) {
    if (words === this.#told) return; // a drawing under way has nothing to take back, many times a second
    this.#told = words;
    this.emit("problem", words);
  }
}
