/**
 * A plan as SVG: title, frames, arrows, cards, legend.
 *
 * @typedef {import("./picture.js").Plan} Plan
 * @typedef {import("./picture.js").Scene} Scene
 * @typedef {import("./picture.js").Seen} Seen
 * @typedef {import("./compose.js").Point} Point
 * @typedef {import("./theme.js").Theme} Theme
 */

import { frameTitle } from "./arrange.js";
import { SMALL } from "./card.js";
import { escaped, headPath, linePath, outline, rounded, short } from "./svg.js";
import { textWidth } from "./text.js";

const FONT = "Verdana, 'DejaVu Sans', sans-serif";
/** Verdana has the widths of DejaVu Sans, with which texts are measured. */
const MARGIN = 6;
const CAPTION = 11;

const FAMILIES = {
  input: "input",
  conv: "convolution",
  pool: "pooling, reshaping",
  norm: "normalization",
  dense: "dense, embedding",
  sequence: "recurrent, attention",
  merge: "merge",
  block: "block, folded",
  other: "other",
  output: "output",
};

/**
 * @param {Scene} scene
 * @param {Plan} plan
 * @param {Theme} theme
 * @returns {{svg: string, width: number, height: number}} in points
 */
export function draw(scene, plan, theme) {
  const { layout, direction } = plan;
  const [across, along] = direction === "down" ? [layout.cross, layout.flow] : [layout.flow, layout.cross];
  const { head, key, width, height } = around(scene, plan, theme);
  const left = (width - across) / 2;
  const top = MARGIN + head.height;
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}pt" height="${height}pt" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(scene.title)}" font-family="${escaped(FONT)}">`,
    `<rect width="${width}" height="${height}" fill="${theme.page}"/>`,
    `<g transform="translate(${MARGIN} ${MARGIN})">${head.svg}</g>`,
    `<g transform="translate(${short(left)} ${short(top)})">`,
    ...[...framesSvg(plan.members, plan, theme, 1)],
    ...[...arrowsSvg(plan, theme)],
    ...[...cardsSvg(plan, theme)],
    "</g>",
    `<g transform="translate(${MARGIN} ${short(top + along)})">${key.svg}</g>`,
    "</svg>",
  ];
  return { svg: `${parts.join("\n")}\n`, width, height };
}

/** What stands around a plan, and the size of all. @param {Scene} scene @param {Plan} plan @param {Theme} theme */
export function around(scene, plan, theme) {
  const { layout, direction } = plan;
  const [across, along] = direction === "down" ? [layout.cross, layout.flow] : [layout.flow, layout.cross];
  const head = caption(scene, plan.said, Math.max(across, 150), theme);
  const key = legend(plan, Math.max(across, 150), theme);
  const width = Math.ceil(Math.max(across, head.width, key.width) + 2 * MARGIN);
  return { head, key, width, height: Math.ceil(2 * MARGIN + head.height + along + key.height) };
}

/** @param {Scene} scene @param {string[]} said @param {number} width @param {Theme} theme */
function caption(scene, said, width, theme) {
  const size = Math.max(8, Math.min(CAPTION, (CAPTION * width) / textWidth(scene.title, CAPTION, true)));
  const lines = [...wrapWords(scene.caption.split(" · "), " · ", width), ...said.flatMap((line) => wrapWords(line.split(" "), " ", width))];
  const rows = [text(0, 9, scene.title, { size, bold: true, fill: theme.ink })];
  lines.forEach((line, index) => rows.push(text(0, 20 + 10 * index, line, { size: SMALL, fill: theme.soft })));
  return {
    svg: rows.join(""),
    width: Math.max(textWidth(scene.title, size, true), ...lines.map((line) => textWidth(line, SMALL))),
    height: 20 + 10 * lines.length,
  };
}

/** @param {string[]} phrases @param {string} joint @param {number} width */
function wrapWords(phrases, joint, width) {
  /** @type {string[]} */
  const lines = [];
  for (const phrase of phrases) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(`${last}${joint}${phrase}`, SMALL) <= width) lines[lines.length - 1] = `${last}${joint}${phrase}`;
    else lines.push(phrase);
  }
  return lines;
}

/** The families that are there, where there are several. @param {Plan} plan @param {number} width @param {Theme} theme */
function legend(plan, width, theme) {
  const present = new Set([...seenCards(plan.members)].map(({ card }) => (card.form === "block" ? "block" : card.family)));
  const families = Object.entries(FAMILIES).filter(([family]) => present.has(family));
  if (families.length < 3) return { svg: "", width: 0, height: 0 };
  let [x, y, widest] = [0, 16, 0];
  const parts = [];
  for (const [family, name] of families) {
    const paint = theme.families[family];
    const needed = 17 + textWidth(name, SMALL) + 8;
    if (x && x + needed > width) [x, y] = [0, y + 12];
    const form = family === "merge" ? "merge" : family === "input" || family === "output" ? family : "layer";
    parts.push(`<path d="${outline(family, form, { x: x + (form === "merge" ? 2 : 0), y: y - 7, width: form === "merge" ? 8 : 13, height: 8 })}" fill="${paint.fill}" stroke="${paint.line}"/>`);
    parts.push(text(x + 17, y, name, { size: SMALL, fill: theme.soft }));
    x += needed;
    widest = Math.max(widest, x);
  }
  return { svg: parts.join(""), width: widest, height: y + 4 };
}

/** @param {Seen[]} members @returns {Generator<Seen>} */
function* seenCards(members) {
  for (const member of members) {
    if (member.members) yield* seenCards(member.members);
    else yield member;
  }
}

/** @type {(members: Seen[], plan: Plan, theme: Theme, depth: number) => Generator<string>} */
function* framesSvg(members, plan, theme, depth) {
  for (const { id, card, members: inner } of members) {
    if (!inner) continue;
    if (card.form !== "column") {
      const { x, y, width, height } = boxOf(plan, id);
      const fill = theme.frames[(depth - 1) % theme.frames.length];
      const runs = [];
      let start = x + 8;
      for (const run of frameTitle(card)) {
        runs.push(text(start, y + 12.5, run.text, { size: run.size, bold: run.bold, fill: run.bold ? theme.ink : theme.soft }));
        start += textWidth(run.text, run.size, run.bold) + 5;
      }
      yield `<g class="cluster" id="${escaped(id)}"><path d="${rounded(x, y, x + width, y + height, 6)}" fill="${fill}" stroke="${theme.border}"/>${runs.join("")}</g>`;
    }
    yield* framesSvg(inner, plan, theme, card.form === "column" ? depth : depth + 1);
  }
}

/** @param {Plan} plan @param {string} id */
function boxOf({ layout, direction }, id) {
  const { cross, flow, width, length } = layout.places.get(id) ?? { cross: 0, flow: 0, width: 0, length: 0 };
  return direction === "down" ? { x: cross, y: flow, width, height: length } : { x: flow, y: cross, width: length, height: width };
}

/** @param {Plan} plan @param {Theme} theme @returns {Generator<string>} */
function* arrowsSvg(plan, theme) {
  for (const [id, way] of plan.layout.ways) {
    const points = plan.direction === "down" ? way : way.map(([cross, flow]) => /** @type {Point} */ ([flow, cross]));
    const line = linePath(points);
    yield `<g class="edge" id="${escaped(`w${id}`)}"><path d="${line}" fill="none" stroke="${theme.line}"/><path class="head" d="${headPath(points)}" fill="${theme.line}"/></g>`;
  }
}

/** @param {Plan} plan @param {Theme} theme @returns {Generator<string>} */
function* cardsSvg(plan, theme) {
  for (const { id, card } of seenCards(plan.members)) {
    const measured = plan.cards.get(id);
    if (!measured) continue;
    const { x, y } = boxOf(plan, id);
    const paint = theme.families[card.form === "block" ? "block" : card.family] ?? theme.families.other;
    const body = { ...measured.body, x: x + measured.body.x, y: y + measured.body.y };
    const stacked = card.times > 1 ? `<path d="${rounded(body.x + 3, body.y + 3, body.x + body.width + 3, body.y + body.height + 3, 4)}" fill="${paint.fill}" stroke="${paint.line}"/>` : "";
    const dashed = card.form === "entry" ? ' stroke-dasharray="4 2"' : "";
    const weight = card.form === "block" ? ' stroke-width="1.6"' : "";
    const texts = measured.texts.map((it, index) => {
      const outside = card.symbol && index > 0;
      const fill = outside ? (it.tone === "ink" ? theme.ink : theme.soft) : it.tone === "ink" ? paint.ink : paint.soft;
      return text(x + it.x, y + it.y, it.text, { size: it.size, bold: it.bold, anchor: it.anchor, fill });
    });
    yield `<g class="node ${card.family}" id="${escaped(id)}"><title>${escaped([card.name, card.type].filter(Boolean).join(" "))}</title>${stacked}<path d="${outline(card.family, card.form, body)}" fill="${paint.fill}" stroke="${paint.line}"${dashed}${weight}/>${texts.join("")}</g>`;
  }
}

/** @param {number} x @param {number} y @param {string} words @param {{size: number, fill: string, bold?: boolean, anchor?: string}} style */
function text(x, y, words, { size, fill, bold = false, anchor = "start" }) {
  return `<text x="${short(x)}" y="${short(y)}" font-size="${short(size)}"${bold ? ' font-weight="bold"' : ""}${anchor === "start" ? "" : ` text-anchor="${anchor}"`} fill="${fill}">${escaped(words)}</text>`;
}
