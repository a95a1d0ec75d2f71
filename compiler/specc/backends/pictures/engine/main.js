/**
 * What specc asks of the engine.
 *
 * @typedef {import("./view.js").Scene} Scene
 * @typedef {import("./picture.js").Options} Options
 */

import { draw } from "./draw.js";
import { plan } from "./picture.js";
import { sheetOf } from "./sheet.js";
import { THEMES } from "./theme.js";

/**
 * A scene's picture: its SVG, its size in points, the colour of its page, and what was folded or cannot be read.
 *
 * @param {Scene} scene
 * @param {Options} options
 * @returns {{svg: string, width: number, height: number, page: string, said: string[]}}
 */
export function render(scene, options) {
  const planned = plan(scene, options, (laidOut) => sheetOf(scene, laidOut));
  const theme = THEMES[options.theme] ?? THEMES.light;
  return { ...draw(scene, planned, theme, options.theme === "auto"), page: theme.page, said: planned.said };
}
