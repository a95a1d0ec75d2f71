/**
 * What stands on a card, and how much room it takes.
 *
 * @typedef {"input" | "output" | "layer" | "merge" | "block" | "link" | "column"} Form
 *   `link`: where a column goes on in the next one; `column`: a frame that is not drawn
 *
 * @typedef {object} Card
 * @property {string} id
 * @property {Form} form
 * @property {string} family
 * @property {string} type
 * @property {string} name  "" where the author gave none
 * @property {string} symbol  what a circle shows instead of the type, "" for none
 * @property {string[]} words  what shapes the computation, in phrases
 * @property {string[]} all  every argument, in phrases
 * @property {string[]} facts  shapes and parameters
 * @property {boolean} [parallel]  these stand side by side, and not in a chain
 * @property {string} badge  the letter of a layer that is called more than once
 * @property {boolean} frozen  it has weights, none of which is trained
 * @property {number} times  how many equal ones it stands for
 * @property {"" | import("./theme.js").Mark} mark  what a change or an error says of it
 * @property {string[]} notes  lines about the mark
 * @property {string} [says]  how its description begins, "" for none
 * @property {{in: Object<string, string>, out: Object<string, string>}} ports  the names that stand at its arrows' ends
 *
 * @typedef {import("./svg.js").Box} Box
 * @typedef {import("./svg.js").Line} Line
 * @typedef {import("./svg.js").Run} Run
 *
 * @typedef {object} Measured
 * @property {number} width
 * @property {number} height
 * @property {Box} body  the form itself; texts may stand beside it
 * @property {Line[]} lines
 * @property {Box | null} plate  what its notes stand on
 *
 * @typedef {object} Detail  How much a card says.
 * @property {number} width  of the longest line of words
 * @property {number} lines  of words at most
 * @property {boolean} names
 * @property {boolean} facts
 * @property {boolean} oneLine  the words stand beside the type, where one line holds them
 * @property {boolean} narrow  names and facts have lines of their own
 * @property {boolean} all  every argument is said
 * @property {boolean} [bare]  not even blocks have names
 */

import { SPACE } from "./svg.js";
import { cut, textWidth, wrapName, wrapPhrases, wrapWords } from "./text.js";

export const TITLE = 9.5;
export const SMALL = 8;
const LEADING = 10;
const [SIDE, NEAR_SIDE, TOP] = [8, 6, 4];
/** Beside texts, and where a card says the least; above them. */
const [CIRCLE, LEADING_BESIDE] = [17, 9];
/** What the slanted or round sides of a form take of its width. @type {Object<string, number>} */
const SLANTS = { input: 6, output: 6, merge: 8, pool: 4 };
const [PLATE, BESIDE_NOTES] = [4, 3];
/** Between a card's side and the plate that its notes stand on, and between that and the notes. */
/** The former, where the sides of a form are slanted or round. @type {Object<string, number>} */
const PLATES = { input: 8, output: 8, merge: 9, pool: 8, sequence: 6 };
const HEAD_SLACK = 24;
/** So much wider than a line of words may a type with its name be. */
const [NARROWEST, NARROWEST_BESIDE, NARROWEST_NOTE, WIDEST_FACTS] = [84, 110, 120, 200];
const [NARROWEST_END, MOST_OF_NAME] = [110, 3];
/** Of the name of an input or output: the width of a line, and how many there are. */
const MOST_NOTES = 5;
/** Lines of notes. */

/**
 * The size of a card, and its texts with their places in it. Lines stand below each other in every direction.
 *
 * @param {Card} card
 * @param {Detail} detail
 * @param {import("./names.js").Ends} ends  what the names at its arrows take
 * @returns {Measured}
 */
