/** This tab among others: which desk it had before it was loaded again, and which desks other tabs are at. */

import { ROOT } from "../host.js";
import { newId } from "../new-id.js";

const KEY = "mlp desk";
/** How long, in ms, the page that was here before may take to be gone. */
const PATIENCE = 1_000;

export const thisTab = {
  /** Of a new desk. */
  id: newId(),

  /** @returns {string | null} the desk that it had before it was loaded again */
  before() {
    try {
      return sessionStorage.getItem(KEY);
    } catch {
      return null;
    }
  },

  /** Whether it shows what it showed before, and has not been led here by an address. */
  isReloaded() {
    const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
    return navigation?.type === "reload" || navigation?.type === "back_forward";
  },

  /** @param {string} id */
  remember(id) {
    try {
      sessionStorage.setItem(KEY, id);
    } catch {
      // Storage is forbidden here; then a desk is nobody's before.
    }
  },

  forget() {
    try {
      sessionStorage.removeItem(KEY);
    } catch {
      // As above.
    }
  },
};

/**
 * Have all other tabs of this page forget what they work on, and be told when another one asks for that.
 *
 * @param {() => void} onForget
 * @returns {() => void} asks the others
 */
export function forgetTogether(onForget) {
  if (!("BroadcastChannel" in globalThis)) return () => {};
  const channel = new BroadcastChannel(`mlp ${ROOT.href}`);
  channel.onmessage = onForget;
  return () => channel.postMessage("forget everything");
}

/**
 * Sit down at a desk for as long as the page is open.
 *
 * @param {string} id
 * @param {boolean} isPatient  whether whoever sits there may be just leaving
 * @returns {Promise<boolean>} whether it is free; where the browser has no locks, only one's own is
 */
export function claim(id, isPatient) {
  if (!navigator.locks) return Promise.resolve(isPatient);
  return new Promise((resolve) => {
    const options = isPatient ? { signal: AbortSignal.timeout(PATIENCE) } : { ifAvailable: true };
    navigator.locks
      .request(lockOf(id), options, (lock) => {
        resolve(lock !== null);
        return lock && new Promise(() => {}); // until the page is gone
      })
      .catch(() => resolve(false));
  });
}

/**
 * @param {string} id  of a desk
 * @returns {Promise<boolean>} whether nobody sits there
 */
export async function isFree(id) {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return !held.some(({ name }) => name === lockOf(id));
}

/** @param {string} id  of a desk */
function lockOf(id) {
  return `mlp desk ${id}`;
}
