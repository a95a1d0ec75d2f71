/**
 * Where each vertex stands along the cross axis: the main line and the lanes straight, a parent centred over its branches.
 *
 * Each of four layouts, from above or below and from the left or right, puts vertices under one of their neighbours into
 * straight blocks; a vertex's place is the mean of its two middle ones.
 * Source: U. Brandes, B. Köpf, "Fast and simple horizontal coordinate assignment", 2001, with ports as in E. Rüegg et al.,
 * "Size- and port-aware horizontal node coordinate assignment", 2015. Blocks are compacted by longest paths.
 *
 * @typedef {import("./layers.js").Vertex} Vertex
 * @typedef {import("./layers.js").Segment} Segment
 * @typedef {{members: number, lane: number, lanes: number}} Spacing  between two boxes, a box and a line, two lines
 * @typedef {{near: number, far: number, apart: number}} Gap  two blocks that are neighbours in a rank
 */

import { headPlace, tailPlace } from "./layers.js";
import { straighten } from "./straighten.js";

/** @type {Gap[]} */
const NONE = [];

/** Set `cross` of every vertex; the smallest is 0. @param {Vertex[][]} ranks @param {Spacing} spacing */
export function placeVertices(ranks, spacing) {
  const vertices = ranks.flat();
  vertices.forEach((vertex, index) => (vertex.index = index));
  const bent = crossedByStronger(ranks);
  /** @type {{left: boolean, at: Float64Array}[]} */
  const layouts = [];
  for (const down of [true, false]) {
    for (const left of [true, false]) layouts.push({ left, at: layOut(vertices, ranks, { down, left, bent, spacing }) });
  }
  const extents = layouts.map(({ at }) => extent(vertices, at));
  const narrowest = extents.reduce((best, it) => (it[1] - it[0] < best[1] - best[0] ? it : best));
  const shifts = layouts.map(({ left }, index) => (left ? narrowest[0] - extents[index][0] : narrowest[1] - extents[index][1]));
  let first = Infinity;
  vertices.forEach((vertex, index) => {
    const found = layouts.map(({ at }, layout) => at[index] + shifts[layout]).sort((a, b) => a - b);
    vertex.cross = (found[1] + found[2]) / 2;
    first = Math.min(first, vertex.cross);
  });
  for (const vertex of vertices) vertex.cross -= first;
  straighten(ranks, (a, b) => room(a, b, spacing));
}

/** @param {Vertex[]} vertices @param {Float64Array} at @returns {[number, number]} */
function extent(vertices, at) {
  let [low, high] = [Infinity, -Infinity];
  vertices.forEach(({ size }, index) => ([low, high] = [Math.min(low, at[index]), Math.max(high, at[index] + size)]));
  return [low, high];
}

/** The segments that a stronger one crosses: they may bend. @param {Vertex[][]} ranks @returns {Set<Segment>} */
function crossedByStronger(ranks) {
  const bent = new Set();
  for (const rank of ranks) {
    const segments = rank.flatMap((vertex) => vertex.into);
    if (segments.length < 2) continue;
    for (const strength of [1, 2]) {
      const strong = segments.filter((segment) => segment.strength === strength);
      const weak = segments.filter((segment) => segment.strength < strength);
      if (!strong.length || !weak.length) continue;
      for (const segment of crossedBy(strong, weak)) bent.add(segment);
      for (const segment of crossedBy(strong.toReversed(), weak.toReversed(), -1)) bent.add(segment);
    }
  }
  return bent;
}

/**
 * Those of `weak` that have one of `strong` before them at the head and after them at the tail. Both are in the order of
 * their heads, or with a `sign` of -1 in the opposite one. Linear.
 *
 * @param {Segment[]} strong
 * @param {Segment[]} weak
 */
function crossedBy(strong, weak, sign = 1) {
  const found = [];
  let next = 0;
  let furthest = -Infinity;
  for (const segment of weak) {
    for (; next < strong.length && sign * strong[next].head.position < sign * segment.head.position; next++) {
      furthest = Math.max(furthest, sign * strong[next].tail.position);
    }
    if (furthest > sign * segment.tail.position) found.push(segment);
  }
  return found;
}

/**
 * One of the four layouts: the place of each vertex.
 *
 * @param {Vertex[]} vertices
 * @param {Vertex[][]} ranks
 * @param {{down: boolean, left: boolean, bent: Set<Segment>, spacing: Spacing}} how
 */
function layOut(vertices, ranks, how) {
  const { blocks, shifts } = straightBlocks(vertices, ranks, how);
  const places = compact(ranks, blocks, shifts, how);
  return shifts.map((shift, index) => places[blocks[index]] + shift);
}

/**
 * Blocks of vertices under each other: each vertex's block, named by its first vertex, and its shift from that one's place.
 *
 * @param {Vertex[]} vertices
 * @param {Vertex[][]} ranks
 * @param {{down: boolean, left: boolean, bent: Set<Segment>}} how
 */
