/**
 * What stands below a picture: the families of layers and the signs that are in it.
 *
 * @typedef {import("./view.js").Seen} Seen
 * @typedef {import("./compose.js").Wire} Wire
 * @typedef {import("./theme.js").Theme} Theme
 * @typedef {import("./theme.js").Mark} Mark
 * @typedef {{entries: {key: string, name: string, x: number, y: number}[], width: number, height: number}} Legend
 */

import { SMALL } from "./card.js";
import { badgeSvg, crystalSvg, markSvg } from "./marks.js";
import { familyOf } from "./nodes.js";
import { outline, textSvg } from "./svg.js";
import { textWidth } from "./text.js";
import { framed } from "./view.js";

const FAMILIES = {
  input: "input",
  conv: "convolution",
  pool: "pool, reshape",
  norm: "normalization",
  dense: "dense, embedding",
  sequence: "attention, RNN",
  merge: "merge",
  other: "other",
  block: "folded block",
  output: "output",
};
const SIGNS = {
  badge: "shared",
  frozen: "frozen",
  link: "continued",
  added: "added",
  removed: "removed",
  changed: "changed",
  error: "error",
  unknown: "not known",
};
const FEWEST = 3;
/** Families of layers that are worth a legend. */
const [ABOVE, ROW, ICON, GAP] = [10, 12, 18, 10];
const NARROWEST = 190;

/** @param {Seen[]} members @param {Wire[]} wires @param {number} across  the width of what stands above it @returns {Legend} */
export function measureLegend(members, wires, across) {
  const names = namesOf(members, wires);
  const widths = names.map(([, name]) => ICON + textWidth(name, SMALL));
  const columns = columnsOf(widths, Math.max(across, NARROWEST));
  const starts = columns.map((_, index) => columns.slice(0, index).reduce((sum, width) => sum + width + GAP, 0));
  const entries = names.map(([key, name], index) => ({
    key,
    name,
    x: starts[index % columns.length],
    y: ABOVE + ROW * (Math.floor(index / columns.length) + 0.5),
  }));
  const width = Math.max(0, ...entries.map(({ x }, index) => x + widths[index]));
  return { entries, width, height: names.length ? ABOVE + ROW * Math.ceil(names.length / columns.length) : 0 };
}

/** What is in the picture, with what each is called. @param {Seen[]} members @param {Wire[]} wires @returns {[string, string][]} */
function namesOf(members, wires) {
  const present = new Set(wires.map(({ mark }) => /** @type {string} */ (mark ?? "")));
  const families = new Set();
  for (const { card, members: inner } of framed(members)) {
    if (!inner) families.add(familyOf(card));
    present.add(card.mark);
    if (card.badge) present.add("badge");
    if (card.frozen) present.add("frozen");
    if (card.form === "link") present.add("link");
  }
  const named = Object.entries(FAMILIES).filter(([family]) => families.has(family));
  const kinds = named.filter(([family]) => family !== "input" && family !== "output").length;
  return [...(kinds < FEWEST ? [] : named), ...Object.entries(SIGNS).filter(([sign]) => present.has(sign))];
}

/** The widths of as many columns as there is room for, filled row by row. @param {number[]} widths @param {number} room */
function columnsOf(widths, room) {
  for (let count = widths.length; count > 1; count--) {
    const columns = Array.from({ length: count }, (_, column) => Math.max(...widths.filter((_, index) => index % count === column)));
    if (columns.reduce((sum, width) => sum + width, (count - 1) * GAP) <= room) return columns;
  }
  return [Math.max(0, ...widths)];
}

/** @param {Legend} legend @param {Theme} theme */
export function legendSvg({ entries }, theme) {
  const soft = { class: "soft", fill: theme.soft };
  return entries
    .map(({ key, name, x, y }) => {
      const text = textSvg({ runs: [{ text: name, size: SMALL, tone: "soft" }], x: x + ICON, y: y + 3, anchor: "start" }, { ink: soft, soft, mark: soft });
      return iconSvg(key, x + 6.5, y, theme) + text;
    })
    .join("");
}

/** @param {string} key @param {number} x @param {number} y  of its middle @param {Theme} theme */
function iconSvg(key, x, y, theme) {
  const small = `transform="translate(${x} ${y}) scale(0.8)"`;
  if (key === "badge") return `<g ${small}>${badgeSvg("A", 0, 0, theme)}</g>`;
  if (key === "frozen") return `<g ${small}>${crystalSvg(0, 0, theme)}</g>`;
  if (key in theme.marks) return `<g ${small}>${markSvg(/** @type {Mark} */ (key), 0, 0, theme)}</g>`;
  const round = key === "merge" || key === "link";
  const paint = theme.families[key] ?? theme.families.other;
  const box = round ? { x: x - 4.5, y: y - 4.5, width: 9, height: 9 } : { x: x - 6.5, y: y - 4, width: 13, height: 8 };
  const weight = key === "block" ? ' stroke-width="1.6"' : "";
  const ring = key === "output" ? `<path class="ring" d="${outline(key, { x: x - 5, y: y - 2.5, width: 10, height: 5 })}" fill="none" stroke="${paint.soft}" stroke-width="0.6"/>` : "";
  return `<g class="${key}"><path class="shape" d="${outline(round ? "merge" : key, box)}" fill="${paint.fill}" stroke="${paint.line}"${weight}/>${ring}</g>`;
}
