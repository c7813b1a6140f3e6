/** @import { Reading } from "../protocol.js" */

const SIDE = 28;

/** What the network makes of the drawing: the picture it sees, the digit it reads, ten probabilities. */
export class Answer {
  /**
   * @param {HTMLElement} prediction
   * @param {HTMLElement} certainty  a line in words
   * @param {HTMLCanvasElement} picture  28x28
   * @param {HTMLElement} list  gets a row a digit
   */
  constructor(prediction, certainty, picture, list) {
    this.prediction = prediction;
    this.certainty = certainty;
    this.context = /** @type {CanvasRenderingContext2D} */ (picture.getContext("2d"));
    this.rows = Array.from({ length: 10 }, (_, digit) => probabilityRow(digit));
    list.replaceChildren(...this.rows.map(({ row }) => row));
    this.show(null);
  }

  /** @param {Reading | null} reading */
  show(reading) {
    this.#showPicture(reading?.pixels ?? new Uint8Array(SIDE * SIDE));
    const probabilities = reading?.probabilities ?? new Float32Array(10);
    const best = probabilities.indexOf(Math.max(...probabilities));
    this.prediction.textContent = reading ? String(best) : "?";
    this.certainty.textContent = reading ? `${percent(probabilities[best])} sure` : "The pad is empty: draw a digit.";
    this.rows.forEach(({ row, bar, figure }, digit) => {
      const probability = probabilities[digit];
      row.dataset.value = String(probability);
      row.toggleAttribute("data-best", reading !== null && digit === best);
      bar.style.transform = `scaleX(${probability})`;
      figure.textContent = reading ? percent(probability) : "";
    });
  }

  /** @param {Uint8Array} pixels */
  #showPicture(pixels) {
    const image = new ImageData(SIDE, SIDE);
    pixels.forEach((ink, i) => image.data.set([ink, ink, ink, 255], 4 * i));
    this.context.putImageData(image, 0, 0);
  }
}

/** @param {number} digit */
function probabilityRow(digit) {
  const row = document.createElement("li");
  row.dataset.testid = `probability-${digit}`;
  const name = document.createElement("span");
  name.textContent = String(digit);
  const track = document.createElement("span");
  track.className = "track";
  const bar = document.createElement("span");
  bar.className = "bar";
  track.append(bar);
  const figure = document.createElement("span");
  figure.className = "figure";
  row.append(name, track, figure);
  return { row, bar, figure };
}

/** @param {number} share */
function percent(share) {
  return `${(100 * share).toFixed(share > 0.9995 || share < 0.0005 ? 0 : 1)} %`;
}