function straightBlocks(vertices, ranks, { down, left, bent }) {
  const blocks = Int32Array.from(vertices, (_, index) => index);
  const shifts = new Float64Array(vertices.length);
  const taken = new Uint8Array(vertices.length);
  const sign = left ? 1 : -1;
  for (const rank of down ? ranks : ranks.toReversed()) {
    let furthest = -Infinity;
    for (const vertex of left ? rank : rank.toReversed()) {
      for (const segment of middle(down ? vertex.into : vertex.from, bent, down, sign)) {
        const other = down ? segment.tail : segment.head;
        if (taken[other.index] || sign * other.position <= furthest || hasStronger(other, segment, down)) continue;
        const across = segment.tailAt - segment.headAt;
        blocks[vertex.index] = blocks[other.index];
        shifts[vertex.index] = shifts[other.index] + (down ? across : -across);
        taken[other.index] = 1;
        furthest = sign * other.position;
        break;
      }
    }
  }
  return { blocks, shifts };
}

/** Whether the place under a vertex is for another arrow. @type {(vertex: Vertex, segment: Segment, down: boolean) => boolean} */
function hasStronger(vertex, segment, down) {
  return (down ? vertex.from : vertex.into).some((other) => other.strength > segment.strength);
}

/** Whether a segment leads from a card to a lane that others share, or back: the lane runs beside the cards. @param {Segment} segment */
function turnsOff({ tail, head }) {
  if (tail.member && !head.member) return tail.from.length > 1 || head.into.length > 1;
  return !tail.member && head.member !== null && (tail.from.length > 1 || head.into.length > 1);
}

/** Which neighbour a vertex may stand under: the strongest, else the middle ones. @type {(segments: Segment[], bent: Set<Segment>, down: boolean, sign: number) => Segment[]} */
function middle(segments, bent, down, sign) {
  if (segments.length === 1) return bent.has(segments[0]) || turnsOff(segments[0]) ? [] : segments;
  const straight = segments.filter((segment) => !bent.has(segment) && !turnsOff(segment));
  const strongest = straight.reduce((most, segment) => Math.max(most, segment.strength), 0);
  const place = (/** @type {Segment} */ s) => sign * (down ? tailPlace(s) : headPlace(s));
  const sorted = straight.filter((segment) => segment.strength === strongest).sort((a, b) => place(a) - place(b));
  return [...new Set([sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]])].filter(Boolean);
}

/**
 * The place of each block: as far to the left as its neighbours allow, then as far to the right as they do; or mirrored.
 *
 * @param {Vertex[][]} ranks
 * @param {Int32Array} blocks
 * @param {Float64Array} shifts
 * @param {{left: boolean, spacing: Spacing}} how
 */
function compact(ranks, blocks, shifts, { left, spacing }) {
  /** @type {Gap[]} */
  const gaps = [];
  for (const rank of ranks) {
    for (let index = 1; index < rank.length; index++) {
      const [first, second] = [rank[index - 1], rank[index]];
      const apart = shifts[first.index] + first.size + room(first, second, spacing) - shifts[second.index];
      const [near, far] = left ? [first, second] : [second, first];
      gaps.push({ near: blocks[near.index], far: blocks[far.index], apart });
    }
  }
  // to the left: places grow from the first block; to the right: they shrink from the last
  const after = byNear(blocks.length, gaps);
  const sorted = inOrder(after, gaps);
  const places = new Float64Array(blocks.length);
  for (const block of sorted) {
    for (const { far, apart } of after[block]) places[far] = Math.max(places[far], places[block] + apart);
  }
  for (const block of sorted.toReversed()) {
    const most = after[block].reduce((least, { far, apart }) => Math.min(least, places[far] - apart), Infinity);
    if (most < Infinity) places[block] = Math.max(places[block], most);
  }
  return left ? places : places.map((place) => -place);
}

/** @param {number} count @param {Gap[]} gaps @returns {Gap[][]} */
function byNear(count, gaps) {
  /** @type {Gap[][]} */
  const after = Array.from({ length: count }, () => NONE);
  for (const gap of gaps) {
    if (after[gap.near] === NONE) after[gap.near] = [gap];
    else after[gap.near].push(gap);
  }
  return after;
}

/** Blocks, each after those before it. @param {Gap[][]} after @param {Gap[]} gaps @returns {number[]} */
function inOrder(after, gaps) {
  const waiting = new Int32Array(after.length);
  for (const { far } of gaps) waiting[far]++;
  const sorted = [];
  for (let block = 0; block < after.length; block++) if (!waiting[block]) sorted.push(block);
  for (const block of sorted) for (const { far } of after[block]) if (--waiting[far] === 0) sorted.push(far);
  return sorted;
}

/** @type {(a: Vertex, b: Vertex, spacing: Spacing) => number} */
function room(a, b, spacing) {
  if (a.member && b.member) return spacing.members;
  return a.member || b.member ? spacing.lane : spacing.lanes;
}
