import { short } from "../numbers.js";

/** @type {Record<string, string>} */
const TITLES = {
  weights1: "weights1: mostly small, some large ones that matter",
  weights2: "weights2",
  layer1_output: "What hidden units say when they fire",
};

/**
 * @param {HTMLElement} place
 * @param {Record<string, Float32Array>} histograms  by name: lowest and highest value, then counts
 */
export function showHistograms(place, histograms) {
  place.replaceChildren(
    ...Object.entries(histograms).map(([name, [low, high, ...counts]]) => {
      const figure = document.createElement("figure");
      const bars = document.createElement("div");
      bars.className = "histogram";
      bars.setAttribute("role", "img");
      const most = Math.max(1, ...counts);
      const peak = counts.indexOf(most);
      const at = low + ((peak + 0.5) * (high - low)) / counts.length;
      bars.setAttribute("aria-label", `${name}: from ${short(low)} to ${short(high)}, most about ${short(at)}`);
      bars.append(
        ...counts.map((count) => {
          const bar = document.createElement("span");
          bar.style.setProperty("--share", String(count / most));
          return bar;
        }),
      );
      const range = document.createElement("div");
      range.className = "range";
      range.append(short(low), document.createElement("span"), short(high));
      const caption = document.createElement("figcaption");
      caption.textContent = TITLES[name] ?? name;
      figure.append(caption, bars, range);
      return figure;
    }),
  );
}
