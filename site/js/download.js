/**
 * Downloads as the worker makes them: counted, for the progress bar.
 */

/**
 * Counts the bytes that every fetch() from here on brings, Pyodide's own included.
 *
 * @param {(bytes: number) => void} onBytes
 */
export function countFetchedBytes(onBytes) {
  const fetch = self.fetch.bind(self);
  self.fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (response.ok && response.body) void count(response.clone(), onBytes);
    return response;
  };
}

/** How often, in ms, it is told how far a download is. What takes less gets no progress bar, which would only flicker. */
const INTERVAL = 200;

/** How far the download of a set of files is; told again and again, so that a slow one is not taken for a dead worker. */
export class Progress {
  #state = { step: "", loaded: 0, total: 0 };
  #timer = 0;
  /** @type {Promise<{files: Record<string, number>}> | undefined} */
  #build;

  /**
   * @param {URL} build  build.json, which has the size of every file
   * @param {(state: {step: string, loaded: number, total: number}) => void} announce
   */
  constructor(build, announce) {
    this.build = build;
    this.announce = announce;
  }

  /**
   * @param {string} step
   * @param {(file: string) => boolean} wanted  which of the site's files will be fetched
   */
  async begin(step, wanted) {
    const state = { step, loaded: 0, total: 0 };
    this.#state = state;
    this.end();
    this.#timer = setInterval(() => this.announce({ ...state }), INTERVAL);
    this.#build ??= fetch(this.build).then((response) => response.json());
    try {
      for (const [file, bytes] of Object.entries((await this.#build).files)) if (wanted(file)) state.total += bytes;
    } catch {
      this.#build = undefined; // without the sizes there is no bar, and nothing else is lost
    }
  }

  /** @param {number} bytes */
  add = (bytes) => {
    this.#state.loaded += bytes;
  };

  end() {
    clearInterval(this.#timer);
  }
}

/**
 * @param {Response} response
 * @param {(bytes: number) => void} onBytes
 */
async function count(response, onBytes) {
  const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes(value.length);
    }
  } catch {
    // Whoever reads the response itself is told.
  }
}

/**
 * Fetch a file whole.
 *
 * @param {URL} url
 * @returns {Promise<Uint8Array>}
 */
export async function fetchBytes(url) {
  const name = url.pathname.split("/").pop();
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url);
  } catch {
    throw new Error(`${name} could not be fetched: no connection`);
  }
  if (!response.ok) throw new Error(`${name} could not be fetched: the server answers ${response.status}`);
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch {
    throw new Error(`${name} came only in part`);
  }
}
