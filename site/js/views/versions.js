/** @import { About } from "../protocol.js" */

/** What runs here. */
export class Versions {
  /**
   * @param {HTMLElement} versions
   * @param {HTMLElement} backend
   */
  constructor(versions, backend) {
    this.versions = versions;
    this.backend = backend;
  }

  /** @param {About} about */
  show({ python, numpy, pyodide, backend }) {
    this.backend.dataset.value = backend;
    this.backend.textContent = { simd: "our SIMD kernel", numpy: "NumPy’s own product" }[backend];
    this.versions.textContent = `Python ${python}, NumPy ${numpy}, Pyodide ${pyodide}`;
  }
}
