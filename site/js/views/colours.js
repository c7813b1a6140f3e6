/**
 * Numbers as colours: blue for positive, orange for negative, the ground for zero; another palette in the dark.
 */

/** @type {Uint32Array | null} */
let palette = null;
/** @type {Set<() => void>} */
const repaints = new Set();

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  palette = null;
  for (const repaint of repaints) repaint();
});

/** @param {() => void} repaint  called when the colours are others */
export function onNewColours(repaint) {
  repaints.add(repaint);
}

/**
 * 255 colours, for -127 to 127 at 0 to 254, as ImageData has them in four bytes.
 */
export function colours() {
  if (!palette) {
    const style = getComputedStyle(document.documentElement);
    const [negative, zero, positive] = ["--negative", "--zero", "--positive"].map((name) => rgb(style.getPropertyValue(name)));
    palette = Uint32Array.from({ length: 255 }, (_, i) => {
      const share = Math.abs(i - 127) / 127;
      const [r, g, b] = zero.map((from, channel) => Math.round(from + ((i < 127 ? negative : positive)[channel] - from) * share));
      return (255 << 24) | (b << 16) | (g << 8) | r;
    });
  }
  return palette;
}

/** @param {string} colour  as #rrggbb */
function rgb(colour) {
  const number = parseInt(colour.trim().slice(1), 16);
  return [number >> 16, (number >> 8) & 255, number & 255];
}
