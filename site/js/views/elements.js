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

/**
 * Have a button ask for a file.
 *
 * @param {HTMLElement} asks
 * @param {HTMLInputElement} input  of type file, out of sight
 * @param {(file: File) => void} take
 */
export function chooseFile(asks, input, take) {
  asks.addEventListener("click", () => input.click());
  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) take(file);
    input.value = ""; // so that the same file can be chosen again
  });
}
