const SIDE = 28;

/**
 * Paint 784 bytes on a 28x28 canvas, ink white on black as in MNIST; null is all paper.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Uint8Array | null} pixels
 */
export function paintPixels(canvas, pixels) {
  const image = new ImageData(SIDE, SIDE);
  for (let i = 0; i < SIDE * SIDE; i++) {
    const ink = pixels?.[i] ?? 0;
    image.data.set([ink, ink, ink, 255], 4 * i);
  }
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).putImageData(image, 0, 0);
}
