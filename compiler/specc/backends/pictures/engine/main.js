/**
 * What specc asks of the engine.
 *
 * @typedef {import("./view.js").Scene} Scene
 * @typedef {import("./picture.js").Options} Options
 */

import { around, draw } from "./draw.js";
import { plan } from "./picture.js";
import { THEMES } from "./theme.js";

/** A scene's picture, and what there is to say of it. @param {Scene} scene @param {Options} options @returns {{svg: string, width: number, height: number, said: string[]}} */
export function render(scene, options) {
  const theme = THEMES[options.theme] ?? THEMES.light;
  const planned = plan(scene, options, (laidOut) => around(scene, laidOut, theme));
  return { ...draw(scene, planned, theme), said: planned.said };
}
