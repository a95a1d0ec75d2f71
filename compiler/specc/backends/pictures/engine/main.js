/**
 * What specc asks of the engine.
 *
 * @typedef {import("./view.js").Scene} Scene
 * @typedef {import("./picture.js").Options} Options
 */

import { draw } from "./draw.js";
import { plan } from "./picture.js";
import { THEMES } from "./theme.js";

/** A scene's picture. @param {Scene} scene @param {Options} options @returns {{svg: string, width: number, height: number}} */
export function render(scene, options) {
  return draw(scene, plan(scene, options), THEMES[options.theme] ?? THEMES.light);
}
