/**
 * How an array becomes a picture, and where in it each number lies.
 *
 * @import { NumArray } from "../../protocol.js"
 *
 * @typedef {object} Layout  in cells of one number each
 * @property {number} width
 * @property {number} height
 * @property {(x: number, y: number) => number} indexAt  into the flat array; -1 where nothing is
 */
import { colours } from "../colours.js";

const SIDE = 28;
const PIXELS = SIDE * SIDE;
/** Between two tiles, in cells. */
const GAP = 1;

/**
 * Images as tiles of 28x28, anything else as rows and columns, a long row in several lines.
 *
 * @param {number[]} shape
 * @returns {Layout}
 */
export function layoutOf(shape) {
  const [rows, columns] = shape.length === 2 ? shape : shape.length === 1 ? [1, shape[0]] : [1, 1];
  if (rows === PIXELS && shape.length === 2) return tiles(columns, (tile, pixel) => pixel * columns + tile);
  if (columns === PIXELS) return tiles(rows, (tile, pixel) => tile * PIXELS + pixel);
  // Wider than high, or its cells would be too small to point at.
  const isTurned = rows > columns;
  const [width, height] = isTurned ? [rows, columns] : [columns, rows];
  return { width, height, indexAt: (x, y) => (isTurned ? x * columns + y : y * columns + x) };
}

/**
 * @param {number} count
 * @param {(tile: number, pixel: number) => number} index
 * @returns {Layout}
 */
function tiles(count, index) {
  const across = Math.min(count, Math.max(8, Math.ceil(Math.sqrt(count * 1.8))));
  const step = SIDE + GAP;
  return {
    width: across * step - GAP,
    height: Math.ceil(count / across) * step - GAP,
    indexAt(x, y) {
      const [column, row, right, down] = [Math.floor(x / step), Math.floor(y / step), x % step, y % step];
      const tile = row * across + column;
      return right < SIDE && down < SIDE && tile < count ? index(tile, down * SIDE + right) : -1;
    },
  };
}

/**
 * Paint an array, a cell a pixel: blue for positive, orange for negative, images white on black.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {NumArray} array
 * @param {Layout} layout
 * @param {boolean} isInk  whether it is images
 */
export function paintArray(canvas, { data }, { width, height, indexAt }, isInk) {
  canvas.width = width;
  canvas.height = height;
  let largest = 0;
  for (let i = 0; i < data.length; i++) if (Math.abs(data[i]) > largest) largest = Math.abs(data[i]);
  const palette = colours();
  const image = new ImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const index = indexAt(x, y);
      if (index < 0) continue; // see-through
      const share = largest ? data[index] / largest : 0;
      const ink = Math.round(255 * Math.max(0, share));
      words[at] = isInk ? (255 << 24) | (ink << 16) | (ink << 8) | ink : palette[127 + Math.round(127 * (Number.isFinite(share) ? share : 0))];
    }
  }
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(image, 0, 0);
}
