/**
 * Many things of one kind, of which the Tab key reaches one, and arrows the others.
 *
 * @param {HTMLElement} element  holds them
 * @param {string} selector  finds them in it
 * @param {() => number} columns  how many stand side by side
 */
export function rove(element, selector, columns = () => 1) {
  const all = () => /** @type {HTMLElement[]} */ ([...element.querySelectorAll(selector)]);
  element.addEventListener("keydown", (event) => {
    const things = all();
    const at = things.indexOf(/** @type {HTMLElement} */ (/** @type {HTMLElement} */ (event.target).closest(selector)));
    if (at < 0) return;
    const row = columns();
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: row, ArrowUp: -row, Home: -at, End: things.length - 1 - at };
    const step = /** @type {Record<string, number>} */ (steps)[event.key];
    const next = step === undefined ? undefined : things[at + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });
  element.addEventListener("focusin", (event) => {
    const thing = /** @type {HTMLElement} */ (event.target).closest(selector);
    if (thing) for (const each of all()) each.tabIndex = each === thing ? 0 : -1;
  });
}

/** @param {HTMLElement[]} things  let the Tab key reach the first of them, unless it reaches another already */
export function reachOne(things) {
  const reached = things.filter((each) => each.tabIndex === 0);
  for (const each of things) each.tabIndex = -1;
  const one = reached.length === 1 ? reached[0] : things[0];
  if (one) one.tabIndex = 0;
}
