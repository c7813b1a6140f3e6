/**
 * The service worker, from the page's side: registered once the page is ready, and a newer build offered, never forced.
 */
import { ROOT } from "./host.js";
import { CACHE, CATALOGUE, filesOf } from "./site.js";

export class Updates {
  /** @type {ServiceWorkerRegistration | null} */
  #registration = null;

  /**
   * @param {() => void} onOffer  a newer build is here, and waits
   * @param {(hasAll: boolean) => void} onKept  it works offline from now on; whether all images to learn from are kept, too
   */
  constructor(onOffer, onKept) {
    this.onOffer = onOffer;
    this.onKept = onKept;
  }

  /** Keep the site for the next visit. Where that is forbidden, or impossible, nothing is lost. */
  async register() {
    const container = navigator.serviceWorker;
    if (!container) return;
    container.addEventListener("message", ({ data, ports: [port] }) => {
      if (data === "which build?") port?.postMessage(CATALOGUE.id);
    });
    container.startMessages();
    try {
      const registration = await container.register(new URL("sw.js", ROOT), { updateViaCache: "none" });
      this.#registration = registration;
      registration.addEventListener("updatefound", () => this.#watch(registration.installing));
      this.#watch(registration.installing);
      this.#offer();
      (await container.ready).active?.postMessage("ready");
      await this.tellWhatIsKept();
    } catch {
      // As before: without it.
    }
  }

  async tellWhatIsKept() {
    const cache = await caches.open(CACHE);
    const kept = await Promise.all(filesOf("training-images", "asked").map((path) => cache.match(new URL(path, ROOT))));
    this.onKept(kept.every(Boolean));
  }

  /** Go on with the newer build; only this page does, others when they are loaded again. */
  use() {
    const waiting = this.#registration?.waiting;
    if (!waiting) return location.reload(); // another tab has let it in already
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    waiting.postMessage("use this build");
  }

  /** @param {ServiceWorker | null} worker */
  #watch(worker) {
    worker?.addEventListener("statechange", () => this.#offer());
  }

  #offer() {
    // Without a controller it is the first one, and there is nothing newer.
    if (this.#registration?.waiting && navigator.serviceWorker.controller) this.onOffer();
  }
}
