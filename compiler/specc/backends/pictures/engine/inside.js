/**
 * The layout of one frame: its members rank by rank, and the arrows between them and through its border.
 *
 * @typedef {import("./ranks.js").Member} Member
 * @typedef {import("./layers.js").Vertex} Vertex
 * @typedef {import("./layers.js").Segment} Segment
 * @typedef {import("./compose.js").Local} Local
 * @typedef {import("./compose.js").LocalEdge} LocalEdge
 * @typedef {import("./compose.js").Size} Size
 * @typedef {import("./compose.js").Layout} Layout
 * @typedef {import("./compose.js").Point} Point
 * @typedef {import("./compose.js").Spacing} Spacing
 * @typedef {"in" | "out"} Side
 *
 * @typedef {object} Along  Where the ranks are along the flow.
 * @property {number} flow  the length of all
 * @property {number[]} tops
 * @property {number[]} bottoms
 * @property {{count: number, of: Map<Segment, number>}[]} tracked  the tracks before each rank
 */

import { makeLayers } from "./layers.js";
import { orderRanks } from "./order.js";
import { chooseAsides, dropAsides, fixPorts, placePorts } from "./ports.js";
import { placeVertices } from "./place.js";
import { trackSegments } from "./tracks.js";

const SPACING = { members: 14, lane: 9, lanes: 7 };
const FEW = 4;
/** Arrows into one card that need not share a line. */
const TRACK = 6;
/** Between two tracks. */
const PAD = 9;
/** Between a frame and its members. */
const MOST_AFTER = 40;
/** After the members of a frame whose title is before them, so that they stand in its middle. */
const [AFTER_TITLE, STRAIGHT] = [2, 3];
/** From a title to what it is above; and what a gap without tracks has more than its gap to a track. */

/**
 * @param {Local} local
 * @param {Size} size  of the frame, without its members
 * @param {Map<string, Size | Layout>} sizes  of its members
 * @param {boolean} bare  it has no border
 * @param {Spacing} spacing
 * @returns {Layout}
 */
export function layOutFrame(local, size, sizes, bare, { gap, width }) {
  const { gates, members } = boxesOf(local, sizes);
  shareLines(local.edges, sizes);
  const { ranks, of, ways, closing } = makeLayers([...gates, ...members], local.edges, width ? { width, apart: SPACING.members } : undefined);
  const ends = new Ends(local, sizes);
  fixPorts(ranks, ends.fixed);
  orderRanks(ranks);
  chooseAsides(ranks, ends.round);
  placePorts(ranks, ends.fixed, ends.width, (vertex) => ends.card(vertex)?.border ?? [0, vertex.size]);
  placeVertices(ranks, SPACING);
  for (const rank of ranks) dropAsides(rank, ends.round);

  const along = placeRanks(ranks, size, bare, gap);
  const { beside, cross } = placeAcross(ranks, size, bare);
  /** @type {(vertex: Vertex) => Point} */
  const corner = (vertex) => {
    const gate = vertex.member?.gate;
    return [vertex.cross + beside, gate === "in" ? 0 : gate === "out" ? along.flow : along.tops[vertex.rank]];
  };
  const at = (/** @type {{id: string}} */ { id }) => corner(/** @type {Vertex} */ (of.get(id)));
  const behind = size.behind ?? 0;
  return {
    behind,
    inset: (_, side) => (side === "out" ? behind : 0),
    work: [...ranks, ...ways.values()].reduce((sum, { length }) => sum + length, 0),
    flow: along.flow + behind,
    cross: cross + behind,
    at: members.map(at),
    ways: local.edges.map((edge) => {
      const way = wayOf(/** @type {Segment[]} */ (ways.get(edge)), corner, along, ends, gap);
      return closing.has(edge) ? way.reverse() : way;
    }),
    gates: new Map(gates.map((gate) => [gate.id, at(gate)[0]])),
  };
}

/** The boxes of a frame: where arrows cross its border, and its members. @param {Local} local @param {Map<string, Size | Layout>} sizes @returns {{gates: Member[], members: Member[]}} */
function boxesOf({ item, nets }, sizes) {
  const sides = /** @type {const} */ (["in", "out"]);
  const gates = sides.flatMap((side) => nets[side].map((_, index) => ({ id: `${side} ${index}`, flow: 0, cross: 0, gate: side })));
  const members = (item.members ?? []).map(({ id, first }) => ({ id, first, flow: sizes.get(id)?.flow ?? 0, cross: sizes.get(id)?.cross ?? 0 }));
  return { gates, members };
}

/** Give those arrows one line that come from many members, each read by nothing else, to ports without names of one card. @param {LocalEdge[]} edges @param {Map<string, Size | Layout>} sizes */
function shareLines(edges, sizes) {
  /** @type {Map<string, number>} */
  const readers = new Map();
  for (const { net } of edges) readers.set(net, (readers.get(net) ?? 0) + 1);
  /** @type {Map<string, LocalEdge[]>} */
  const into = new Map();
  for (const edge of edges) {
    const size = sizes.get(edge.head);
    if (!size || "gates" in size || size.portWidth?.(edge.in, "in") || readers.get(edge.net) !== 1) continue;
    const group = into.get(edge.head);
    if (group) group.push(edge);
    else into.set(edge.head, [edge]);
  }
  for (const [head, group] of into) if (group.length > FEW) for (const edge of group) edge.bundle = head;
}

/** What arrows meet at their ends. */
class Ends {
  /** @param {Local} local @param {Map<string, Size | Layout>} sizes */
  constructor(local, sizes) {
    this.sizes = sizes;
    this.outs = new Map(local.edges.map((edge) => [`${edge.tail} ${edge.net}`, edge.out]));
  }

