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
   * @param {{name: string, act: () => void}} [close]
   */
  show(words, action = null, close = { name: "Close", act: () => {} }) {
    if (this.place.contains(document.activeElement)) this.next.focus();
    this.place.hidden = words === "";
    this.place.replaceChildren();
    if (!words) return;
    const away = button(close.name, () => {
      this.show("");
      close.act();
    });
    this.place.append(element("span", words), ...(action ? [button(action.name, action.act)] : []), away);
    for (const each of this.place.querySelectorAll("button")) each.className = "quiet";
  }
}
