/** @import { EpochRecord } from "../protocol.js" */

/** One row an epoch: the chart's numbers, to read. */
export class EpochTable {
  /** @param {HTMLTableElement} table */
  constructor(table) {
    this.table = table;
    this.body = table.tBodies[0];
    this.clear();
  }

  /** @param {EpochRecord} record */
  add({ epoch, training_loss, validation_loss, validation_accuracy, seconds }) {
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
    this.table.hidden = false;
  }

  clear() {
    this.body.replaceChildren();
    this.table.hidden = true;
  }
}
