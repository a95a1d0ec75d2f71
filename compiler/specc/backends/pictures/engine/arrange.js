/**
 * A scene laid out, with given frames open and cards that say so much.
 *
 * @typedef {import("./view.js").Scene} Scene
 * @typedef {import("./view.js").Seen} Seen
 * @typedef {import("./compose.js").Wire} Wire
 * @typedef {import("./compose.js").Size} Size
 * @typedef {import("./card.js").Card} Card
 * @typedef {import("./card.js").Measured} Measured
 * @typedef {import("./card.js").Detail} Detail
 * @typedef {"down" | "right"} Direction
 *
 * @typedef {object} Arranged
 * @property {Seen[]} members
 * @property {Wire[]} wires
 * @property {Map<string, Measured>} cards
 * @property {ReturnType<typeof compose>} layout
 * @property {Direction} direction
 */

import { measureCard } from "./card.js";
import { compose } from "./compose.js";
import { STRIP, titleWidth } from "./frames.js";
import { namesOf, roomOf, roomOfArrow, writeNames } from "./names.js";
import { SHEETS } from "./svg.js";
import { framed } from "./view.js";

const [PITCH, CIRCLE_PITCH] = [10, 6];
/** Between two arrows at a card that have no names. */

/** @type {(seen: {members: Seen[], wires: Wire[]}, detail: Detail, direction: Direction, spacing: import("./compose.js").Spacing) => Arranged} */
export function arrange({ members, wires }, detail, direction, spacing) {
  /** @type {Map<string, Measured>} */
  const cards = new Map();
  const known = new Map([...framed(members)].map((item) => [item.id, item.card]));
  const names = namesOf(known.values(), wires);
  const rooms = new Map([...known].map(([id, card]) => [id, roomOf(card, names.get(id) ?? { in: [], out: [] }, direction === "down")]));
  const layout = compose({ id: "", members }, wires, (item) => {
    if (item.id === "") return { flow: 0, cross: 0 };
    const { card } = /** @type {Seen} */ (item);
    const behind = card.times > 1 ? SHEETS[0] : 0;
    if (item.members) return { ...frameSize(card, direction === "down"), behind };
    const ends = /** @type {import("./names.js").Ends} */ (rooms.get(item.id));
    const size = measureCard(card, detail, ends);
    cards.set(item.id, size);
    return withBehind(cardSize(card, size, ends, names.get(item.id)), behind);
  }, spacing);
  writeNames(known, cards, wires, layout, rooms);
  return { members, wires, cards, layout, direction };
}

/** @type {(card: Card, size: Measured, ends: import("./names.js").Ends, names: import("./names.js").Names | undefined) => Size} */
function cardSize(card, size, ends, names) {
  const { width, height, body } = size;
  const [flow, cross] = ends.down ? [height, width] : [width, height];
  const middle = ends.down ? body.x + body.width / 2 : body.y + body.height / 2;
  const [before, after] = ends.down ? [body.y, height - body.y - body.height] : [body.x, width - body.x - body.width];
  return {
    flow,
    cross,
    pitch: card.symbol ? CIRCLE_PITCH : PITCH,
    border: ends.down ? [body.x, body.x + body.width] : [body.y, body.y + body.height],
    inset: (at, side) => (side === "in" ? before : after) + (card.symbol ? roundInset(at - middle, body.width / 2) : 0),
    side: card.symbol && !names ? before + body.height / 2 : undefined,
    key: JSON.stringify([card.times > 1, width, height, body, names]),
    portWidth: (port, side) => {
      const name = card.ports[side][port];
      if (!name || card.symbol) return 0;
      return ends.down ? ends.slot[side] || roomOfArrow(name, names?.[side] ?? [name]) : PITCH;
    },
  };
}

/** A card's size with what stands out behind it. @param {Size} size @param {number} behind @returns {Size} */
function withBehind(size, behind) {
  const inset = size.inset ?? (() => 0);
  if (!behind) return size;
  return { ...size, behind, flow: size.flow + behind, cross: size.cross + behind, inset: (at, side) => inset(at, side) + (side === "out" ? behind : 0) };
}

/** How far a circle is inside its square, so far from its middle. @param {number} off @param {number} radius */
function roundInset(off, radius) {
  return radius - Math.sqrt(Math.max(0, radius * radius - off * off));
}

/** @param {Card} card @param {boolean} down @returns {Size} */
function frameSize(card, down) {
  if (card.form === "column") return { flow: 0, cross: 0, clear: 0, before: 0, beside: 0 };
  const width = titleWidth(card);
  if (!down) return { flow: width, cross: 0, beside: STRIP, before: 9 };
  return { flow: 0, cross: width, clear: width, before: STRIP };
}
