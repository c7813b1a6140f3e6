/** Where one can be in the page: names that addresses have. */

export const TABS = /** @type {const} */ (["watch", "code", "inspect", "compare"]);
export const PHASES = /** @type {const} */ (["initialization", "forward", "loss", "backward", "training"]);

/** @typedef {(typeof TABS)[number]} Tab */
