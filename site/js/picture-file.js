/**
 * Picture files: decoded by the browser, upright and not too large. Nothing of them runs, and nothing leaves the device.
 */
import { contentOf } from "./content-of.js";

/** Pixels of the longer side that are handed on, as in mlp_py/picture_file.py. */
const LONGEST = 1_200;
const MOST_PIXELS = 50_000_000;
const MOST_BYTES = 100_000_000;
/** How much of a file is looked at to say what it is. */
const HEAD = 1_000_000;

/** Why a file is not read, as a sentence that follows its name. */
export class PictureError extends Error {}

/** @param {File} file */
export async function bytesOf(file) {
  if (file.size > MOST_BYTES) throw new PictureError("It is larger than any picture.");
  const content = await contentOf(file);
  if (!content) throw new PictureError("Is it still there? Then choose it again.");
  return content;
}

/**
 * @param {Uint8Array<ArrayBuffer>} content  of a file
 * @returns {Promise<{canvas: HTMLCanvasElement, note: string}>}  note: what one should know of it, or nothing
 */
export async function decode(content) {
  if (content.length === 0) throw new PictureError("It is empty.");
  const head = new TextDecoder("latin1").decode(content.subarray(0, HEAD));
  if (/^\s*(<\?xml|<!--|<!doctype svg|<svg)/i.test(head.replace(/^ï»¿/, ""))) {
    throw new PictureError("It is an SVG, a file of instructions. Save it as a PNG first.");
  }
  const url = URL.createObjectURL(new Blob([content]));
  try {
    return { canvas: paint(await load(url)), note: isAnimated(head) ? "It moves: its first picture is read." : "" };
  } finally {
    URL.revokeObjectURL(url);
  }
}

/**
 * @param {string} url
 * @returns {Promise<HTMLImageElement>}
 */
async function load(url) {
  const image = new Image();
  image.src = url;
  await new Promise((resolve, reject) => {
    image.onload = resolve; // its size is known then, and its pixels are not decoded yet
    image.onerror = () => reject(new PictureError("It is no picture that this browser can read. PNG, JPEG, WebP and GIF are."));
  });
  const pixels = image.naturalWidth * image.naturalHeight;
  if (pixels > MOST_PIXELS) {
    const [millions, most] = [pixels, MOST_PIXELS].map((n) => Math.round(n / 1_000_000));
    throw new PictureError(`It has ${millions} megapixels. Make it smaller, up to ${most}.`);
  }
  if (pixels === 0) throw new PictureError("It has no size. Save it as a PNG first.");
  try {
    await image.decode();
  } catch {
    throw new PictureError("It is damaged, or too large for this device.");
  }
  return image;
}

/**
 * @param {HTMLImageElement} image
 * @returns {HTMLCanvasElement}
 */
function paint(image) {
  const { naturalWidth, naturalHeight } = image;
  const scale = Math.min(1, LONGEST / Math.max(naturalWidth, naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(naturalHeight * scale));
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, canvas.width, canvas.height); // upright, as EXIF says
  return canvas;
}

/** @param {string} head  of a file */
function isAnimated(head) {
  const frames = head.startsWith("GIF8") ? head.split("\x21\xF9\x04").length - 1 : 0;
  return frames > 1 || (head.startsWith("RIFF") && head.includes("ANIM")) || (head.slice(1, 4) === "PNG" && head.includes("acTL"));
}
