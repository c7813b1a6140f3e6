/** What the peers' pages have in common. */

/** Learning rate for gradients that are averaged over the batch: that of the notes, who sum them, at batch 32. */
export const LEARNING_RATE = 0.32;

/**
 * Run a classic script.
 *
 * @param {string} url
 */
export function script(url) {
  return new Promise((resolve, reject) => {
    const element = Object.assign(document.createElement("script"), { src: url, onload: resolve });
    element.onerror = () => reject(new Error(`${url} could not be loaded`));
    document.head.append(element);
  });
}

/**
 * Weights with variance 2 / inputs, as the notes have them.
 *
 * @param {number} inputs
 * @param {number} units
 */
export function heInit(inputs, units) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return Float32Array.from({ length: inputs * units }, () => normal() * Math.sqrt(2 / inputs));
}

/**
 * Labels as rows of zeros with a 1.
 *
 * @param {Uint8Array} labels
 */
export function oneHot(labels) {
  const rows = new Float32Array(10 * labels.length);
  labels.forEach((label, i) => (rows[10 * i + label] = 1));
  return rows;
}
