/**
 * The sheet that a picture stands on: its head, the layout and the legend below each other.
 *
 * @typedef {import("./head.js").Head} Head
 * @typedef {import("./legend.js").Legend} Legend
 * @typedef {{width: number, height: number, left: number, top: number, head: Head, legend: Legend}} Sheet
 *   `left`, `top`: the layout's corner.
 */

import { measureHead } from "./head.js";
import { measureLegend } from "./legend.js";

export const MARGIN = 6;

const NOTHING = { lines: [], entries: [], width: 0, height: 0 };

/** A sheet for the layout alone, which stands in a page that has head and legend. @param {import("./picture.js").Plan} plan @returns {Sheet} */
export function bareSheet({ layout, direction }) {
  const [across, along] = direction === "down" ? [layout.cross, layout.flow] : [layout.flow, layout.cross];
  return { width: across + 2 * MARGIN, height: along + 2 * MARGIN, left: MARGIN, top: MARGIN, head: NOTHING, legend: NOTHING };
}

/**
 * @param {{title: string, caption: string}} scene
 * @param {Omit<import("./picture.js").Plan, "cards" | "open">} plan
 * @returns {Sheet}
 */
export function sheetOf(scene, { members, wires, layout, direction, said }) {
  const [across, along] = direction === "down" ? [layout.cross, layout.flow] : [layout.flow, layout.cross];
  const head = measureHead(scene, said, across);
  const legend = measureLegend(members, wires, across);
  const width = Math.ceil(Math.max(across, head.width, legend.width) + 2 * MARGIN);
  const top = MARGIN + head.height;
  return { width, height: Math.ceil(top + along + legend.height + MARGIN), left: (width - across) / 2, top, head, legend };
}
