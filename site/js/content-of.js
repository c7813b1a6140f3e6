/**
 * @param {Blob} file  that the visitor has chosen
 * @returns {Promise<Uint8Array<ArrayBuffer> | null>} null where it is gone from the disk, or forbidden
 */
export async function contentOf(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    return null;
  }
}
