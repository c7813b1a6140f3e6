/** The loss chart as a picture to take along: an SVG, and a PNG of it. Light, whatever the page is, for paper and slides. */

/** @typedef {{batches: {x: number, smooth: number}[], epochs: {epoch: number, training: number, validation: number}[]}} Losses  in nats */

const [WIDTH, HEIGHT] = [800, 400];
const [LEFT, TOP, RIGHT, BOTTOM] = [56, 24, 700, 352];
const COLOURS = { batch: "#6f83d6", training: "#2347c5", validation: "#b8470b" };
const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
/** So many marks an axis has at most. */
const MARKS = 8;

/** @param {Losses} losses */
export function lossSvg({ batches, epochs }) {
  const last = Math.max(1, epochs.at(-1)?.epoch ?? 0, batches.at(-1)?.x ?? 0);
  const all = [...batches.map(({ smooth }) => smooth), ...epochs.flatMap(({ training, validation }) => [training, validation])];
  const most = all.reduce((one, other) => Math.max(one, other), 0.1) * 1.05;
  const at = (/** @type {number} */ x, /** @type {number} */ y) =>
    `${round(LEFT + (x / last) * (RIGHT - LEFT))},${round(BOTTOM - (y / most) * (BOTTOM - TOP))}`;
  const line = (/** @type {string[]} */ points, /** @type {string} */ colour, more = "") =>
    `<polyline points="${points.join(" ")}" fill="none" stroke="${colour}" stroke-width="2"${more}/>`;
  const marks = [
    ...steps(most).map((y) => mark(at(0, y), at(last, y), String(y), "end", -8, 4)),
    ...steps(last, 1).map((x) => mark(at(x, 0), at(x, 0), String(x), "middle", 0, 20)),
  ];
  const ends = epochs.at(-1);
  const names = ends ? /** @type {const} */ (["training", "validation"]).map((name) => ({ name, value: ends[name] })) : [];
  names.sort((one, other) => other.value - one.value);
  let above = -Infinity;
  const labels = names.map(({ name, value }) => {
    const [x, y] = at(last, value).split(",").map(Number);
    above = Math.max(y + 4, above + 16);
    return `<text x="${x + 8}" y="${above}" fill="${COLOURS[name]}">${name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13">
<title>The loss in nats, epoch by epoch</title>
<rect width="100%" height="100%" fill="#fff"/>
${marks.join("\n")}
<text x="${(LEFT + RIGHT) / 2}" y="${HEIGHT - 10}" text-anchor="middle">epoch</text>
<text x="16" y="${(TOP + BOTTOM) / 2}" text-anchor="middle" transform="rotate(-90 16 ${(TOP + BOTTOM) / 2})">loss, nats</text>
${line(batches.map(({ x, smooth }) => at(x, smooth)), COLOURS.batch, ' stroke-opacity="0.6"')}
${line(epochs.map(({ epoch, training }) => at(epoch, training)), COLOURS.training)}
${line(epochs.map(({ epoch, validation }) => at(epoch, validation)), COLOURS.validation, ' stroke-dasharray="6 4"')}
${labels.join("\n")}
</svg>
`;
}

/**
 * @param {string} svg  as lossSvg() makes it
 * @returns {Promise<Uint8Array>} the content of a PNG file, of twice as many pixels
 */
export async function toPng(svg) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * WIDTH, 2 * HEIGHT];
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).drawImage(image, 0, 0, canvas.width, canvas.height);
  /** @type {Blob | null} */
  const blob = await new Promise((resolve) => canvas.toBlob(resolve));
  return new Uint8Array(await /** @type {Blob} */ (blob).arrayBuffer());
}

/**
 * Round numbers up to a limit, a few of them.
 *
 * @param {number} most
 * @param {number} least  step
 */
function steps(most, least = 0) {
  const step = STEPS.find((each) => each >= least && most / each <= MARKS) ?? most;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => Number((i * step).toFixed(2)));
}

/**
 * A line of the grid, and what it stands for.
 *
 * @param {string} from
 * @param {string} to
 * @param {string} text
 * @param {"end" | "middle"} anchor
 * @param {number} right
 * @param {number} down
 */
function mark(from, to, text, anchor, right, down) {
  const [x, y] = from.split(",").map(Number);
  return `<polyline points="${from} ${to}" stroke="#dedacf"/><text x="${x + right}" y="${y + down}" text-anchor="${anchor}" fill="#605c52">${text}</text>`;
}

/** @param {number} number */
function round(number) {
  return Math.round(10 * number) / 10;
}
