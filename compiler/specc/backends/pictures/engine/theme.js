/**
 * Colours. Families differ in lightness by ten or more, so that a grey print and a colour-blind reader tell them apart.
 *
 * @typedef {{fill: string, line: string, ink: string, soft: string}} Paint  `ink` and `soft`: of the text on it
 * @typedef {{page: string, ink: string, soft: string, line: string, frames: string[], border: string, families: Object<string, Paint>}} Theme
 */

const DARK_INK = { ink: "#0f172a", soft: "#334155" };
const LIGHT_INK = { ink: "#ffffff", soft: "#e2e8f0" };

/** @type {Theme} */
const LIGHT = {
  page: "#ffffff",
  ink: "#0f172a",
  soft: "#475569",
  line: "#55657a",
  frames: ["#f6f8fb", "#ebeff5"],
  border: "#93a1b5",
  families: {
    other: { fill: "#f9f9f7", line: "#85857e", ...DARK_INK },
    norm: { fill: "#c9ecd5", line: "#3d8b5f", ...DARK_INK },
    dense: { fill: "#f7cf86", line: "#a8690f", ...DARK_INK },
    pool: { fill: "#a9bfd8", line: "#5b7696", ...DARK_INK },
    sequence: { fill: "#e38aa5", line: "#a53d62", ...DARK_INK },
    conv: { fill: "#2f6fb5", line: "#1f4f86", ...LIGHT_INK },
    merge: { fill: "#6b3fa0", line: "#4a2775", ...LIGHT_INK },
    input: { fill: "#14532d", line: "#14532d", ...LIGHT_INK },
    output: { fill: "#312e81", line: "#312e81", ...LIGHT_INK },
    block: { fill: "#ffffff", line: "#334155", ...DARK_INK },
  },
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
