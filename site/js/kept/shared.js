/** @import { Desk } from "./desk.js" */

/**
 * One thing that all tabs share.
 *
 * @template T
 */
export class Shared {
  /**
   * @param {Desk} desk
   * @param {string} name
   * @param {(stored: unknown) => T} valueOf  what is valid of it, as anything may be stored
   */
  constructor(desk, name, valueOf) {
    this.desk = desk;
    this.name = name;
    this.valueOf = valueOf;
  }

  get all() {
    return this.valueOf(this.desk.shared(this.name));
  }

  /** Whether it will still be here after the page is closed. */
  get isStored() {
    return this.desk.isKeeping;
  }

  /** @param {(all: T) => T} change  makes the new value of what there is, which another tab may have changed meanwhile */
  change(change) {
    this.desk.askToStay();
    return this.desk.changeShared(this.name, (stored) => change(this.valueOf(stored)));
  }
}
