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
    for (const [side, found] of /** @type {["in" | "out", Segment[][]][]} */ ([["in", into], ["out", from]])) {
      const places = spread(borderOf(vertex), found.map((slot) => widthOf(slot[0], side)), mainOf(found));
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

/** @param {Segment[][]} slots */
function mainOf(slots) {
  return slots.findIndex((slot) => slot.some((segment) => segment.strength === 2));
}

/** The middles of slots of these widths side by side, with the main one (or all of them) centred. @type {(border: [number, number], widths: number[], main: number) => number[]} */
function spread([begin, finish], widths, main) {
  let end = 0;
  const middles = widths.map((width) => (end += width) - width / 2);
  const centre = (begin + finish) / 2;
  const shift = centre - (main >= 0 ? middles[main] : end / 2);
  const places = middles.map((middle) => middle + shift);
  const margin = Math.min(MARGIN, (finish - begin) / 6);
  const [first, last] = [places[0] - widths[0] / 2, places[places.length - 1] + widths[widths.length - 1] / 2];
  if (first >= begin + margin && last <= finish - margin) return places;
  const squeeze = end ? Math.min(1, Math.max(0, finish - begin - 2 * margin) / end) : 0;
  return middles.map((middle) => centre + (middle - end / 2) * squeeze);
}