  /** @param {Segment} segment @param {Side} side @returns {{port: string, size: Size | Layout | undefined}} */
  of({ edge, net, tail, head }, side) {
    const id = (side === "in" ? head : tail).member?.id ?? "";
    return { port: (side === "in" ? edge?.in : this.outs.get(`${id} ${net}`)) ?? "", size: this.sizes.get(id) };
  }

  /** Where a frame inside the frame has its port; null at a card. @type {(segment: Segment, side: Side) => number | null} */
  fixed = (segment, side) => {
    const { port, size } = this.of(segment, side);
    return size && "gates" in size ? (size.gates.get(port) ?? null) : null;
  };

  /** What the end of an arrow takes of a card's border. @type {(segment: Segment, side: Side) => number} */
  width = (segment, side) => {
    const { port, size } = this.of(segment, side);
    return size && "portWidth" in size ? Math.max(size.portWidth?.(port, side) ?? 0, size.pitch ?? 0) : 0;
  };

  /** @param {Vertex} vertex @returns {Size | undefined} */
  card({ member }) {
    const known = this.sizes.get(member?.id ?? "");
    return known && !("gates" in known) ? known : undefined;
  }

  /** Where a circle begins and ends that an arrow may enter from the side. @type {(vertex: Vertex) => [number, number] | null} */
  round = (vertex) => {
    const card = this.card(vertex);
    return (card?.side !== undefined && card.border) || null;
  };

  /** How far inside its box a form begins. @param {Vertex} vertex @param {number} at @param {Side} side */
  inset({ member }, at, side) {
    return this.sizes.get(member?.id ?? "")?.inset?.(at, side) ?? 0;
  }
}

/** @param {Vertex[][]} ranks @param {Size} size @param {boolean} bare @param {number} gap @returns {Along} */
function placeRanks(ranks, size, bare, gap) {
  const tracked = ranks.map(trackSegments);
  const isEmpty = ranks.map((rank) => rank.every((vertex) => !vertex.size));
  /** @type {number[]} */
  const tops = [];
  /** @type {number[]} */
  const bottoms = [];
  let flow = bare ? 0 : (size.before ?? PAD);
  ranks.forEach((rank, index) => {
    const { count } = tracked[index];
    if (count) flow += gap + (count - 1) * TRACK + gap;
    else if (index === 1 && isEmpty[0]) flow += size.before ? AFTER_TITLE : PAD;
    else if (index > 0) flow += isEmpty[index] ? PAD : gap + STRAIGHT;
    tops.push(flow);
    flow += rank.reduce((most, { member }) => Math.max(most, member?.flow ?? 0), 0);
    bottoms.push(flow);
  });
  const endsInGates = ranks.at(-1)?.some(({ member }) => member?.gate === "out");
  const needed = bare || endsInGates ? flow : flow + PAD;
  const free = bare ? 0 : Math.max(0, size.flow - needed) / 2;
  const moved = (/** @type {number[]} */ places) => places.map((place) => place + free);
  return { flow: needed + 2 * free, tops: moved(tops), bottoms: moved(bottoms), tracked };
}

/** What is free before the members across the flow, where no arrow may enter through the title; and the extent of all. @param {Vertex[][]} ranks @param {Size} size @param {boolean} bare */
function placeAcross(ranks, size, bare) {
  let [extent, firstEntry] = [0, Infinity];
  for (const vertex of ranks.flat()) {
    extent = Math.max(extent, vertex.cross + vertex.size);
    if (vertex.member?.gate === "in") firstEntry = Math.min(firstEntry, vertex.cross);
  }
  if (bare) return { beside: 0, cross: extent };
  const clear = size.clear ?? 0;
  const beside = Math.max(size.beside ?? PAD, clear - firstEntry);
  const after = clear ? Math.max(PAD, Math.min(beside, MOST_AFTER)) : PAD;
  return { beside, cross: Math.max(beside + extent + after, size.cross) };
}

/** The points of an arrow. @type {(segments: Segment[], corner: (vertex: Vertex) => Point, along: Along, ends: Ends, gap: number) => Point[]} */
function wayOf(segments, corner, { bottoms, tracked }, ends, gap) {
  const { tail, tailAt } = segments[0];
  const [start, top] = corner(tail);
  let from = start + tailAt;
  /** @type {Point[]} */
  const points = [[from, top + (tail.member?.flow ?? 0) - ends.inset(tail, tailAt, "out")]];
  for (const segment of segments) {
    const { head, headAt } = segment;
    const [cross, flow] = corner(head);
    const to = cross + headAt;
    if (segment.aside) {
      const height = flow + (ends.card(head)?.side ?? 0);
      points.push([from, height], [to, height]);
      continue;
    }
    const track = tracked[head.rank].of.get(segment);
    if (track !== undefined) {
      const height = bottoms[head.rank - 1] + gap + track * TRACK;
      points.push([from, height], [to, height]);
    }
    points.push([to, flow + ends.inset(head, headAt, "in")]);
    from = to;
  }
  return simple(points);
}

/** A line without the points that do not bend it. @param {Point[]} points @returns {Point[]} */
export function simple(points) {
  /** @type {Point[]} */
  const kept = [];
  for (const point of points) {
    const [before, last] = [kept[kept.length - 2], kept[kept.length - 1]];
    if (last && near(last[0], point[0]) && near(last[1], point[1])) continue;
    if (before && [0, 1].some((axis) => near(before[axis], last[axis]) && near(last[axis], point[axis]))) kept.pop();
    kept.push(point);
  }
  return kept;
}

/** @param {number} a @param {number} b */
function near(a, b) {
  return Math.abs(a - b) < 0.01;
}
