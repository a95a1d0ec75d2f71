/** Saves and prints the picture as it is unfolded, all of it. */

import { element } from "./dom.js";

const SHARP = 2;
/** Pixels of a PNG to a pixel of the picture at its natural size. */
const MOST_PIXELS = 60_000_000;

/** @param {string} name @param {string} address */
function download(name, address) {
  const link = element("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

/** @param {string} svg */
function addressOf(svg) {
  return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

/** @param {string} name @param {string} svg */
export function saveSvg(name, svg) {
  download(`${fileName(name)}.svg`, addressOf(svg));
}

/** @param {string} name @param {{svg: string, width: number, height: number}} picture  in points */
export async function savePng(name, { svg, width, height }) {
  const image = new Image();
  image.src = addressOf(svg);
  await image.decode();
  const scale = Math.min((SHARP * 4) / 3, Math.sqrt(MOST_PIXELS / (width * height)), 32_000 / Math.max(width, height));
  const board = element("canvas", { width: String(Math.round(width * scale)), height: String(Math.round(height * scale)) });
  board.getContext("2d")?.drawImage(image, 0, 0, board.width, board.height);
  download(`${fileName(name)}.png`, board.toDataURL("image/png"));
}

/** @param {string} title */
function fileName(title) {
  return title.replace(/[^\w.-]+/g, "_") || "model";
}
