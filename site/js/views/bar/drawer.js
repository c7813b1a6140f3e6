/** The settings' drawer: opened by its button, closed by its own, or by Escape. */
export class Drawer {
  /**
   * @param {HTMLElement} element
   * @param {HTMLButtonElement} opener
   * @param {HTMLButtonElement} closer
   */
  constructor(element, opener, closer) {
    this.element = element;
    this.opener = opener;
    this.closer = closer;
    opener.disabled = false;
    opener.addEventListener("click", () => this.#show(element.hidden === true));
    closer.addEventListener("click", () => this.#close());
    element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#close();
    });
  }

  /** @param {boolean} isOpen */
  #show(isOpen) {
    this.element.hidden = !isOpen;
    this.opener.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) this.closer.focus();
  }

  #close() {
    this.#show(false);
    this.opener.focus();
  }
}
