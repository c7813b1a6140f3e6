/** The sizes of the four dimensions, by their names. @type {Record<string, number>} */
const sizes = { batch: 32, 784: 784, hidden: 128, 10: 10 };

/** @param {Record<string, number>} now */
export function setSizes(now) {
  Object.assign(sizes, now);
}

/** Which dimensions each array's shape consists of, from the notes. @type {Record<string, string[]>} */
const DIMENSIONS = {
  X: ["batch", "784"],
  y: ["batch"],
  y_one_hot: ["batch", "10"],
  exp_x: ["batch", "10"],
  weights1: ["784", "hidden"],
  biases1: ["", "hidden"],
  weights2: ["hidden", "10"],
  biases2: ["", "10"],
  layer1_input: ["batch", "hidden"],
  layer1_output: ["batch", "hidden"],
  layer2_input: ["batch", "10"],
  output: ["batch", "10"],
  losses: ["batch"],
  d_output: ["batch", "10"],
  d_hidden: ["batch", "hidden"],
  d_hidden_relu: ["batch", "hidden"],
};

/** @param {string} name  an array before and after its update is the same thing */
export function plainName(name) {
  return name.replace("updated_", "");
}

/**
 * The dimensions of an array.
 *
 * @param {string} name
 * @param {number[]} shape
 */
export function dimensionsOf(name, shape) {
  return DIMENSIONS[plainName(name).replace(/^d_(?=weights|biases)/, "")] ?? shape.map(dimensionOf);
}

/** @param {number} size  of a dimension; where two are as large, the first of them */
function dimensionOf(size) {
  return ["784", "hidden", "10", "batch"].find((name) => sizes[name] === size) ?? "";
}

/**
 * A shape in words, such as (32, 784), each dimension in its colour.
 *
 * @param {number[]} shape
 * @param {string[]} dimensions
 */
export function shapeOf(shape, dimensions = shape.map(dimensionOf)) {
  const element = document.createElement("span");
  element.className = "shape";
  element.append("(");
  shape.forEach((size, i) => {
    const part = document.createElement("span");
    part.textContent = String(size);
    if (dimensions[i]) {
      part.className = "dimension";
      part.dataset.dim = dimensions[i];
      part.title = dimensions[i];
    }
    element.append(i ? ", " : "", part);
  });
  element.append(shape.length === 1 ? ",)" : ")");
  return element;
}
