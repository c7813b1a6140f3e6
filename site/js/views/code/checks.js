/** @import { GradientCheck, SanityCheck } from "../../protocol.js" */
import { element } from "../elements.js";
import { short } from "../numbers.js";

/** What the gradient check has found: red or green, the array and the likely cause, and a picture of the worst one. */
export class GradientReport {
  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
  }

  /** @param {string} words */
  wait(words) {
    this.element.replaceChildren(element("p", words));
    this.element.dataset.value = this.element.dataset.ok = "";
  }

  /** @param {GradientCheck} check */
  show({ error, ok, culprit, cause, arrays }) {
    this.element.dataset.value = String(error);
    this.element.dataset.ok = String(ok);
    const verdict = ok ? `Right: all agree to within ${error.toExponential(0)}.` : "Not right.";
    /** @type {HTMLElement[]} */
    const parts = [element("p", verdict, "verdict")];
    if (!ok) {
      const blame = element("p");
      const name = element("b", culprit ?? "");
      name.dataset.testid = "gradient-culprit";
      blame.append(name, `: ${cause ?? "it is not what the differences say."}`);
      parts.push(blame);
    }
    const list = element("ul");
    list.append(
      ...arrays.map(({ name, error, n_checked, n_left_out }) => {
        const leftOut = n_left_out ? `, ${n_left_out} left out at a kink of ReLU` : "";
        return element("li", `${name}: off by ${error.toExponential(1)} at most, ${n_checked} entries${leftOut}`);
      }),
    );
    const worst = [...arrays].sort((a, b) => b.error - a.error)[0];
    parts.push(list);
    if (worst?.computed.length) parts.push(picture(worst));
    const lesson =
      "Checked against −ln p, not the loss as the notes have it: their + 1e-7 keeps ln 0 away, and backward leaves it out. " +
        "Where p is tiny the two differ a little.";
    this.element.replaceChildren(...parts, element("p", lesson, "note"));
  }
}

/**
 * Each entry that was checked as a point: across what it should be, up what was computed; right is on the diagonal.
 *
 * @param {import("../../protocol.js").ArrayCheck} check
 */
function picture({ name, computed, expected, worst }) {
  const side = 140;
  const largest = Math.max(1e-12, ...[...computed, ...expected].filter(Number.isFinite).map(Math.abs));
  const figure = element("figure");
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 2 * side;
  canvas.style.width = `${side}px`;
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${name}: computed against expected`);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const style = getComputedStyle(document.documentElement);
  const place = (/** @type {number} */ value) => side + (value / largest) * (side - 12);
  context.strokeStyle = style.getPropertyValue("--muted");
  context.beginPath();
  context.moveTo(0, 2 * side);
  context.lineTo(2 * side, 0);
  context.stroke();
  context.fillStyle = style.getPropertyValue("--accent");
  expected.forEach((value, i) => {
    context.beginPath();
    context.arc(place(value), 2 * side - place(computed[i]), 6, 0, 7);
    context.fill();
  });
  const caption = `${name}: what differences say, across; what backward says, up. Worst at [${worst?.row}, ${worst?.column}].`;
  figure.append(canvas, element("figcaption", caption));
  return figure;
}

/**
 * @param {HTMLElement} list
 * @param {SanityCheck[]} checks
 */
export function showSanity(list, checks) {
  list.replaceChildren(
    ...checks.map(({ name, value, expected, ok }) => {
      const item = element("li");
      item.dataset.ok = String(ok);
      item.append(`${ok ? "✓" : "✗"} ${name}: `, element("b", short(value)), ` (${expected})`);
      return item;
    }),
  );
}
