/**
 * Colours of pages, frames, marks, and of print without colour.
 *
 * @typedef {{fill: string, line: string, ink: string, soft: string}} Paint  `ink` and `soft`: of the text on it
 * @typedef {"added" | "removed" | "changed" | "error" | "unknown"} Mark
 *
 * @typedef {object} Theme
 * @property {string} page
 * @property {string} ink
 * @property {string} soft
 * @property {string} line  of arrows
 * @property {string[]} frames  fills, from the outermost inwards
 * @property {string} border  of frames
 * @property {Object<string, Paint>} families
 * @property {Record<Mark, string>} marks
 */

import { LIGHT } from "./light.js";

/** The families keep their colours on a dark page, which is not a second set of colours to learn. @type {Theme} */
const DARK = {
  page: "#0f172a",
  ink: "#e2e8f0",
  soft: "#a3b1c6",
  line: "#8b9bb3",
  frames: ["#18233a", "#22304b"],
  border: "#5b6b86",
  families: {
    ...LIGHT.families,
    block: { fill: "#0f172a", line: "#cbd5e1", ink: "#f1f5f9", soft: "#cbd5e1" },
    conv: { ...LIGHT.families.conv, line: "#7db0e8" },
    sequence: { ...LIGHT.families.sequence, line: "#e58fb3" },
    merge: { ...LIGHT.families.merge, line: "#b497e6" },
    input: { ...LIGHT.families.input, line: "#7fb79b" },
    output: { ...LIGHT.families.output, line: "#98a2c9" },
  },
  marks: { added: "#4ade80", removed: "#f87171", changed: "#fbbf24", error: "#f87171", unknown: "#94a3b8" },
};

/** @type {(fill: string, ink?: string) => Paint} */
function grey(fill, ink = "#000000") {
  return { fill, line: "#000000", ink, soft: ink };
}

/** For print without colour. @type {Theme} */
const PAPER = {
  page: "#ffffff",
  ink: "#000000",
  soft: "#333333",
  line: "#000000",
  frames: ["#ffffff", "#ffffff"],
  border: "#555555",
  families: {
    other: grey("#ffffff"),
    norm: grey("#dedede"),
    dense: grey("#c0c0c0"),
    pool: grey("#a4a4a4"),
    conv: grey("#717171", "#ffffff"),
    sequence: grey("#585858", "#ffffff"),
    merge: grey("#404040", "#ffffff"),
    input: grey("#272727", "#ffffff"),
    output: grey("#000000", "#ffffff"),
    constant: grey("#ffffff"),
    block: grey("#ffffff"),
  },
  marks: { added: "#000000", removed: "#000000", changed: "#000000", error: "#000000", unknown: "#555555" },
};

/** @type {Object<string, Theme>} */
export const THEMES = { light: LIGHT, dark: DARK, paper: PAPER };

/**
 * What makes a light picture dark where the reader's system is: rules for each class, since a rule wins over an attribute.
 * All begin with the picture's own class, for a page may hold a picture among other things.
 */
export function darkStyle() {
  const { page, ink, soft, line, border, frames, marks } = DARK;
  const rules = [
    [".page", `fill:${page}`],
    [".ink", `fill:${ink}`],
    [".soft", `fill:${soft}`],
    [".gap", `stroke:${page}`],
    [".rim,.ray", `stroke:${ink}`],
    [".edge>.line", `stroke:${line}`],
    [".edge>.head", `fill:${line}`],
    ...frames.map((fill, index) => [`.shape.deep${index}`, `fill:${fill};stroke:${border}`]),
    ...Object.keys(DARK.families).flatMap(familyRules),
    ...Object.entries(marks).flatMap(([mark, colour]) => [
      [`.${mark}>.shape,.${mark}>.line`, `stroke:${colour}`],
      [`.${mark}>.head,.${mark} .mark`, `fill:${colour}`],
    ]),
    [".ghost>.shape", `fill:${page}`],
    [".ghost .on", `fill:${ink}`],
    [".ghost .by", `fill:${soft}`],
  ];
  const lines = rules.map(([classes, set]) => `${classes.replace(/(^|,)/g, "$1.specc ")}{${set}}`);
  return `<style>@media (prefers-color-scheme:dark){\n${lines.join("\n")}\n}</style>`;
}

/** How a family differs on a dark page. @param {string} family @returns {string[][]} */
function familyRules(family) {
  const [light, dark] = [LIGHT.families[family], DARK.families[family]];
  const rules = [];
  if (light.fill !== dark.fill || light.line !== dark.line) rules.push([`.${family} .shape`, `fill:${dark.fill};stroke:${dark.line}`]);
  if (light.ink !== dark.ink) rules.push([`.${family} .on`, `fill:${dark.ink}`]);
  if (light.soft !== dark.soft) rules.push([`.${family} .by`, `fill:${dark.soft}`]);
  return rules;
}