export function measureCard(card, detail, ends) {
  if (card.symbol) return circle(card, detail, ends);
  const lines = linesOf(card, detail);
  const notes = notesOf(card, detail);
  const inner = Math.max(...lines.map(lineWidth), ends.width) + 2 * (detail.width ? SIDE : NEAR_SIDE) + (SLANTS[card.family] ?? 0);
  const beside = PLATES[card.family] ?? PLATE;
  const noted = Math.max(0, ...notes.map(lineWidth)) + 2 * (beside + BESIDE_NOTES);
  const width = Math.round(Math.max(inner, noted) + ends.left + ends.right);
  const middle = (width + ends.left - ends.right) / 2;
  const plateHeight = notes.length ? notes.length * LEADING + 3 : 0;
  const own = TITLE + 1 + (lines.length - 1) * LEADING + (notes.length ? plateHeight + 1.5 : 0);
  const free = Math.max(0, ends.height - own);
  const height = TOP + ends.top + own + free + ends.bottom + TOP;
  const top = TOP + ends.top + free / 2;
  const plate = { x: beside, y: top + own - plateHeight, width: width - 2 * beside, height: plateHeight };
  /** @type {(runs: Run[], y: number) => Line} */
  const centred = (runs, y) => ({ runs, x: middle, y, anchor: "middle" });
  const placed = [
    ...lines.map((runs, index) => centred(runs, top + TITLE - 1 + index * LEADING)),
    ...notes.map((runs, index) => centred(runs, plate.y + LEADING - 1.5 + index * LEADING)),
  ];
  return { width, height, body: { x: 0, y: 0, width, height }, lines: placed, plate: notes.length ? plate : null };
}

/** The lines of a card but for its notes. @param {Card} card @param {Detail} detail @returns {Run[][]} */
function linesOf(card, detail) {
  const words = detail.all
    ? wrapPhrases(card.all, { size: SMALL, width: Math.max(detail.width, NARROWEST), lines: Infinity, whole: true })
    : wrapped(card.words, { size: SMALL, width: detail.width, lines: detail.lines });
  const facts = factLines(factsOf(card, detail), detail);
  const heads = headsOf(card, detail);
  if (detail.oneLine && words.length === 1) heads[0].push(small(words.splice(0, 1)[0]));
  return [...heads, ...[...words, ...facts].map((text) => [small(text)])];
}

/** A phrase alone, such as a formula, is broken between its words. @param {string[]} phrases @param {{size: number, width: number, lines: number}} room */
function wrapped(phrases, room) {
  return phrases.length === 1 && room.lines > 1 ? wrapWords(phrases[0], room) : wrapPhrases(phrases, room);
}

/** Shapes and numbers, which are never cut. @param {string[]} facts @param {Detail} detail */
function factLines(facts, { width, narrow, all }) {
  const known = all ? facts : facts.filter((fact) => textWidth(fact, SMALL) <= WIDEST_FACTS);
  const widest = known.reduce((most, fact) => Math.max(most, Math.min(WIDEST_FACTS, textWidth(fact, SMALL))), narrow ? Math.max(width, NARROWEST) : WIDEST_FACTS);
  return wrapPhrases(known, { size: SMALL, width: widest, lines: Infinity, joint: " · ", whole: true });
}

/** The first lines: the type with the author's name, or the name of an input or output. @param {Card} card @param {Detail} detail @returns {Run[][]} */
function headsOf(card, detail) {
  /** @type {(text: string) => Run} */
  const bold = (text) => ({ text, size: TITLE, bold: true, tone: "ink", struck: card.mark === "removed" });
  if (card.form === "input" || card.form === "output") {
    const room = { size: TITLE, width: Math.max(detail.width, NARROWEST_END), lines: detail.all ? Infinity : MOST_OF_NAME };
    return wrapName(card.name || card.type, room).map((line) => [bold(line)]);
  }
  const times = card.times > 1 ? ` × ${card.times}` : "";
  const type = bold(cut(card.type, TITLE, detail.all ? Infinity : WIDEST_FACTS, true) + times);
  if (!card.name || card.name === card.type) return [[type]];
  if (!detail.names) return [namedBlock(card, detail, type)];
  const name = small(cut(card.name, SMALL, detail.all ? Infinity : Math.max(detail.width, NARROWEST)));
  const fits = detail.oneLine || (!detail.narrow && lineWidth([type, name]) <= detail.width + HEAD_SLACK);
  return fits ? [[type, name]] : [[type], [name]];
}

/** The type of a block with its name, where that makes no wide card even though names of layers have no room. @param {Card} card @param {Detail} detail @param {Run} type @returns {Run[]} */
function namedBlock({ form, name, words }, { width, oneLine, bare }, type) {
  const line = [type, small(name)];
  const free = form === "block" && !bare && !(oneLine && words.length);
  return free && lineWidth(line) <= Math.max(width, NARROWEST) ? line : [type];
}

/** @param {Card} card @param {Detail} detail @returns {Run[][]} */
function notesOf({ notes }, { width }) {
  const room = { size: SMALL, width: Math.max(width, NARROWEST_NOTE), lines: MOST_NOTES };
  const lines = notes.flatMap((note) => wrapWords(note, room)).slice(0, MOST_NOTES);
  return lines.map((text) => [{ text, size: SMALL, tone: /** @type {const} */ ("mark") }]);
}

