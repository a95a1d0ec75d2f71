/**
 * Signs at the corners of cards and frames: the letter of what is called more than once, the crystal of what is frozen,
 * and what a change or an error says. Each has a form of its own, for print without colour.
 *
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {import("./theme.js").Mark} Mark
 * @typedef {import("./svg.js").Box} Box
 */

import { short, tag, textSvg } from "./svg.js";

const RADIUS = 5.5;
const STEP = 2 * RADIUS + 1;
const RAY = 3.7;
const INSET = 3;
/** Of the first sign from its corner. */

/** @type {Record<Mark, string>} */
const GLYPHS = { added: "+", removed: "−", changed: "≠", error: "!", unknown: "?" };

/** Marks of what is drawn in outline only. @type {(mark: string) => boolean} */
export function isGhost(mark) {
  return mark === "removed" || mark === "unknown";
}

/** How an outline or a line with a mark is drawn. @param {string} mark @param {Theme} theme */
export function markedStroke(mark, theme) {
  const colour = theme.marks[/** @type {Mark} */ (mark)];
  return { stroke: colour, "stroke-width": 1.8, "stroke-dasharray": isGhost(mark) ? "5 3" : "" };
}

/**
 * The signs of a card or frame, on its upper border: its mark on the left, the others on the right. A circle has all of
 * them on the left, for its words stand on the right.
 *
 * @param {{badge: string, frozen: boolean, mark: string}} card
 * @param {Box} box
 * @param {Theme} theme
 */
export function signsSvg({ badge, frozen, mark }, { x, y, width, height }, theme) {
  const small = width < 6 * RADIUS;
  const [left, right] = small ? [x - 1, x - 1] : [x + INSET, x + width - INSET];
  const [above, top] = small ? [y - 1, badge && mark ? y + height + 1 : y - 1] : [y, y];
  return [
    badge ? badgeSvg(badge, right, top, theme) : "",
    frozen ? crystalSvg(badge ? right - STEP : right, top, theme) : "",
    mark ? markSvg(/** @type {Mark} */ (mark), left, above, theme) : "",
  ].join("");
}

/** @param {string} letter @param {number} x @param {number} y @param {Theme} theme */
export function badgeSvg(letter, x, y, theme) {
  return tag("g", { class: "badge" }, disc(x, y, "ink", theme.ink, theme) + glyph(letter, x, y, theme));
}

/** @param {Mark} mark @param {number} x @param {number} y @param {Theme} theme */
export function markSvg(mark, x, y, theme) {
  return tag("g", { class: mark }, disc(x, y, "mark", theme.marks[mark], theme) + glyph(GLYPHS[mark], x, y, theme));
}

/** A crystal of ice: three lines through a point. @param {number} x @param {number} y @param {Theme} theme */
export function crystalSvg(x, y, theme) {
  const rays = [0, 60, 120].map((angle) => {
    const [dx, dy] = [Math.sin((angle * Math.PI) / 180) * RAY, Math.cos((angle * Math.PI) / 180) * RAY];
    return `M${short(x - dx)} ${short(y - dy)}L${short(x + dx)} ${short(y + dy)}`;
  });
  const path = { class: "ray", d: rays.join(""), stroke: theme.ink, "stroke-width": 1.1, "stroke-linecap": "round" };
  return tag("g", { class: "frozen" }, disc(x, y, "page", theme.page, theme) + tag("path", path));
}

/** @type {(x: number, y: number, name: "page" | "ink" | "mark", fill: string, theme: Theme) => string} */
function disc(x, y, name, fill, theme) {
  const [rim, stroke] = name === "page" ? ["rim", theme.ink] : ["gap", theme.page];
  return tag("circle", { class: `${name} ${rim}`, cx: x, cy: y, r: RADIUS, fill, stroke });
}

/** @param {string} text @param {number} x @param {number} y @param {Theme} theme */
function glyph(text, x, y, theme) {
  const ink = { class: "page", fill: theme.page };
  const runs = [{ text, size: 8, bold: true, tone: /** @type {const} */ ("ink") }];
  return textSvg({ runs, x, y: y + 2.9, anchor: "middle" }, { ink, soft: ink, mark: ink });
}
