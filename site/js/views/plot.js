/**
 * What the page's charts have in common; uPlot draws them.
 *
 * @import uPlot from "../../vendor/uplot/uPlot.esm.js"
 */

/** @returns {Promise<typeof uPlot>}  rejects where it does not come, or does not work in this browser */
export async function loadPlot() {
  return (await import("../../vendor/uplot/uPlot.esm.js")).default;
}

/**
 * @param {HTMLElement} element  the chart's place
 * @returns {Pick<uPlot.Axis, "stroke" | "font" | "grid" | "ticks">}
 */
export function axisOf(element) {
  return {
    stroke: colourOf(element, "--muted"),
    font: `12px ${getComputedStyle(element).fontFamily}`,
    grid: { stroke: colourOf(element, "--line"), width: 1 },
    ticks: { show: false },
  };
}

/** @param {HTMLElement} element */
export function epochAxisOf(element) {
  const values = (/** @type {uPlot} */ _, /** @type {number[]} */ ticks) => ticks.map((tick) => (tick ? String(tick) : "epoch 0"));
  return { ...axisOf(element), size: 24, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000], values };
}

/**
 * @param {HTMLElement} element
 * @param {string} name  of a CSS variable
 */
export function colourOf(element, name) {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/** @param {HTMLElement} element */
export function sizeOf(element) {
  return { width: Math.max(1, element.clientWidth), height: parseFloat(colourOf(element, "--chart-height")) || 220 };
}

/**
 * Name lines where they end, each beside its last point, or as near as there is room.
 *
 * @param {uPlot} plot
 * @param {{text: string, colour: string, value: number}[]} labels
 * @param {HTMLElement} element
 */
export function labelEnds(plot, labels, element) {
  const { ctx, bbox } = plot;
  const density = devicePixelRatio;
  const apart = 14 * density;
  const lowest = bbox.top + bbox.height - 4 * density;
  const placed = labels
    .map(({ text, colour, value }) => ({ text, colour, y: plot.valToPos(value, "y", true) }))
    .sort((a, b) => a.y - b.y);
  for (let i = 1; i < placed.length; i++) placed[i].y = Math.max(placed[i].y, placed[i - 1].y + apart);
  for (let i = placed.length - 1; i >= 0; i--) placed[i].y = Math.min(placed[i].y, (placed[i + 1]?.y ?? lowest + apart) - apart);
  ctx.save();
  ctx.font = `${12 * density}px ${getComputedStyle(element).fontFamily}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  ctx.letterSpacing = "0px"; // there is just room enough
  for (const { text, colour, y } of placed) {
    ctx.fillStyle = colour;
    ctx.fillText(text, bbox.left + bbox.width + 8 * density, y);
  }
  ctx.restore();
}
