/**
 * A plan as SVG: head, frames, arrows, cards, legend.
 *
 * @typedef {import("./picture.js").Plan} Plan
 * @typedef {import("./view.js").Scene} Scene
 * @typedef {import("./view.js").Seen} Seen
 * @typedef {import("./compose.js").Point} Point
 * @typedef {import("./svg.js").Box} Box
 * @typedef {import("./theme.js").Theme} Theme
 */

import { frameSvg } from "./frames.js";
import { headSvg } from "./head.js";
import { legendSvg } from "./legend.js";
import { isGhost, markedStroke } from "./marks.js";
import { cardSvg, sheetsSvg } from "./nodes.js";
import { MARGIN, sheetOf } from "./sheet.js";
import { headPath, linePath, short, tag } from "./svg.js";
import { darkStyle } from "./theme.js";
import { framed } from "./view.js";

const FONT = "Verdana, 'DejaVu Sans', sans-serif";
/** Verdana has the widths of DejaVu Sans, with which texts are measured. */

/**
 * @param {Scene} scene
 * @param {Plan} plan
 * @param {Theme} theme
 * @param {boolean} follows  the reader's system says whether it is dark
 * @param {import("./sheet.js").Sheet} sheet
 * @returns {{svg: string, width: number, height: number}} in points
 */
export function draw(scene, plan, theme, follows, sheet = sheetOf(scene, plan)) {
  const { width, height, left, top, head, legend } = sheet;
  /** @type {(x: number, y: number, ...parts: string[]) => string} */
  const at = (x, y, ...parts) => tag("g", { transform: `translate(${short(x)} ${short(y)})` }, parts.join("\n"));
  const parts = [
    ...(follows ? [darkStyle()] : []),
    tag("rect", { class: "page", width, height, fill: theme.page }),
    at(MARGIN, MARGIN, headSvg(head, theme)),
    at(left, top, "", ...framesSvg(plan.members, plan, theme, 0), ...arrowsSvg(plan, theme), ...cardsSvg(plan, theme), ""),
    at(MARGIN, height - MARGIN - legend.height, legendSvg(legend, theme)),
  ];
  const attributes = {
    xmlns: "http://www.w3.org/2000/svg",
    class: "specc",
    width: `${width}pt`,
    height: `${height}pt`,
    viewBox: `0 0 ${width} ${height}`,
    role: "img",
    "aria-label": `${scene.title}: ${scene.caption}`,
    "font-family": FONT,
  };
  return { svg: `${tag("svg", attributes, ["", ...parts, ""].join("\n"))}\n`, width, height };
}

/** @param {Plan} plan @param {string} id @returns {Box} */
function boxOf({ layout, direction }, id) {
  const { cross, flow, width, length } = layout.places.get(id) ?? { cross: 0, flow: 0, width: 0, length: 0 };
  return direction === "down" ? { x: cross, y: flow, width, height: length } : { x: flow, y: cross, width: length, height: width };
}

/** @type {(members: Seen[], plan: Plan, theme: Theme, depth: number) => Generator<string>} */
function* framesSvg(members, plan, theme, depth) {
  for (const { id, card, members: inner } of members) {
    if (!inner) continue;
    const seen = card.form !== "column";
    if (seen) yield frameSvg(card, boxOf(plan, id), depth, theme);
    yield* framesSvg(inner, plan, theme, seen ? depth + 1 : depth);
  }
}

/** @param {Plan} plan @param {Theme} theme @returns {Generator<string>} */
function* arrowsSvg({ wires, layout, direction }, theme) {
  for (const { id, mark = "" } of wires) {
    const way = layout.ways.get(id);
    if (!way) continue;
    const points = direction === "down" ? way : way.map(([cross, flow]) => /** @type {Point} */ ([flow, cross]));
    const stroke = mark ? markedStroke(mark, theme) : { stroke: theme.line };
    const line = tag("path", { class: "line", d: linePath(points), fill: "none", ...stroke });
    const head = tag("path", { class: "head", d: headPath(points), fill: mark ? theme.marks[mark] : theme.line });
    const classes = ["edge", mark, isGhost(mark) ? "ghost" : ""].filter(Boolean);
    yield tag("g", { class: classes.join(" "), id: `w${id}` }, line + head);
  }
}

/** @param {Plan} plan @param {Theme} theme @returns {Generator<string>} */
function* cardsSvg(plan, theme) {
  for (const { id, card, members } of framed(plan.members)) {
    const measured = plan.cards.get(id);
    if (members || !measured) continue;
    const box = boxOf(plan, id);
    if (card.times > 1) yield sheetsSvg(card, measured, box, theme);
    yield cardSvg(card, measured, box, theme);
  }
}
