/**
 * What there is to say of a picture: what it folds, and that it cannot be read where it is too large. A line ends with the
 * options that help, in parentheses.
 *
 * @typedef {import("./picture.js").Plan} Plan
 * @typedef {import("./picture.js").Place} Place
 * @typedef {import("./picture.js").Room} Room
 */

import { tellsMore } from "./view.js";

const MOST_NAMED = 3;
const POINTS_PER_MILLIMETRE = (72 / 25.4) * (8 / 6);
/** In a picture whose smallest text, of 8 points, is printed at 6. */
const [PAGE, SLIDE] = [640, 1130];
/** Points of width: what is narrower may have more room on a page, or lying down on a slide. */

/**
 * @param {{open: Set<string>}} plan
 * @param {Place[]} places  all frames
 * @param {{room: Room | null}} tooLarge  the room that it does not fit
 * @returns {string[]}
 */
export function saidOf({ open }, places, { room }) {
  const said = [];
  if (room) {
    const [width, height] = [room.width, room.height].map((points) => Math.round(points / POINTS_PER_MILLIMETRE));
    const larger = room.width > room.height ? (room.width < SLIDE ? "slide" : "") : room.width < PAGE ? "page" : "";
    const ways = [...(open.size ? ["--depth 0"] : []), larger ? `--fit ${larger}` : "--format html"];
    said.push(`too large to be read at ${width} × ${height} mm (${ways.join(", ")})`);
  }
  const folded = places.filter(({ frame, outer }) => !open.has(frame.id) && tellsMore(frame) && (outer === null || open.has(outer)));
  if (folded.length) said.push(foldedLine(folded));
  return said;
}

/** @param {Place[]} folded */
function foldedLine(folded) {
  /** @type {Map<string, number>} */
  const kinds = new Map();
  for (const { frame } of folded) kinds.set(frame.card.type, (kinds.get(frame.card.type) ?? 0) + frame.card.times);
  const named = [...kinds].map(([type, times]) => (times > 1 ? `${type} × ${times}` : type));
  const more = named.length > MOST_NAMED ? ["…"] : [];
  const deepest = Math.max(...folded.map(({ depth }) => depth));
  const block = [...kinds.keys()].find((type) => /^[\w.-]+$/.test(type)); // a run of layers has no name to type
  const ways = [...(block ? [`--expand ${block}`] : []), `--depth ${deepest + 1}`];
  return `folded: ${[...named.slice(0, MOST_NAMED), ...more].join(", ")} (${ways.join(", ")})`;
}
