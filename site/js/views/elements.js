/** Elements, made in a line. */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} name
 * @param {string} text
 * @param {string} className
 * @returns {HTMLElementTagNameMap[T]}
 */
export function element(name, text = "", className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}

/**
 * @param {string} name
 * @param {() => void} act
 */
export function button(name, act) {
  const made = element("button", name);
  made.type = "button";
  made.addEventListener("click", act);
  return made;
}
