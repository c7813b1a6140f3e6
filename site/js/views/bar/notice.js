import { button, element } from "../elements.js";

/** A line below the bar: something to know, at most one thing to do about it, and a way to put it away. */
export class Notice {
  /** @param {HTMLElement} place */
  constructor(place) {
    this.place = place;
  }

  /**
   * @param {string} words  "" for none
   * @param {{name: string, act: () => void} | null} [action]
   * @param {() => void} [onClose]
   */
  show(words, action = null, onClose = () => {}) {
    this.place.hidden = words === "";
    this.place.replaceChildren();
    if (!words) return;
    const close = button("Close", () => {
      this.show("");
      onClose();
    });
    this.place.append(element("span", words), ...(action ? [button(action.name, action.act)] : []), close);
    for (const each of this.place.querySelectorAll("button")) each.className = "quiet";
  }
}
