/** What the ten answers of the network that reads are called: the digits, unless it has learned signs of the visitor's own. */

/** @type {string[] | null} */
let names = null;
/** @type {Set<() => void>} */
const repaints = new Set();

/** @param {string[] | null} list  null for the digits */
export function useNames(list) {
  if (String(list) === String(names)) return;
  names = list;
  const longest = Math.max(...(names ?? [""]).map((name) => name.length), 1);
  document.documentElement.style.setProperty("--name-width", `${longest}ch`);
  for (const repaint of repaints) repaint();
}

/** @param {() => void} repaint  called when the names are others */
export function onNewNames(repaint) {
  repaints.add(repaint);
}

/** @param {number} answer  0 to 9 */
export function nameOf(answer) {
  return names?.[answer] ?? String(answer);
}

/** The same with an article, where it is a digit. @param {number} answer */
export function aName(answer) {
  const name = nameOf(answer);
  if (!/^\d$/.test(name)) return name;
  return name === "8" ? "an 8" : `a ${name}`;
}
