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
import { outline, short, tag, textSvg } from "./svg.js";
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
  constant: "constant",
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
/** Families of layers that are worth a legend, if no sign has to be explained. */
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
  const signs = Object.entries(SIGNS).filter(([sign]) => present.has(sign));
  return kinds < FEWEST && !signs.length ? [] : [...named, ...signs];
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
  const inks = { ink: soft, soft, mark: soft };
  return entries
    .map(({ key, name, x, y }) => {
      const runs = [{ text: name, size: SMALL, tone: /** @type {const} */ ("soft") }];
      return iconSvg(key, x + 6.5, y, theme) + textSvg({ runs, x: x + ICON, y: y + 3, anchor: "start" }, inks);
    })
    .join("");
}

/** @param {string} key @param {number} x @param {number} y  of its middle @param {Theme} theme */
function iconSvg(key, x, y, theme) {
  const sign = signSvg(key, theme);
  if (sign) return tag("g", { transform: `translate(${short(x)} ${short(y)}) scale(0.8)` }, sign);
  const { fill, line, soft } = theme.families[key] ?? theme.families.other;
  const round = key === "merge" || key === "link";
  const form = outline(round ? "merge" : key, round ? around(x, y, 9, 9) : around(x, y, 13, 8));
  const weight = key === "block" ? 1.6 : undefined;
  const ring = { class: "ring", d: outline(key, around(x, y, 10, 5)), fill: "none", stroke: soft, "stroke-width": 0.6 };
  const shape = tag("path", { class: "shape", d: form, fill, stroke: line, "stroke-width": weight });
  return tag("g", { class: key }, shape + (key === "output" ? tag("path", ring) : ""));
}

/** What stands at a corner, around the origin. @param {string} key @param {Theme} theme */
function signSvg(key, theme) {
  if (key === "badge") return badgeSvg("A", 0, 0, theme);
  if (key === "frozen") return crystalSvg(0, 0, theme);
  return key in theme.marks ? markSvg(/** @type {Mark} */ (key), 0, 0, theme) : "";
}

/** @param {number} x @param {number} y @param {number} width @param {number} height */
function around(x, y, width, height) {
  return { x: x - width / 2, y: y - height / 2, width, height };
}
