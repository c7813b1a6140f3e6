/**
 * Give the visitor a file.
 *
 * @param {Uint8Array | string} content
 * @param {string} name
 */
export function saveFile(content, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([/** @type {BlobPart} */ (content)]));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
