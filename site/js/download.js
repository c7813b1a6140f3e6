/**
 * Downloads as the worker makes them: counted, for the progress bar, and unpacked.
 */

const GZIP_MAGIC = [0x1f, 0x8b];

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

/** How far the download of a set of files is. */
export class Progress {
  #state = { step: "", loaded: 0, total: 0 };
  #announced = 0;
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
    this.#state = { step, loaded: 0, total: 0 };
    this.#build ??= fetch(this.build).then((response) => response.json());
    try {
      for (const [file, bytes] of Object.entries((await this.#build).files)) if (wanted(file)) this.#state.total += bytes;
    } catch {
      this.#build = undefined; // without the sizes there is no bar, and nothing else is lost
    }
    this.#say();
  }

  /** @param {number} bytes */
  add = (bytes) => {
    this.#state.loaded += bytes;
    if (performance.now() - this.#announced > 50) this.#say();
  };

  /** @param {string} step  what comes after the download */
  next(step) {
    this.#state.step = step;
    this.#say();
  }

  #say() {
    this.#announced = performance.now();
    this.announce({ ...this.#state });
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
 * Fetch a file whole, unpacked if it is gzipped.
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
    const bytes = new Uint8Array(await response.arrayBuffer());
    // A server may have unpacked it on the way, as Content-Encoding.
    if (bytes[0] !== GZIP_MAGIC[0] || bytes[1] !== GZIP_MAGIC[1]) return bytes;
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Uint8Array(await new Response(unpacked).arrayBuffer());
  } catch {
    throw new Error(`${name} came damaged or only in part`);
  }
}
