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
 */

import { headPlace, tailPlace } from "./layers.js";

/** Set `cross` of every vertex; the smallest is 0. @param {Vertex[][]} ranks @param {Spacing} spacing */
export function placeVertices(ranks, spacing) {
  const bent = crossedByStronger(ranks);
  const layouts = [];
  for (const down of [true, false]) {
    for (const left of [true, false]) layouts.push({ left, at: layOut(ranks, { down, left, bent, spacing }) });
  }
  const extents = layouts.map(({ at }) => extent(at));
  const narrowest = extents.reduce((best, it) => (it[1] - it[0] < best[1] - best[0] ? it : best));
  layouts.forEach(({ left, at }, index) => {
    const shift = left ? narrowest[0] - extents[index][0] : narrowest[1] - extents[index][1];
    for (const [vertex, cross] of at) at.set(vertex, cross + shift);
  });
  const vertices = ranks.flat();
  for (const vertex of vertices) {
    const found = layouts.map(({ at }) => at.get(vertex) ?? 0).sort((a, b) => a - b);
    vertex.cross = (found[1] + found[2]) / 2;
  }
  const first = Math.min(...vertices.map((vertex) => vertex.cross));
  for (const vertex of vertices) vertex.cross -= first;
}

/** @param {Map<Vertex, number>} at @returns {[number, number]} */
function extent(at) {
  let [low, high] = [Infinity, -Infinity];
  for (const [vertex, cross] of at) [low, high] = [Math.min(low, cross), Math.max(high, cross + vertex.size)];
  return [low, high];
}

/** The segments that a stronger one crosses: they may bend. @param {Vertex[][]} ranks @returns {Set<Segment>} */
function crossedByStronger(ranks) {
  const bent = new Set();
  for (const rank of ranks) {
    const segments = rank.flatMap((vertex) => vertex.into);
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
 * One of the four layouts.
 *
 * @param {Vertex[][]} ranks
 * @param {{down: boolean, left: boolean, bent: Set<Segment>, spacing: Spacing}} how
 * @returns {Map<Vertex, number>}
 */
function layOut(ranks, how) {
  const { blocks, shifts } = straightBlocks(ranks, how);
  const places = compact(ranks, blocks, shifts, how);
  return new Map(ranks.flat().map((v) => [v, (places.get(blocks.get(v) ?? v) ?? 0) + (shifts.get(v) ?? 0)]));
}

/**
 * Blocks of vertices under each other: each vertex's block, named by its first vertex, and its shift from that one's place.
 *
 * @param {Vertex[][]} ranks
 * @param {{down: boolean, left: boolean, bent: Set<Segment>}} how
 */
function straightBlocks(ranks, { down, left, bent }) {
  const blocks = new Map(ranks.flat().map((vertex) => [vertex, vertex]));
  const shifts = new Map(ranks.flat().map((vertex) => [vertex, 0]));
  const taken = new Set();
  const sign = left ? 1 : -1;
  for (const rank of down ? ranks : ranks.toReversed()) {
    let furthest = -Infinity;
    for (const vertex of left ? rank : rank.toReversed()) {
      const segments = (down ? vertex.into : vertex.from).filter((segment) => !bent.has(segment));
      for (const segment of middle(segments, down, sign)) {
        const other = down ? segment.tail : segment.head;
        if (taken.has(other) || sign * other.position <= furthest || hasStronger(other, segment, down)) continue;
        const across = segment.tailAt - segment.headAt;
        blocks.set(vertex, blocks.get(other) ?? other);
        shifts.set(vertex, (shifts.get(other) ?? 0) + (down ? across : -across));
        taken.add(other);
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

/** Which neighbour a vertex may stand under: the strongest, else the middle ones. @type {(segments: Segment[], down: boolean, sign: number) => Segment[]} */
function middle(segments, down, sign) {
  if (!segments.length) return [];
  const strongest = Math.max(...segments.map((segment) => segment.strength));
  const place = (/** @type {Segment} */ s) => sign * (down ? tailPlace(s) : headPlace(s));
  const sorted = segments.filter((segment) => segment.strength === strongest).sort((a, b) => place(a) - place(b));
  return [...new Set([sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]])];
}

/**
 * The place of each block: as far to the left as its neighbours allow, then as far to the right as they do; or mirrored.
 *
 * @param {Vertex[][]} ranks
 * @param {Map<Vertex, Vertex>} blocks
 * @param {Map<Vertex, number>} shifts
 * @param {{left: boolean, spacing: Spacing}} how
 */
function compact(ranks, blocks, shifts, { left, spacing }) {
  /** @type {Map<Vertex, [Vertex, number][]>} */
  const before = new Map();
  /** @type {Map<Vertex, [Vertex, number][]>} */
  const after = new Map();
  for (const block of new Set(blocks.values())) {
    before.set(block, []);
    after.set(block, []);
  }
  for (const rank of ranks) {
    for (let index = 1; index < rank.length; index++) {
      const [a, b] = left ? [rank[index - 1], rank[index]] : [rank[index], rank[index - 1]];
      const [first, second] = [rank[index - 1], rank[index]];
      const apart = (shifts.get(first) ?? 0) + first.size + room(first, second, spacing) - (shifts.get(second) ?? 0);
      const [near, far] = [blocks.get(a) ?? a, blocks.get(b) ?? b];
      before.get(far)?.push([near, apart]);
      after.get(near)?.push([far, apart]);
    }
  }
  // to the left: places grow from the first block; to the right: they shrink from the last
  const sign = left ? 1 : -1;
  const places = new Map();
  const sorted = inOrder(before);
  for (const block of sorted) {
    const least = (before.get(block) ?? []).map(([other, apart]) => sign * (places.get(other) ?? 0) + apart);
    places.set(block, sign * Math.max(0, ...least));
  }
  for (const block of sorted.toReversed()) {
    const most = (after.get(block) ?? []).map(([other, apart]) => sign * (places.get(other) ?? 0) - apart);
    if (most.length) places.set(block, sign * Math.max(sign * (places.get(block) ?? 0), Math.min(...most)));
  }
  return places;
}

/** Blocks, each after those before it. @param {Map<Vertex, [Vertex, number][]>} before @returns {Vertex[]} */
function inOrder(before) {
  /** @type {Vertex[]} */
  const sorted = [];
  const seen = new Set();
  for (const start of before.keys()) {
    const stack = seen.has(start) ? [] : [{ block: start, next: 0 }];
    seen.add(start);
    while (stack.length) {
      const top = stack[stack.length - 1];
      const others = before.get(top.block) ?? [];
      if (top.next === others.length) {
        sorted.push(top.block);
        stack.pop();
        continue;
      }
      const [other] = others[top.next++];
      if (seen.has(other)) continue;
      seen.add(other);
      stack.push({ block: other, next: 0 });
    }
  }
  return sorted;
}

/** @type {(a: Vertex, b: Vertex, spacing: Spacing) => number} */
function room(a, b, spacing) {
  if (a.member && b.member) return spacing.members;
  return a.member || b.member ? spacing.lane : spacing.lanes;
}
