/** Numbers, as the page writes them. */

/** @param {number} share  0 to 1 */
export function percent(share) {
  if (share > 0.999 && share < 1) return "> 99.9 %";
  if (share < 0.001 && share > 0) return "< 0.1 %";
  return `${(100 * share).toFixed(1)} %`;
}

/**
 * Four digits that count, in few characters.
 *
 * @param {number} number
 */
export function short(number) {
  if (number === 0 || Number.isInteger(number)) return String(number);
  const size = Math.abs(number);
  return size >= 0.001 && size < 10_000 ? String(Number(number.toPrecision(4))) : number.toExponential(2);
}

/**
 * Where the largest of some numbers stands, such as the digit that ten probabilities read.
 *
 * @param {ArrayLike<number>} numbers
 */
export function largest(numbers) {
  let best = 0;
  for (let i = 1; i < numbers.length; i++) if (numbers[i] > numbers[best]) best = i;
  return best;
}
