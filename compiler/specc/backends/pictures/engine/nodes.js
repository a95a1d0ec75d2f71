/**
 * Cards as SVG: a group of the classes `node` and the family's, whose first path is the card's outline.
 *
 * @typedef {import("./card.js").Card} Card
 * @typedef {import("./card.js").Measured} Measured
 * @typedef {import("./svg.js").Box} Box
 * @typedef {import("./svg.js").Inks} Inks
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {import("./theme.js").Paint} Paint
 */

import { isGhost, markedStroke, signsSvg } from "./marks.js";
import { escaped, moved, outline, rounded, SHEETS, short, textSvg } from "./svg.js";

/** The family that a card is drawn as. @param {Card} card */
export function familyOf(card) {
  return card.form === "block" ? "block" : card.form === "link" ? "link" : card.family;
}

/**
 * @param {Card} card
 * @param {Measured} measured
 * @param {{x: number, y: number}} corner
 * @param {Theme} theme
 */
export function cardSvg(card, measured, { x, y }, theme) {
  const family = familyOf(card);
  const paint = theme.families[family] ?? theme.families.other;
  const body = moved(measured.body, x, y);
  const ghost = isGhost(card.mark);
  const on = ghost ? { ...paint, ink: theme.ink, soft: theme.soft } : paint;
  const inside = inksOf("on", "by", on, card.mark, theme);
  const outside = inksOf("ink", "soft", theme, card.mark, theme);
  const texts = measured.lines.map((line, index) => textSvg(moved(line, x, y), card.symbol && index > 0 ? outside : inside));
  const classes = ["node", family, ...(card.mark ? [card.mark] : []), ...(ghost ? ["ghost"] : []), ...(card.frozen ? ["frozen"] : [])];
  return (
    `<g class="${classes.join(" ")}" id="${escaped(card.id)}"><title>${escaped(titleOf(card))}</title>` +
    `<path class="shape" d="${formOf(family, body)}" fill="${ghost ? theme.page : paint.fill}" ${strokeOf(card, paint, theme)}/>` +
    ringSvg(family, body, on, ghost) +
    (measured.plate ? `<rect class="page" ${attributes(moved(measured.plate, x, y))} rx="2" fill="${theme.page}"/>` : "") +
    `${texts.join("")}${signsSvg(card, body, theme)}</g>`
  );
}

/** The sheets below a card that stands for several: they are drawn before it. @param {Card} card @param {Measured} measured @param {{x: number, y: number}} corner @param {Theme} theme */
export function sheetsSvg(card, measured, { x, y }, theme) {
  const family = familyOf(card);
  const paint = theme.families[family] ?? theme.families.other;
  const paths = SHEETS.map((far) => `<path class="shape" d="${formOf(family, moved(measured.body, x + far, y + far))}" fill="${paint.fill}" stroke="${paint.line}"/>`);
  return `<g class="sheets ${family}">${paths.join("")}</g>`;
}

/** What a mouse shows, and what a screen reader reads. @param {Card} card */
function titleOf(card) {
  const name = card.name && card.name !== card.type ? `${card.name}: ` : "";
  const times = card.times > 1 ? ` × ${card.times}` : "";
  const lines = [`${name}${card.type}${times}`, card.words.join(", "), [...card.facts, ...(card.frozen ? ["frozen"] : [])].join(" · "), ...card.notes];
  return lines.filter(Boolean).join("\n");
}

/** @param {string} family @param {Box} body */
function formOf(family, body) {
  return family === "link" ? rounded(body, body.height / 2) : outline(family, body);
}

/** @param {Card} card @param {Paint} paint @param {Theme} theme */
function strokeOf(card, paint, theme) {
  if (card.mark) return markedStroke(card.mark, theme);
  return `stroke="${paint.line}"${card.form === "block" ? ' stroke-width="1.6"' : ""}`;
}

/** Outputs have a second line inside their border, so that they are not taken for inputs. @param {string} family @param {Box} body @param {Paint} paint @param {boolean} ghost */
function ringSvg(family, body, paint, ghost) {
  if (family !== "output" || ghost) return "";
  const box = { x: body.x + 2, y: body.y + 2, width: body.width - 4, height: body.height - 4 };
  return `<path class="ring" d="${rounded(box, box.height / 2)}" fill="none" stroke="${paint.soft}" stroke-width="0.8"/>`;
}

/** @type {(ink: string, soft: string, paint: {ink: string, soft: string}, mark: Card["mark"], theme: Theme) => Inks} */
function inksOf(ink, soft, paint, mark, theme) {
  return {
    ink: { class: ink, fill: paint.ink },
    soft: { class: soft, fill: paint.soft },
    mark: { class: "mark", fill: mark ? theme.marks[mark] : theme.soft },
  };
}

/** @param {Box} box */
function attributes({ x, y, width, height }) {
  return `x="${short(x)}" y="${short(y)}" width="${short(width)}" height="${short(height)}"`;
}
