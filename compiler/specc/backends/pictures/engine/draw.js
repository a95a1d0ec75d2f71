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
import { escaped, headPath, linePath, short } from "./svg.js";
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
  const bottom = height - MARGIN - legend.height;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="specc" width="${width}pt" height="${height}pt" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(`${scene.title}: ${scene.caption}`)}" font-family="${escaped(FONT)}">`,
    ...(follows ? [darkStyle()] : []),
    `<rect class="page" width="${width}" height="${height}" fill="${theme.page}"/>`,
    `<g transform="translate(${MARGIN} ${MARGIN})">${headSvg(head, theme)}</g>`,
    `<g transform="translate(${short(left)} ${short(top)})">`,
    ...framesSvg(plan.members, plan, theme, 0),
    ...arrowsSvg(plan, theme),
    ...cardsSvg(plan, theme),
    "</g>",
    `<g transform="translate(${MARGIN} ${short(bottom)})">${legendSvg(legend, theme)}</g>`,
    "</svg>",
  ];
  return { svg: `${parts.join("\n")}\n`, width, height };
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
    const stroke = mark ? markedStroke(mark, theme) : `stroke="${theme.line}"`;
    const fill = mark ? theme.marks[mark] : theme.line;
    yield `<g class="edge${mark ? ` ${mark}` : ""}${isGhost(mark) ? " ghost" : ""}" id="${escaped(`w${id}`)}">` +
      `<path class="line" d="${linePath(points)}" fill="none" ${stroke}/><path class="head" d="${headPath(points)}" fill="${fill}"/></g>`;
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
