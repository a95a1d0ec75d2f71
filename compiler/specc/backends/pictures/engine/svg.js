/**
 * Forms, lines and texts as SVG. Texts are centred by `text-anchor`, so that another font does not shift them.
 *
 * @typedef {import("./compose.js").Point} Point
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {"ink" | "soft" | "mark"} Tone
 * @typedef {{text: string, size: number, bold?: boolean, tone: Tone, struck?: boolean}} Run
 * @typedef {{runs: Run[], x: number, y: number, anchor: "start" | "middle" | "end"}} Line  A line of text; `y` is its baseline.
 * @typedef {Record<Tone, {class: string, fill: string}>} Inks
 */

export const SPACE = 5.1;
/** Between two runs of a line: two spaces of the smallest text. Renderers do not agree on how `dx` shifts centred text. */
export const SHEETS = [4.6, 2.3];
/** How far the sheets stand out below what stands for several. */
const RADIUS = 4;
/** Of an arrow's bends. */
const HEAD = 5;
/** The length of an arrow's head. */

/** @param {string} text */
export function escaped(text) {
  if (!/[&<>"]/.test(text)) return text;
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/**
 * An element; attributes that are undefined or empty are left out.
 *
 * @typedef {Object<string, string | number | undefined>} Attributes
 * @param {string} name
 * @param {Attributes} attributes
 * @param {string} [content]  SVG
 */
export function tag(name, attributes, content) {
  let begin = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === "") continue;
    begin += ` ${key}="${typeof value === "number" ? short(value) : escaped(value)}"`;
  }
  return content === undefined ? `${begin}/>` : `${begin}>${content}</${name}>`;
}

/** A coordinate, without digits that nobody sees. @param {number} value */
export function short(value) {
  return String(Math.round(value * 100) / 100);
}

/** @template {{x: number, y: number}} T @param {T} thing @param {number} x @param {number} y @returns {T} */
export function moved(thing, x, y) {
  return { ...thing, x: thing.x + x, y: thing.y + y };
}

/** @param {Line} line @param {Inks} inks */
export function textSvg({ runs, x, y, anchor }, inks) {
  const place = { x, y, "text-anchor": anchor === "start" ? "" : anchor };
  if (runs.length === 1) return tag("text", { ...place, ...look(runs[0], inks) }, escaped(runs[0].text));
  const spans = runs.map((run, index) => tag("tspan", look(run, inks), (index ? "\u00a0\u00a0" : "") + escaped(run.text)));
  return tag("text", place, spans.join(""));
}

/** @param {Run} run @param {Inks} inks @returns {Attributes} */
function look({ size, bold, tone, struck }, inks) {
  const { class: name, fill } = inks[tone];
  return {
    class: name,
    "font-size": size,
    "font-weight": bold ? "bold" : "",
    "text-decoration": struck ? "line-through" : "",
    fill,
  };
}

/** @param {Point} point */
function at([x, y]) {
  return `${short(x)} ${short(y)}`;
}

/** The path of an arrow's line, with round bends; it ends within the head, whose tip stays sharp. @param {Point[]} points */
export function linePath(points) {
  const end = towards(points[points.length - 1], points[points.length - 2], HEAD / 2);
  let path = `M${at(points[0])}`;
  for (let index = 1; index < points.length - 1; index++) {
    const [before, bend, after] = [points[index - 1], points[index], points[index + 1]];
    const radius = Math.min(RADIUS, distance(before, bend) / 2, distance(bend, after) / 2);
    path += `L${at(towards(bend, before, radius))}Q${at(bend)} ${at(towards(bend, after, radius))}`;
  }
  return `${path}L${at(end)}`;
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

/** The outline of a card: each family has its form. @param {string} family @param {Box} box */
export function outline(family, box) {
  if (family === "input" || family === "output") return rounded(box, Math.min(15, box.height / 2));
  if (family === "merge") return box.width > box.height ? hexagon(box, Math.min(7, box.height / 3)) : rounded(box, box.height / 2);
  if (family === "pool") return trapezoid(box, Math.min(6, box.height / 3));
  if (family === "sequence") return octagon(box, Math.min(5, box.height / 3));
  if (family === "dense") return rounded(box, Math.min(9, box.height / 2.5));
  return rounded(box, family === "norm" ? 0 : Math.min(4, box.height / 4));
}

/** @param {Box} box @param {number} slant */
function trapezoid({ x, y, width, height }, slant) {
  const right = x + width;
  return `M${short(x)} ${short(y)}H${short(right)}L${short(right - slant)} ${short(y + height)}H${short(x + slant)}Z`;
}

/** @param {Box} box @param {number} point */
function hexagon({ x, y, width, height }, point) {
  const [right, middle, bottom] = [x + width, y + height / 2, y + height];
  return (
    `M${short(x + point)} ${short(y)}H${short(right - point)}L${short(right)} ${short(middle)}` +
    `L${short(right - point)} ${short(bottom)}H${short(x + point)}L${short(x)} ${short(middle)}Z`
  );
}

/** @param {Box} box @param {number} corner */
function octagon({ x, y, width, height }, corner) {
  const [right, bottom] = [x + width, y + height];
  return (
    `M${short(x + corner)} ${short(y)}H${short(right - corner)}L${short(right)} ${short(y + corner)}V${short(bottom - corner)}` +
    `L${short(right - corner)} ${short(bottom)}H${short(x + corner)}L${short(x)} ${short(bottom - corner)}V${short(y + corner)}Z`
  );
}

/** @param {Box} box @param {number} radius */
export function rounded({ x, y, width, height }, radius) {
  const [right, bottom] = [x + width, y + height];
  if (!radius) return `M${short(x)} ${short(y)}H${short(right)}V${short(bottom)}H${short(x)}Z`;
  const arc = `A${short(radius)} ${short(radius)} 0 0 1 `;
  return (
    `M${short(x + radius)} ${short(y)}H${short(right - radius)}${arc}${short(right)} ${short(y + radius)}` +
    `V${short(bottom - radius)}${arc}${short(right - radius)} ${short(bottom)}` +
    `H${short(x + radius)}${arc}${short(x)} ${short(bottom - radius)}V${short(y + radius)}${arc}${short(x + radius)} ${short(y)}Z`
  );
}
