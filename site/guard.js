/**
 * Watches over the time until the page's own code runs, in which nothing else could tell that something is wrong. The
 * build puts it into index.html, so that it needs no other file.
 */
var guard = (() => {
  /** How long, in ms, none of the page's files may arrive before that is told. */
  const PATIENCE = 10_000;
  const SCOPE = new URL("./", location.href).href;

  /** The names of the page's own files that have not arrived, by their links. @type {Map<HTMLLinkElement, string>} */
  const missing = new Map();
  let hasStarted = false;
  let timer = setTimeout(tellSilence, PATIENCE);

  document.addEventListener("error", takeError, true);
  document.addEventListener("load", takeLoad, true);
  addEventListener("error", takeError);
  addEventListener("unhandledrejection", takeRejection);

  /** @param {Event} event */
  function takeLoad({ target }) {
    if (!isOurs(target)) return;
    missing.delete(target);
    target.setAttribute("data-here", "");
    if (hasStarted) return;
    clearTimeout(timer);
    timer = setTimeout(tellSilence, PATIENCE);
  }

  /** @param {Event} event */
  function takeError(event) {
    if (isOurs(event.target)) {
      missing.set(event.target, name(event.target));
      tellMissing();
    } else if (event.target instanceof HTMLScriptElement) {
      if (!event.target.hasAttribute("data-optional")) tellMissing(); // something that it imports, which has a link of its own
    } else if (event instanceof ErrorEvent) {
      tell(`${event.filename.split("/").pop() || "Its code"} is damaged, or does not work in this browser: ${event.message}.`);
    }
  }

  /** @param {PromiseRejectionEvent} event */
  function takeRejection({ reason }) {
    tell(`It does not work in this browser: ${reason?.message ?? reason}.`);
  }

  function tellSilence() {
    tell(`${whatIsMissing() || "Its code"} did not come.`);
  }

  function tellMissing() {
    tell(`${list(missing.values()) || "Its code"} did not come.`);
  }

  /** The names of the files that have not arrived so far, in words; "" if there is none. */
  function whatIsMissing() {
    for (const element of document.querySelectorAll("link")) {
      if (isOurs(element) && !element.hasAttribute("data-here")) missing.set(element, name(element));
    }
    return list(missing.values());
  }

  /** @param {Iterable<string>} all */
  function list(all) {
    const names = [...new Set(all)];
    const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
    return names.slice(0, 3).join(", ") + more;
  }

  /**
   * Whether this is the link of a file that the page cannot do without; every module has one.
   *
   * @param {EventTarget | null} element
   * @returns {element is HTMLLinkElement}
   */
  function isOurs(element) {
    return element instanceof HTMLLinkElement && element.rel !== "icon" && !element.hasAttribute("data-optional");
  }

  /** @param {HTMLLinkElement} link */
  function name(link) {
    return link.href.split("/").pop() ?? link.href;
  }

  /** @param {string} testid */
  function find(testid) {
    return /** @type {HTMLElement} */ (document.querySelector(`[data-testid="${testid}"]`));
  }

  /** @param {string} message */
  function tell(message) {
    if (hasStarted) return;
    if (document.readyState === "loading") {
      addEventListener("DOMContentLoaded", () => tell(message), { once: true });
      return;
    }
    document.documentElement.dataset.state = "failed";
    find("status").textContent = "The page could not start.";
    find("boot-progress").hidden = true;
    const words = document.createElement("p");
    words.textContent = `${message} Check the connection, then press Reload.`;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Reload";
    button.addEventListener("click", reload);
    find("error").replaceChildren(words, button);
    find("error").hidden = false;
  }

  /** Load the page again, past every cache. */
  async function reload() {
    await fetchAnew();
    location.reload();
  }

  /** Have the page's own files right in whatever cache there is. */
  async function fetchAnew() {
    await emptyCaches();
    const again = [...document.querySelectorAll("link")].map((link) => fetch(link.href, { cache: "reload" }));
    await Promise.race([Promise.allSettled(again), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  }

  /** Forget all that the service worker has kept; where it may not keep anything, there is nothing to forget. */
  async function emptyCaches() {
    try {
      const registration = await navigator.serviceWorker?.getRegistration(SCOPE);
      if (registration?.scope === SCOPE) await registration.unregister();
      for (const cache of await caches.keys()) if (cache.startsWith(`mlp ${SCOPE} `)) await caches.delete(cache);
    } catch {
      // Storage is forbidden here.
    }
  }

  return {
    /** The page's own code runs, and tells from here on what goes wrong. */
    pageHasStarted() {
      if (document.documentElement.dataset.state === "failed") {
        document.documentElement.dataset.state = "loading";
        find("error").replaceChildren();
        find("error").hidden = true;
        find("boot-progress").hidden = false;
      }
      hasStarted = true;
      clearTimeout(timer);
      removeEventListener("unhandledrejection", takeRejection);
    },
    whatIsMissing,
    fetchAnew,
  };
})();
