/**
 * Where arrows meet a card: spread over its side in the order of where they come from, the main line in the middle.
 *
 * @typedef {import("./layers.js").Vertex} Vertex
 * @typedef {import("./layers.js").Segment} Segment
 */

import { headPlace, tailPlace } from "./layers.js";

const MARGIN = 3;
/** Of a card's corners. */

const LEAST_ASIDE = 8.9;
/** For the bend and the head of an arrow that enters a circle from its side. */
const CLEAR = 5;
/** Between such an arrow and what is before it. */
const SHOULDER = 2.5;
/** Where an arrow meets a circle beside its middle. */

/**
 * Set where segments meet the frames inside a frame: there the ports are where the inner layout has them.
 *
 * @param {Vertex[][]} ranks
 * @param {(segment: Segment, side: "in" | "out") => number | null} fixed  null at a card
 */
export function fixPorts(ranks, fixed) {
  for (const segment of ranks.flatMap((rank) => rank.flatMap((vertex) => vertex.into))) {
    segment.tailAt = fixed(segment, "out") ?? 0;
    segment.headAt = fixed(segment, "in") ?? 0;
  }
}

/**
 * Set where the segments of an ordered frame's cards begin and end.
 *
 * @param {Vertex[][]} ranks
 * @param {(segment: Segment, side: "in" | "out") => number | null} fixed  null at a card
 * @param {(segment: Segment, side: "in" | "out") => number} widthOf  that an arrow's end takes
 * @param {(vertex: Vertex) => [number, number]} borderOf  where a card's form begins and ends
 */
export function placePorts(ranks, fixed, widthOf, borderOf) {
  for (const vertex of ranks.flat()) {
    if (!vertex.member) continue;
    const into = slots(vertex.into.filter((segment) => !segment.aside), (segment) => segment.bundle || segment, tailPlace);
    const from = slots(vertex.from, (segment) => segment.net, headPlace);
    const sides = /** @type {["in" | "out", Segment[][]][]} */ ([["in", into], ["out", from]]).map(([side, found]) => {
      return { side, found, row: new Row(found.map((slot) => widthOf(slot[0], side)), mainOf(found)) };
    });
    const main = mainPlace(borderOf(vertex), sides.map(({ row }) => row));
    for (const { side, found, row } of sides) {
      const places = row.spread(borderOf(vertex), main);
      found.forEach((slot, index) => {
        for (const segment of slot) {
          const at = fixed(segment, side) ?? places[index];
          if (side === "in") segment.headAt = at;
          else segment.tailAt = at;
        }
      });
    }
  }
}

/**
 * Let a lane enter a circle from its left side, so that the main line comes straight from above.
 *
 * @param {Vertex[][]} ranks
 * @param {(vertex: Vertex) => [number, number] | null} roundOf  where a circle without names at its arrows begins and ends
 */
export function chooseAsides(ranks, roundOf) {
  for (const vertex of ranks.flat()) {
    const border = vertex.into.length > 1 ? roundOf(vertex) : null;
    if (!border) continue;
    const first = vertex.into.reduce((least, segment) => (tailPlace(segment) < tailPlace(least) ? segment : least));
    if (first.tail.member || first.bundle) continue;
    first.aside = true;
    first.headAt = border[0];
  }
}

/** Let those come from above after all that another vertex is in the way of. @param {Vertex[]} rank @param {(vertex: Vertex) => [number, number] | null} roundOf */
export function dropAsides(rank, roundOf) {
  for (const vertex of rank) {
    for (const segment of vertex.into) {
      if (!segment.aside) continue;
      const from = segment.tail.cross + segment.tailAt;
      const begin = (roundOf(vertex) ?? [0])[0];
      const before = rank.slice(0, vertex.position).findLast(({ member, into }) => member || into[0].net !== segment.net);
      segment.aside = from + LEAST_ASIDE < vertex.cross + begin && (!before || before.cross + before.size + CLEAR < from);
      if (!segment.aside) segment.headAt = begin + SHOULDER;
    }
  }
}

/** Segments that share a port, port by port in the order of their other ends. @type {(segments: Segment[], port: (segment: Segment) => unknown, place: (segment: Segment) => number) => Segment[][]} */
function slots(segments, port, place) {
  const found = new Map();
  for (const segment of segments) {
    const slot = found.get(port(segment));
    if (slot) slot.push(segment);
    else found.set(port(segment), [segment]);
  }
  /** @type {(slot: Segment[]) => number} */
  const mean = (slot) => slot.reduce((sum, segment) => sum + place(segment), 0) / slot.length;
  return [...found.values()].sort((a, b) => mean(a) - mean(b));
}

/** The slot of the main line; -1 where there is none, or where it is several arrows. @param {Segment[][]} slots */
function mainOf(slots) {
  const isMain = (/** @type {Segment[]} */ slot) => slot.some((segment) => segment.strength === 2);
  const found = slots.findIndex(isMain);
  return slots.findLastIndex(isMain) === found ? found : -1;
}

/** Slots of these widths side by side, one of which may be the main line's. */
class Row {
  /** @param {number[]} widths @param {number} main  -1 for none */
  constructor(widths, main) {
    this.main = main;
    this.end = 0;
    this.middles = widths.map((width) => (this.end += width) - width / 2);
  }

  /** Where the main slot, or else the row's middle, may be so that all stay between these places. @type {(begin: number, finish: number) => [number, number]} */
  free(begin, finish) {
    const own = this.middles[this.main] ?? this.end / 2;
    return [begin + own, finish - this.end + own];
  }

  /** The middles of all, with the main one there as far as there is room; without one, in the middle. @type {(border: [number, number], main: number) => number[]} */
  spread([begin, finish], main) {
    const centre = (begin + finish) / 2;
    const margin = marginOf([begin, finish]);
    const [least, most] = this.free(begin + margin, finish - margin);
    if (least <= most) {
      const at = this.main < 0 ? centre : Math.min(most, Math.max(least, main));
      return this.middles.map((middle) => middle - (this.middles[this.main] ?? this.end / 2) + at);
    }
    const squeeze = this.end ? Math.max(0, finish - begin - 2 * margin) / this.end : 0;
    return this.middles.map((middle) => centre + (middle - this.end / 2) * squeeze);
  }
}

/** @param {[number, number]} border */
function marginOf([begin, finish]) {
  return Math.min(MARGIN, (finish - begin) / 6);
}

/** Where the main line passes a card: straight, as near to its middle as the slots beside it let it. @type {(border: [number, number], rows: Row[]) => number} */
function mainPlace(border, rows) {
  const margin = marginOf(border);
  let [least, most] = [-Infinity, Infinity];
  for (const row of rows) {
    const [low, high] = row.free(border[0] + margin, border[1] - margin);
    if (row.main >= 0 && low <= high) [least, most] = [Math.max(least, low), Math.min(most, high)];
  }
  const centre = (border[0] + border[1]) / 2;
  return least <= most ? Math.min(most, Math.max(least, centre)) : centre;
}
