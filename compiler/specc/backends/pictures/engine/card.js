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
 * @typedef {{width: number, lines: number, names: boolean, facts: boolean, oneLine: boolean}} Detail
 *   `width`: of the longest line of words; `lines`: how many of them at most.
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
 * @param {{in: string[], out: string[]}} rows  the names above and below the text, where arrows come from above
 * @returns {Measured}
 */
export function measureCard(card, detail, rows) {
  const name = detail.names ? card.name : "";
  if (card.symbol) return circle(card, name, detail);
  const words = wrapPhrases(card.words, { size: SMALL, width: detail.width, lines: detail.lines });
  const facts = detail.facts ? card.facts : [];
  const head = headOf(card, name);
  if (detail.oneLine && words.length <= 1) {
    const [first] = words.splice(0, 1);
    if (first) head.push({ text: first, size: SMALL, bold: false, tone: "grey" });
  }
  const lines = [head, ...[...words, ...(facts.length ? [facts.join(" · ")] : [])].map((text) => [{ text, size: SMALL, bold: false, tone: /** @type {"grey"} */ ("grey") }])];
  const inner = Math.max(...lines.map(lineWidth), rowWidth(rows.in), rowWidth(rows.out));
  const width = Math.round(inner + 2 * SIDE + (card.form === "input" || card.form === "output" ? 6 : 0));
  const above = rows.in.length ? LEADING : 0;
  const below = rows.out.length ? LEADING : 0;
  const height = TOP + above + (TITLE + 1) + (lines.length - 1) * LEADING + below + TOP;
  /** @type {Text[]} */
  const texts = [];
  let y = TOP + above + TITLE - 1;
  for (const line of lines) {
    let x = width / 2 - lineWidth(line) / 2;
    if (line.length === 1) texts.push({ ...line[0], x: width / 2, y, anchor: "middle" });
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

/** A merge: a circle with its sign, and its words to the right of it. @param {Card} card @param {string} name @param {Detail} detail @returns {Measured} */
function circle(card, name, detail) {
  const facts = [name, ...card.words, ...(detail.facts ? card.facts : [])].filter(Boolean).join(", ");
  const beside = Math.max(textWidth(card.type, SMALL, true), textWidth(facts, SMALL)) + 4;
  const width = CIRCLE + 2 * beside;
  const x = width / 2;
  /** @type {Text[]} */
  const texts = [
    { text: card.symbol, x, y: CIRCLE / 2 + 4.2, size: 12, bold: true, tone: "ink", anchor: "middle" },
    { text: card.type, x: x + CIRCLE / 2 + 4, y: facts ? 7.5 : CIRCLE / 2 + 3, size: SMALL, bold: true, tone: "ink", anchor: "start" },
  ];
  if (facts) texts.push({ text: facts, x: x + CIRCLE / 2 + 4, y: 16.5, size: SMALL, bold: false, tone: "grey", anchor: "start" });
  return { width, height: CIRCLE, body: { x: beside, y: 0, width: CIRCLE, height: CIRCLE }, texts };
}

/** @param {Run[]} line */
function lineWidth(line) {
  return line.reduce((sum, run) => sum + textWidth(run.text, run.size, run.bold), (line.length - 1) * SPACE);
}

/** @param {string[]} names */
function rowWidth(names) {
  return names.reduce((sum, name) => sum + textWidth(name, SMALL) + 6, 0);
}
