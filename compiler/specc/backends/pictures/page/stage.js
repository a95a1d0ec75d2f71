/**
 * The picture in the page: drawn by the engine, its boxes made reachable by keyboard and named for screen readers.
 *
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("../engine/compose.js").Wire} Wire
 * @typedef {{model: Model, open: Set<string>, direction: "down" | "right", show: "brief" | "all", theme: string}} View
 * @typedef {{wires: Wire[], width: number, height: number, box: (id: string) => import("./camera.js").Box | null, ids: string[], legend: (across: number) => string}} Shown
 *   `wires`: as they are seen, with the closed frames that they end at; `ids`: of what is seen, in order
 */

import { draw } from "../engine/draw.js";
import { legendSvg, measureLegend } from "../engine/legend.js";
import { plan } from "../engine/picture.js";
import { bareSheet, sheetOf } from "../engine/sheet.js";
import { THEMES } from "../engine/theme.js";
import { isFrame } from "../engine/view.js";

const PAPER = { width: 643, height: 907 };
/** Of A4 without its margins, in points of a picture, of which one is printed as three quarters of a point. */

/** @param {View} view */
function planOf({ model, open, direction, show, theme }) {
  return plan(model.scene, { direction, room: null, depth: 0, expand: [...open], show, theme });
}

/** The picture of a view with its title and legend, as `specc graph` writes it. @param {View} view */
export function pictureOf(view) {
  const planned = { ...planOf(view), said: [] };
  return draw(view.model.scene, planned, THEMES[view.theme], false);
}

/** The picture for a sheet of paper: in columns, and terser, so that it fits; otherwise as it is. @param {View} view */
export function printOf(view) {
  const { scene } = view.model;
  const options = { direction: view.direction, room: PAPER, depth: 0, expand: [...view.open], show: view.show, theme: view.theme };
  const planned = { ...plan(scene, options, (laidOut) => sheetOf(scene, laidOut)), said: [] };
  const picture = draw(scene, planned, THEMES[view.theme], false);
  return picture.width <= PAPER.width && picture.height <= PAPER.height ? picture : pictureOf(view);
}

/** What the colours and signs of a picture are, as SVG. @param {import("../engine/picture.js").Plan} planned @param {string} theme @param {number} across */
function legendOf({ members, wires }, theme, across) {
  const legend = measureLegend(members, wires, across);
  const [width, height] = [Math.ceil(legend.width), legend.height];
  return `<svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Verdana, DejaVu Sans, sans-serif">${legendSvg(legend, THEMES[theme])}</svg>`;
}

/** Put a view's picture on the sheet. @param {HTMLElement} sheet @param {View} view @returns {Shown} */
export function stage(sheet, view) {
  const planned = planOf(view);
  const { svg, width, height } = draw(view.model.scene, planned, THEMES[view.theme], false, bareSheet(planned));
  sheet.innerHTML = svg;
  const picture = /** @type {SVGSVGElement} */ (sheet.firstElementChild);
  picture.setAttribute("width", String(width));
  picture.setAttribute("height", String(height));
  picture.setAttribute("role", "group");
  /** @type {Map<string, SVGGraphicsElement>} */
  const groups = new Map();
  for (const group of /** @type {NodeListOf<SVGGraphicsElement>} */ (picture.querySelectorAll("g.node, g.cluster"))) {
    const entry = view.model.entries.get(group.id);
    if (!entry) continue;
    groups.set(group.id, group);
    group.setAttribute("tabindex", "0");
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", labelOf(view.model, group.id));
    if (isFrame(entry.item)) group.setAttribute("aria-expanded", String(view.open.has(group.id)));
  }
  return {
    wires: planned.wires,
    width,
    height,
    ids: [...groups.keys()],
    box: (id) => boxOf(groups.get(id)),
    legend: (across) => legendOf(planned, view.theme, across),
  };
}

/** @param {Model} model @param {string} id */
export function labelOf(model, id) {
  const card = model.entries.get(id)?.card;
  if (!card) return "";
  const times = card.times > 1 ? `${card.times} times${card.parallel ? " in parallel" : ""}` : "";
  return [card.name, card.name === card.type ? "" : card.type, times, ...card.words, card.frozen ? "frozen" : "", ...card.facts].filter(Boolean).join(", ");
}

/** The place of a group in the picture. @param {SVGGraphicsElement | undefined} group */
function boxOf(group) {
  if (!group) return null;
  const outline = /** @type {SVGGraphicsElement} */ (group.querySelector("path"));
  const [{ x, y, width, height }, at] = [outline.getBBox(), group.getCTM()];
  return { x: x + (at?.e ?? 0), y: y + (at?.f ?? 0), width, height };
}
