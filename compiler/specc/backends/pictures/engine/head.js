/**
 * What stands above a picture: its title, the facts about the model, and what the picture does not show.
 *
 * @typedef {import("./svg.js").Line} Line
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {{lines: Line[], width: number, height: number}} Head
 */

import { lineWidth, SMALL } from "./card.js";
import { textSvg } from "./svg.js";
import { cut, textWidth, wrapPhrases, wrapWords } from "./text.js";

const [LARGEST, SMALLEST] = [11, 8.5];
const NARROWEST = 190;
/** A narrow picture has a head of this width, so that no line holds a single word. */
const MOST_LINES = 8;

/**
 * @param {{title: string, caption: string}} scene
 * @param {string[]} said  what was folded, and whether the picture can be read
 * @param {number} across  the width of what stands below it
 * @returns {Head}
 */
export function measureHead({ title, caption }, said, across) {
  const width = Math.max(across, NARROWEST);
  const size = Math.max(SMALLEST, Math.min(LARGEST, (LARGEST * width) / textWidth(title, LARGEST, true)));
  const room = { size: SMALL, width, lines: MOST_LINES };
  const below = [...wrapPhrases(caption.split(" · "), { ...room, joint: " · " }), ...said.flatMap((line) => wrapWords(withoutOptions(line), room))];
  /** @type {Line[]} */
  const lines = [{ runs: [{ text: cut(title, size, width, true), size, bold: true, tone: "ink" }], x: 0, y: 9, anchor: "start" }];
  below.forEach((text, index) => lines.push({ runs: [{ text, size: SMALL, tone: "soft" }], x: 0, y: 20 + 10 * index, anchor: "start" }));
  return { lines, width: Math.max(...lines.map(({ runs }) => lineWidth(runs))), height: 20 + 10 * below.length };
}

/** A line without the options that it ends with: who reads a picture has no command line. @param {string} line */
function withoutOptions(line) {
  return line.replace(/ \(--[^)]*\)$/, "");
}

/** @param {Head} head @param {Theme} theme */
export function headSvg({ lines }, theme) {
  const soft = { class: "soft", fill: theme.soft };
  return lines.map((line) => textSvg(line, { ink: { class: "ink", fill: theme.ink }, soft, mark: soft })).join("");
}
