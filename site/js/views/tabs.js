/** @import { Tab } from "../places.js" */
import { Emitter } from "../emitter.js";
import { TABS } from "../places.js";

/**
 * The tabs, one of which is seen: by press, or with arrows, Home and End, as in the ARIA Authoring Practices.
 *
 * @extends {Emitter<{tab: Tab}>}
 */
export class Tabs extends Emitter {
  /** @type {Tab} */
  #chosen = "watch";

  /** @param {HTMLElement} page  holds tabs #tab-NAME and panels #NAME, and learns of the choice in data-tab */
  constructor(page) {
    super();
    this.page = page;
    for (const name of TABS) {
      const tab = this.#tab(name);
      tab.addEventListener("click", () => this.#choose(name));
      tab.addEventListener("keydown", (event) => this.#key(event, name));
    }
  }

  get chosen() {
    return this.#chosen;
  }

  /** @param {Tab} name */
  show(name) {
    this.#chosen = name;
    this.page.dataset.tab = name;
    for (const each of TABS) {
      const isChosen = each === name;
      this.#tab(each).setAttribute("aria-selected", String(isChosen));
      this.#tab(each).tabIndex = isChosen ? 0 : -1;
      /** @type {HTMLElement} */ (this.page.querySelector(`#${each}`)).hidden = !isChosen;
    }
  }

  /** @param {Tab} name */
  #choose(name) {
    this.show(name);
    this.emit("tab", name);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {Tab} name
   */
  #key(event, name) {
    const at = TABS.indexOf(name);
    const last = TABS.length - 1;
    const [next, before] = [at < last ? at + 1 : 0, at ? at - 1 : last];
    // A page that has been translated may run from right to left.
    const [right, left] = getComputedStyle(this.page).direction === "rtl" ? [before, next] : [next, before];
    const to = { ArrowRight: right, ArrowLeft: left, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.#choose(TABS[to]);
    this.#tab(TABS[to]).focus();
  }

  /** @param {Tab} name */
  #tab(name) {
    return /** @type {HTMLButtonElement} */ (this.page.querySelector(`#tab-${name}`));
  }
}
