import { Emitter } from "../../emitter.js";
import { button, element } from "../elements.js";
import { nameOf } from "../names.js";
import { percent } from "../numbers.js";
import { reachOne, rove } from "../roving.js";

/**
 * The confusion matrix: how many test images of each digit are read as each. A cell opens its images.
 *
 * @extends {Emitter<{cell: [number, number]}>}
 */
export class Confusion extends Emitter {
  /** @type {HTMLButtonElement[][]} */
  #cells = [];
  /** @type {HTMLElement[]} */
  #accuracies = [];
  #columns = Array.from({ length: 10 }, (_, digit) => heading(nameOf(digit), "col"));
  #rows = Array.from({ length: 10 }, (_, digit) => heading(nameOf(digit), "row"));

  /** @param {HTMLTableElement} table */
  constructor(table) {
    super();
    const caption = table.createCaption();
    caption.className = "visually-hidden";
    caption.textContent = "Rows are what an image is, columns what it is read as";
    const head = table.createTHead().insertRow();
    head.append(document.createElement("td"), ...this.#columns, heading("right", "col"));
    const body = table.createTBody();
    for (let truth = 0; truth < 10; truth++) {
      const row = body.insertRow();
      row.append(this.#rows[truth]);
      this.#cells.push(Array.from({ length: 10 }, (_, read) => this.#cell(row, truth, read)));
      this.#accuracies.push(row.insertCell());
    }
    rove(table, "button", () => 10);
    reachOne(this.#cells.flat());
  }

  /** @param {number[][]} counts  rows of truth, columns of reading */
  show(counts) {
    const most = Math.max(1, ...counts.flatMap((row, truth) => row.filter((_, read) => read !== truth)));
    counts.forEach((row, truth) => {
      const all = row.reduce((sum, count) => sum + count, 0);
      this.#rows[truth].textContent = this.#columns[truth].textContent = nameOf(truth);
      this.#accuracies[truth].textContent = all ? percent(row[truth] / all) : "";
      row.forEach((count, read) => {
        const button = this.#cells[truth][read];
        button.textContent = String(count || "·");
        button.dataset.value = String(count);
        button.setAttribute("aria-label", truth === read ? `${count} of ${nameOf(truth)} read right` : `${count} of ${nameOf(truth)} read as ${nameOf(read)}`);
        button.style.setProperty("--share", String(truth === read ? 0 : Math.sqrt(count / most)));
      });
    });
  }

  /** @param {[number, number] | null} cell */
  mark(cell) {
    this.#cells.forEach((row, truth) =>
      row.forEach((button, read) => button.setAttribute("aria-pressed", String(cell?.[0] === truth && cell[1] === read))),
    );
  }

  /**
   * @param {HTMLTableRowElement} row
   * @param {number} truth
   * @param {number} read
   */
  #cell(row, truth, read) {
    const cell = button("·", () => this.emit("cell", [truth, read]));
    cell.dataset.testid = `confusion-${truth}-${read}`;
    cell.toggleAttribute("data-right", truth === read);
    cell.setAttribute("aria-label", `${truth} read as ${read}: not counted yet`);
    row.insertCell().append(cell);
    return cell;
  }
}

/**
 * @param {string} text
 * @param {"row" | "col"} scope
 */
function heading(text, scope) {
  const cell = element("th", text);
  cell.scope = scope;
  return cell;
}
