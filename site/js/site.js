/**
 * This site, as the build made it: where it is, and which files it has.
 *
 * @typedef {object} File  what is known of a file, by its path in the site
 * @property {number} size  bytes
 * @property {string} sha256  hex
 * @property {"start" | "ready" | "asked" | "never"} when  it is fetched: before the page is ready, then, on wish, not by the page
 * @property {string} role
 *
 * @typedef {{id: string, versions: Record<string, string>, files: Record<string, File>}} Catalogue
 */
import "../catalogue.js"; // made by the build; puts CATALOGUE where a service worker can have it as well
import { ROOT } from "./host.js";

/** @type {Catalogue} */
export const CATALOGUE = /** @type {any} */ (globalThis).CATALOGUE;

/** Under this header a request tells the service worker which content it wants, and a kept file which it is. */
export const SHA256 = "x-sha256";

/** The name of the service worker's cache; sw.js, which can import nothing, has it as well. */
export const CACHE = `mlp ${ROOT.href} ${CATALOGUE.id}`;

/**
 * The paths of all files of a role, in order.
 *
 * @param {string} role
 * @param {File["when"]} [when]
 */
export function filesOf(role, when) {
  const files = Object.entries(CATALOGUE.files).filter(([, file]) => file.role === role && (!when || file.when === when));
  return files.map(([path]) => path).sort();
}
