import { Emitter } from "../../emitter.js";
import { button, element } from "../elements.js";
import { aName, nameOf } from "../names.js";
import { largest, percent } from "../numbers.js";
import { paintPixels, smallCanvas } from "../pixels.js";
import { reachOne, rove } from "../roving.js";

/** @typedef {{pixels: Uint8Array, label: number, probabilities: Float32Array}} TestImage */

/**
 * Test images, each with its ten probabilities; a press puts one on the pad.
 *
 * @extends {Emitter<{put: TestImage}>}
 */
export class Gallery extends Emitter {
  /** @param {HTMLElement} list */
  constructor(list) {
    super();
    this.list = list;
    rove(list, "button");
  }

  /** @param {TestImage[]} images */
  show(images) {
    this.list.replaceChildren(...images.map((image) => this.#item(image)));
    reachOne([...this.list.querySelectorAll("button")]);
  }

  /** @param {TestImage} image */
  #item(image) {
    const { pixels, label, probabilities } = image;
    const best = largest(probabilities);
    const put = button("", () => this.emit("put", image));
    put.setAttribute("aria-label", `${aName(label)}, read as ${nameOf(best)}, ${percent(probabilities[best])} sure. Put it on the pad`);
    const canvas = smallCanvas();
    paintPixels(canvas, pixels);
    const bars = element("span", "", "ten");
    bars.append(
      ...Array.from(probabilities, (probability, digit) => {
        const bar = element("span");
        bar.style.setProperty("--share", String(probability));
        bar.toggleAttribute("data-right", digit === label);
        return bar;
      }),
    );
    put.append(canvas, bars, element("span", `${nameOf(label)} → ${nameOf(best)}`, "words"));
    const item = element("li");
    item.append(put);
    return item;
  }
}
