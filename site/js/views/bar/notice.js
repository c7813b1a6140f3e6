import { button, element } from "../elements.js";

/** A line below the bar: something to know, at most one thing to do about it, and a way to put it away. */
export class Notice {
  /**
   * @param {HTMLElement} place
   * @param {HTMLElement} next  has the focus when what had it goes
   */
  constructor(place, next) {
    this.place = place;
    this.next = next;
  }

  /**
   * @param {string} words  "" for none
   * @param {{name: string, act: () => void} | null} [action]
   * @param {() => void} [onClose]
   */
  show(words, action = null, onClose = () => {}) {
    if (this.place.contains(document.activeElement)) this.next.focus();
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
