/**
 * Colours of pages, of frames, and of print without colour.
 *
 * @typedef {{fill: string, line: string, ink: string, soft: string}} Paint  `ink` and `soft`: of the text on it
 * @typedef {{page: string, ink: string, soft: string, line: string, frames: string[], border: string, families: Object<string, Paint>}} Theme
 */

import { FAMILIES } from "./families.js";

/** @type {Theme} */
const LIGHT = {
  page: "#ffffff",
  ink: "#0f172a",
  soft: "#475569",
  line: "#55657a",
  frames: ["#f6f8fb", "#ebeff5"],
  border: "#93a1b5",
  families: FAMILIES,
};

/** The families keep their colours on a dark page, which is not a second set of colours to learn. @type {Theme} */
const DARK = {
  ...LIGHT,
  page: "#0f172a",
  ink: "#e2e8f0",
  soft: "#a3b1c6",
  line: "#8b9bb3",
  frames: ["#18233a", "#22304b"],
  border: "#5b6b86",
};

/** @type {(fill: string, ink?: {ink: string, soft: string}) => Paint} */
function grey(fill, ink = { ink: "#000000", soft: "#000000" }) {
  return { fill, line: "#000000", ...ink };
}

const WHITE_INK = { ink: "#ffffff", soft: "#ffffff" };

/** For print without colour. @type {Theme} */
const PAPER = {
  page: "#ffffff",
  ink: "#000000",
  soft: "#333333",
  line: "#000000",
  frames: ["#ffffff", "#ffffff"],
  border: "#666666",
  families: {
    other: grey("#ffffff"),
    norm: grey("#e2e2e2"),
    dense: grey("#c6c6c6"),
    pool: grey("#ababab"),
    sequence: grey("#919191"),
    conv: grey("#777777", WHITE_INK),
    merge: grey("#5e5e5e", WHITE_INK),
    input: grey("#303030", WHITE_INK),
    output: grey("#000000", WHITE_INK),
    block: grey("#ffffff"),
  },
};

/** @type {Object<string, Theme>} */
export const THEMES = { light: LIGHT, dark: DARK, paper: PAPER };
