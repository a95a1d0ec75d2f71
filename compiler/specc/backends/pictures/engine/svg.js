/**
 * A laid-out picture as SVG. Groups have the classes node, edge and cluster; texts are centred by `text-anchor`, so that
 * another font does not shift them.
 *
 * @typedef {import("./compose.js").Point} Point
 * @typedef {import("./card.js").Measured} Measured
 * @typedef {import("./theme.js").Paint} Paint
 */

const RADIUS = 4;
/** Of an arrow's bends. */
const HEAD = 5;
/** The length of an arrow's head. */

/** @param {string} text */
export function escaped(text) {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** A coordinate, without digits that nobody sees. @param {number} value */
export function short(value) {
  return String(Math.round(value * 100) / 100);
}

/** @param {Point} point */
function at([x, y]) {
  return `${short(x)} ${short(y)}`;
}

/** The path of a line with round bends. @param {Point[]} points */
export function linePath(points) {
  let path = `M${at(points[0])}`;
  for (let index = 1; index < points.length - 1; index++) {
    const [before, bend, after] = [points[index - 1], points[index], points[index + 1]];
    const radius = Math.min(RADIUS, distance(before, bend) / 2, distance(bend, after) / 2);
    path += `L${at(towards(bend, before, radius))}Q${at(bend)} ${at(towards(bend, after, radius))}`;
  }
  return `${path}L${at(points[points.length - 1])}`;
}

/** The triangle at the end of a line. @param {Point[]} points */
export function headPath(points) {
  const [before, end] = [points[points.length - 2], points[points.length - 1]];
  const base = towards(end, before, HEAD);
  const [dx, dy] = [(end[1] - base[1]) * 0.5, (end[0] - base[0]) * 0.5];
  return `M${at([base[0] - dx, base[1] + dy])}L${at([base[0] + dx, base[1] - dy])}L${at(end)}Z`;
}

/** @param {Point} a @param {Point} b */
function distance(a, b) {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}

/** The point so far from one towards another. @param {Point} from @param {Point} to @param {number} far @returns {Point} */
function towards(from, to, far) {
  const whole = distance(from, to) || 1;
  return [from[0] + ((to[0] - from[0]) * far) / whole, from[1] + ((to[1] - from[1]) * far) / whole];
}

/**
 * The outline of a card: each family has its form.
 *
 * @param {string} family
 * @param {string} form
 * @param {{x: number, y: number, width: number, height: number}} body
 */
export function outline(family, form, { x, y, width, height }) {
  const [right, bottom] = [x + width, y + height];
  if (form === "merge") return rounded(x, y, right, bottom, height / 2);
  if (form === "input" || form === "output") return rounded(x, y, right, bottom, height / 2);
  if (family === "pool") {
    const cut = Math.min(6, height / 3);
    return `M${short(x)} ${short(y)}H${short(right)}L${short(right - cut)} ${short(bottom)}H${short(x + cut)}Z`;
  }
  if (family === "sequence") {
    const cut = 5;
    return `M${short(x + cut)} ${short(y)}H${short(right - cut)}L${short(right)} ${short(y + cut)}V${short(bottom - cut)}L${short(right - cut)} ${short(bottom)}H${short(x + cut)}L${short(x)} ${short(bottom - cut)}V${short(y + cut)}Z`;
  }
  return rounded(x, y, right, bottom, family === "norm" ? 0 : 4);
}

/** @param {number} x @param {number} y @param {number} right @param {number} bottom @param {number} radius */
export function rounded(x, y, right, bottom, radius) {
  if (!radius) return `M${short(x)} ${short(y)}H${short(right)}V${short(bottom)}H${short(x)}Z`;
  const arc = `A${short(radius)} ${short(radius)} 0 0 1 `;
  return (
    `M${short(x + radius)} ${short(y)}H${short(right - radius)}${arc}${short(right)} ${short(y + radius)}` +
    `V${short(bottom - radius)}${arc}${short(right - radius)} ${short(bottom)}` +
    `H${short(x + radius)}${arc}${short(x)} ${short(bottom - radius)}V${short(y + radius)}${arc}${short(x + radius)} ${short(y)}Z`
  );
}
