import { colours } from "./colours.js";

export const SIDE = 28;

/**
 * Paint 784 bytes on a 28x28 canvas, ink white on black as in MNIST; null is all paper.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array | null} pixels
 */
export function paintPixels(canvas, pixels) {
  paint(canvas, (i) => {
    const ink = pixels?.[i] ?? 0;
    return (255 << 24) | (ink << 16) | (ink << 8) | ink;
  });
}

/**
 * Paint 784 numbers from -127 to 127.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Int8Array} numbers
 * @param {number} strength  1 for full colours, less for fainter ones
 */
export function paintSigned(canvas, numbers, strength = 1) {
  const palette = colours();
  paint(canvas, (i) => palette[Math.round(strength * numbers[i]) + 127]);
}

/**
 * Numbers of any size as -127 to 127.
 *
 * @param {Float32Array} numbers
 * @param {number} largest  of their magnitudes
 */
export function toSigned(numbers, largest = Math.max(...numbers.map(Math.abs))) {
  return Int8Array.from(numbers, (number) => Math.round((127 * number) / (largest || 1)));
}

/** @returns {HTMLCanvasElement} of 28x28 */
export function smallCanvas() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIDE;
  return canvas;
}

/**
 * @param {HTMLCanvasElement} canvas
 * @param {(i: number) => number} colour
 */
function paint(canvas, colour) {
  const image = new ImageData(SIDE, SIDE);
  const words = new Uint32Array(image.data.buffer);
  for (let i = 0; i < words.length; i++) words[i] = colour(i);
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(image, 0, 0);
}
