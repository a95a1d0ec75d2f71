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
import { escaped, moved, outline, rounded, SHEETS, tag, textSvg } from "./svg.js";

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
  const inside = inksOf("on", "by", ghost ? theme : paint, card.mark, theme);
  const outside = inksOf("ink", "soft", theme, card.mark, theme);
  const parts = [
    tag("title", {}, escaped(titleOf(card))),
    tag("path", { class: "shape", d: formOf(family, body), fill: ghost ? theme.page : paint.fill, ...strokeOf(card, paint, theme) }),
    family === "output" && !ghost ? ringSvg(body, paint) : "",
    measured.plate ? tag("rect", { class: "page", ...moved(measured.plate, x, y), rx: 2, fill: theme.page }) : "",
    ...measured.lines.map((line, index) => textSvg(moved(line, x, y), card.symbol && index > 0 ? outside : inside)),
    signsSvg(card, body, theme),
  ];
  const classes = ["node", family, card.mark, ghost ? "ghost" : "", card.frozen ? "frozen" : ""];
  return tag("g", { class: classes.filter(Boolean).join(" "), id: card.id }, parts.join(""));
}

/**
 * The sheets below a card that stands for several: they are drawn before it.
 *
 * @param {Card} card
 * @param {Measured} measured
 * @param {{x: number, y: number}} corner
 * @param {Theme} theme
 */
export function sheetsSvg(card, measured, { x, y }, theme) {
  const family = familyOf(card);
  const { fill, line } = theme.families[family] ?? theme.families.other;
  const forms = SHEETS.map((far) => formOf(family, moved(measured.body, x + far, y + far)));
  const paths = forms.map((d) => tag("path", { class: "shape", d, fill, stroke: line }));
  return tag("g", { class: `sheets ${family}` }, paths.join(""));
}

/** What a mouse shows, and what a screen reader reads. @param {Card} card */
function titleOf(card) {
  const name = card.name && card.name !== card.type ? `${card.name}: ` : "";
  const times = card.times > 1 ? ` × ${card.times}` : "";
  const facts = [...(card.parallel ? ["in parallel"] : []), ...card.facts, ...(card.frozen ? ["frozen"] : [])].join(" · ");
  return [`${name}${card.type}${times}`, card.words.join(", "), facts, card.says ?? "", ...card.notes].filter(Boolean).join("\n");
}

/** @param {string} family @param {Box} body */
function formOf(family, body) {
  return family === "link" ? rounded(body, body.height / 2) : outline(family, body);
}

/** @param {Card} card @param {Paint} paint @param {Theme} theme */
function strokeOf(card, paint, theme) {
  if (card.mark) return markedStroke(card.mark, theme);
  return { stroke: paint.line, "stroke-width": card.form === "block" ? 1.6 : undefined };
}

/** The second line inside an output's border, so that it is not taken for an input. @param {Box} body @param {Paint} paint */
function ringSvg({ x, y, width, height }, paint) {
  const box = { x: x + 2, y: y + 2, width: width - 4, height: height - 4 };
  return tag("path", { class: "ring", d: outline("output", box), fill: "none", stroke: paint.soft, "stroke-width": 0.8 });
}

/** @type {(ink: string, soft: string, paint: {ink: string, soft: string}, mark: Card["mark"], theme: Theme) => Inks} */
function inksOf(ink, soft, paint, mark, theme) {
  return {
    ink: { class: ink, fill: paint.ink },
    soft: { class: soft, fill: paint.soft },
    mark: { class: "mark", fill: mark ? theme.marks[mark] : theme.soft },
  };
}