/** What must be said of a card even where its shapes are not: its dtype, which is not float32. @param {Card} card @param {Detail} detail */
function dtypesOf({ facts, words, all }, detail) {
  const said = (detail.all ? all : words).map((phrase) => phrase.replace(/^dtype /, ""));
  const found = facts.flatMap((fact) => /(?:^|\) )((?:mixed_)?(?:b?float|bool|complex|string|u?int)\d*)$/.exec(fact)?.[1] ?? []);
  return found.filter((dtype) => !said.includes(dtype));
}

/** @param {Card} card @param {Detail} detail */
function factsOf(card, detail) {
  return [...(card.parallel ? ["in parallel"] : []), ...(detail.facts ? card.facts : dtypesOf(card, detail)), ...(card.frozen ? ["frozen"] : [])];
}

/** @param {string} text @returns {Run} */
function small(text) {
  return { text, size: SMALL, tone: "soft" };
}

/**
 * A circle with a sign. Its words stand where no arrow passes: to its right, or below it.
 *
 * @param {Card} card
 * @param {Detail} detail
 * @param {import("./names.js").Ends} ends
 * @returns {Measured}
 */
function circle(card, detail, { down, top, left, right }) {
  const words = wordsBeside(card, detail);
  const widest = Math.max(0, ...words.map(lineWidth));
  const beside = down ? Math.max(right, widest ? widest + 4 : 0) : Math.max(0, widest - CIRCLE) / 2;
  const side = down ? left : Math.max(left, beside);
  const below = down ? Math.max(0, words.length - 2) * LEADING_BESIDE : LEADING * words.length;
  const body = { x: side, y: top, width: CIRCLE, height: CIRCLE };
  const [x, y] = [side + CIRCLE / 2, body.y + CIRCLE / 2];
  const size = card.form === "link" ? TITLE : 12;
  /** @type {Line[]} */
  const lines = [{ runs: [{ text: card.symbol, size, bold: true, tone: "ink" }], x, y: y + 0.35 * size, anchor: "middle" }];
  /** @type {Pick<Line, "x" | "anchor">} */
  const place = down ? { x: x + CIRCLE / 2 + 4, anchor: "start" } : { x, anchor: "middle" };
  const start = down ? (words.length > 1 ? y - 1 : y + 3) : body.y + CIRCLE + 8.5;
  words.forEach((runs, index) => lines.push({ runs, y: start + index * (down ? LEADING_BESIDE : LEADING), ...place }));
  return { width: side + CIRCLE + beside, height: top + CIRCLE + below, body, lines, plate: null };
}

/** The lines beside a circle: the type with the author's name, arguments and facts, a note. @param {Card} card @param {Detail} detail @returns {Run[][]} */
function wordsBeside(card, detail) {
  const width = Math.max(detail.width, NARROWEST_BESIDE);
  /** @type {Run[]} */
  const head = card.type ? [{ text: card.type, size: SMALL, bold: true, tone: "ink", struck: card.mark === "removed" }] : [];
  const named = detail.names && card.name ? [small(card.name)] : [];
  const facts = factsOf(card, detail).filter((fact) => textWidth(fact, SMALL) <= WIDEST_FACTS);
  const more = [...(detail.all ? card.all : card.words), ...facts];
  const beside = more.length > 0 && lineWidth([...head, ...named]) <= width;
  const says = [...(beside ? [] : named.map(({ text }) => text)), ...more];
  const widest = Math.max(width, ...facts.map((fact) => textWidth(fact, SMALL)));
  const room = { size: SMALL, width: widest, lines: detail.all ? Infinity : Math.max(1, detail.lines - 1), whole: detail.all };
  const notes = card.notes.slice(0, 1).map((note) => ({ text: cut(note, SMALL, width), size: SMALL, tone: /** @type {const} */ ("mark") }));
  const [first, ...others] = wrapPhrases(says, room).map((text) => [small(text)]);
  return [beside ? [...head, ...named] : head, [...(first ?? []), ...notes], ...others].filter(({ length }) => length);
}

/** @param {Run[]} line */
export function lineWidth(line) {
  return line.reduce((sum, run) => sum + textWidth(run.text, run.size, run.bold), Math.max(0, line.length - 1) * SPACE);
}
