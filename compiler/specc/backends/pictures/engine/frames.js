/**
 * Open frames: their titles, and their SVG.
 *
 * @typedef {import("./card.js").Card} Card
 * @typedef {import("./svg.js").Box} Box
 * @typedef {import("./svg.js").Run} Run
 * @typedef {import("./theme.js").Theme} Theme
 */

import { lineWidth, SMALL, TITLE } from "./card.js";
import { markedStroke, signsSvg } from "./marks.js";
import { moved, rounded, SHEETS, tag, textSvg } from "./svg.js";
import { cut } from "./text.js";

export const STRIP = 19;
/** The height of a frame's title. */
const [LEFT, BASELINE] = [8, 12.5];
const CORNER = 6;
const SIGNS = 26;
/** Room for the signs at its right corner. */
const LONGEST_NOTE = 150;

/** The width that a frame's title needs. @param {Card} card */
export function titleWidth(card) {
  return LEFT + lineWidth(frameTitle(card)) + (card.badge || card.frozen ? SIGNS : LEFT);
}

/** @param {Card} card @returns {Run[]} */
function frameTitle(card) {
  const times = card.times > 1 ? ` × ${card.times}` : "";
  const [first, second] = card.name ? [card.name, card.type] : [card.type, ""];
  /** @type {Run[]} */
  const runs = [{ text: first + times, size: TITLE, bold: true, tone: "ink", struck: card.mark === "removed" }];
  if (second && second !== first) runs.push({ text: second, size: SMALL, tone: "soft" });
  if (card.parallel) runs.push({ text: "in parallel", size: SMALL, tone: "soft" });
  if (card.frozen) runs.push({ text: "frozen", size: SMALL, tone: "soft" });
  if (card.notes.length) runs.push({ text: cut(card.notes.join(", "), SMALL, LONGEST_NOTE), size: SMALL, tone: "mark" });
  return runs;
}

/** @param {Card} card @param {Box} box @param {number} depth  0 for the outermost @param {Theme} theme */
export function frameSvg(card, box, depth, theme) {
  const level = depth % theme.frames.length;
  const stroke = card.mark ? markedStroke(card.mark, theme) : { stroke: theme.border };
  const inks = {
    ink: { class: "ink", fill: theme.ink },
    soft: { class: "soft", fill: theme.soft },
    mark: { class: "mark", fill: card.mark ? theme.marks[card.mark] : theme.soft },
  };
  /** @type {(far: number) => string} */
  const shape = (far) =>
    tag("path", { class: `shape deep${level}`, d: rounded(moved(box, far, far), CORNER), fill: theme.frames[level], ...stroke });
  const title = textSvg({ runs: frameTitle(card), x: box.x + LEFT, y: box.y + BASELINE, anchor: "start" }, inks);
  const named = (/** @type {string} */ name) => [name, card.mark].filter(Boolean).join(" ");
  return (
    (card.times > 1 ? tag("g", { class: named("sheets") }, SHEETS.map(shape).join("")) : "") +
    tag("g", { class: named("cluster"), id: card.id }, shape(0) + title + signsSvg(card, box, theme))
  );
}
