/** @import { EpochRecord } from "../../protocol.js" */

/** One row an epoch: the chart's numbers, to read. */
export class EpochTable {
  /** @param {HTMLTableElement} table  in an element that is hidden while there is no row */
  constructor(table) {
    this.section = /** @type {HTMLElement} */ (table.parentElement);
    this.body = table.tBodies[0];
    this.clear();
  }

  /** @param {EpochRecord} record */
  addEpoch({ epoch, training_loss, validation_loss, validation_accuracy, seconds }) {
    const row = this.body.insertRow();
    const cells = [
      [epoch, String(epoch)],
      [training_loss, training_loss.toFixed(4)],
      [validation_loss, validation_loss.toFixed(4)],
      [validation_accuracy, `${(100 * validation_accuracy).toFixed(2)} %`],
      [seconds, seconds.toFixed(2)],
    ];
    for (const [value, text] of cells) {
      const cell = row.insertCell();
      cell.dataset.value = String(value);
      cell.textContent = String(text);
    }
    this.section.hidden = false;
  }

  clear() {
    this.body.replaceChildren();
    this.section.hidden = true;
  }
}
