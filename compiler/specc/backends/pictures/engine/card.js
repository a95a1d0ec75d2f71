/**
 * What stands on a card, and how much room it takes.
 *
 * @typedef {"input" | "output" | "layer" | "merge" | "block" | "entry" | "link" | "column"} Form
 *
 * @typedef {object} Card
 * @property {string} id
 * @property {Form} form
 * @property {string} family
 * @property {string} type
 * @property {string} name  "" where the author gave none
 * @property {string} symbol  what a circle shows instead of the type, "" for none
 * @property {string[]} words  what shapes the computation, in phrases
 * @property {string[]} facts  shapes and parameters
 * @property {string} badge  the letter of a layer that is called more than once
 * @property {number} times  how many equal ones it stands for
 * @property {{in: Object<string, string>, out: Object<string, string>}} ports  the names that stand at its arrows' ends
 *
 * @typedef {{text: string, x: number, y: number, size: number, bold: boolean, tone: "ink" | "grey", anchor: "start" | "middle" | "end"}} Text
 * @typedef {{width: number, height: number, body: {x: number, y: number, width: number, height: number}, texts: Text[]}} Measured
 *   `body`: the form itself; texts may stand beside it.
 * @typedef {{width: number, lines: number, names: boolean, facts: boolean, oneLine: boolean, narrow: boolean, all: boolean}} Detail
 *   `width`: of the longest line of words; `lines`: how many of them at most; `narrow`: names and facts have their own lines;
 *   `all`: every argument is said.
 */

import { textWidth, wrapPhrases } from "./text.js";

export const TITLE = 9.5;
export const SMALL = 8;
const LEADING = 10;
const [SIDE, TOP] = [8, 4];
const CIRCLE = 17;

/**
 * The size of a card, and its texts with their places in it. Lines stand below each other in every direction.
 *
 * @param {Card} card
 * @param {Detail} detail
 * @param {import("./names.js").Ends} ends  what the names at its arrows take
 * @returns {Measured}
 */
export function measureCard(card, detail, ends) {
  const name = detail.names ? card.name : "";
  if (card.symbol) return circle(card, name, detail, ends);
  const words = wrapPhrases(card.words, { size: SMALL, width: detail.width, lines: detail.lines });
  const facts = detail.facts ? wrapPhrases(card.facts, { size: SMALL, width: detail.narrow ? detail.width : 200, lines: 3, joint: " · " }) : [];
  const head = headOf(card, detail.narrow ? "" : name);
  if (detail.narrow && name && name !== card.type && head[0].text !== name) words.unshift(name);
  if (detail.oneLine && words.length <= 1) {
    const [first] = words.splice(0, 1);
    if (first) head.push({ text: first, size: SMALL, bold: false, tone: "grey" });
  }
  const lines = [head, ...[...words, ...facts].map((text) => [{ text, size: SMALL, bold: false, tone: /** @type {"grey"} */ ("grey") }])];
  const inner = Math.max(...lines.map(lineWidth), ends.width) + ends.left + ends.right;
  const width = Math.round(inner + 2 * SIDE + (card.form === "input" || card.form === "output" ? 6 : 0));
  const middle = (width + ends.left - ends.right) / 2;
  const own = TITLE + 1 + (lines.length - 1) * LEADING;
  const free = Math.max(0, ends.height - own);
  const height = TOP + ends.top + own + free + ends.bottom + TOP;
  /** @type {Text[]} */
  const texts = [];
  let y = TOP + ends.top + free / 2 + TITLE - 1;
  for (const line of lines) {
    let x = middle - lineWidth(line) / 2;
    if (line.length === 1) texts.push({ ...line[0], x: middle, y, anchor: "middle" });
    else {
      for (const run of line) {
        texts.push({ ...run, x, y, anchor: "start" });
        x += textWidth(run.text, run.size, run.bold) + SPACE;
      }
    }
    y += LEADING;
  }
  return { width, height, body: { x: 0, y: 0, width, height }, texts };
}

const SPACE = 5;

/** @typedef {{text: string, size: number, bold: boolean, tone: "ink" | "grey"}} Run */

/** @param {Card} card @param {string} name @returns {Run[]} */
function headOf(card, name) {
  const times = card.times > 1 ? ` × ${card.times}` : "";
  const [first, second] = card.form === "input" || card.form === "output" ? [card.name || card.type, ""] : [card.type, name];
  /** @type {Run[]} */
  const runs = [{ text: `${first}${times}`, size: TITLE, bold: true, tone: "ink" }];
  if (second && second !== first) runs.push({ text: second, size: SMALL, bold: false, tone: "grey" });
  return runs;
}

/**
 * A merge: a circle with its sign in the middle, and its words to the right of it, or below it where arrows come from the left.
 *
 * @param {Card} card @param {string} name @param {Detail} detail @param {import("./names.js").Ends} ends @returns {Measured}
 */
function circle(card, name, detail, { down, top }) {
  const facts = [name, ...card.words, ...(detail.facts ? card.facts : [])].filter(Boolean).join(", ");
  const wide = Math.max(textWidth(card.type, SMALL, true), textWidth(facts, SMALL));
  const beside = down ? wide + 4 : Math.max(0, wide - CIRCLE) / 2;
  const below = down ? 0 : facts ? 20 : 10;
  const y = top + below;
  const [width, x] = [CIRCLE + 2 * beside, CIRCLE / 2 + beside];
  /** @type {(text: string, bold: boolean, line: number) => Text} */
  const label = (text, bold, line) => ({
    ...{ text, size: SMALL, bold, tone: bold ? "ink" : "grey" },
    ...(down
      ? { x: x + CIRCLE / 2 + 4, y: y + (facts ? 7.5 + 9 * line : CIRCLE / 2 + 3), anchor: "start" }
      : { x, y: y + CIRCLE + 8 + 9 * line, anchor: "middle" }),
  });
  /** @type {Text[]} */
  const texts = [
    { text: card.symbol, x, y: y + CIRCLE / 2 + 4.2, size: 12, bold: true, tone: "ink", anchor: "middle" },
    label(card.type, true, 0),
  ];
  if (facts) texts.push(label(facts, false, 1));
  return { width, height: y + CIRCLE + below, body: { x: beside, y, width: CIRCLE, height: CIRCLE }, texts };
}

/** @param {Run[]} line */
function lineWidth(line) {
  return line.reduce((sum, run) => sum + textWidth(run.text, run.size, run.bold), (line.length - 1) * SPACE);
}
