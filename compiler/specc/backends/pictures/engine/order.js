/**
 * The order of the vertices within each rank: few crossings, and the spec's order where that costs none.
 *
 * Source: K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system structures", 1981;
 * the count of crossings: W. Barth, P. Mutzel, M. Jünger, "Simple and efficient bilayer cross counting", 2004.
 *
 * @typedef {import("./layers.js").Vertex} Vertex
 * @typedef {import("./layers.js").Segment} Segment
 */

import { headPlace, settle, tailPlace } from "./layers.js";

const [FEWEST_SWEEPS, MOST_SWEEPS] = [2, 12];
const WORK = 150_000;
/** Vertices that are sorted, in all sweeps. */
const EXCHANGES = 8;
const OTHERS = [{ sign: 1, down: false }, { sign: -1, down: true }, { sign: -1, down: false }];
/** What else to begin with: the spec's order or its opposite, and the direction of the first sweep. */

/** Put each rank in order: first from the spec's, and while arrows cross from other ones. @param {Vertex[][]} ranks */
export function orderRanks(ranks) {
  const vertices = ranks.reduce((sum, rank) => sum + rank.length, 0);
  const sweeps = Math.max(FEWEST_SWEEPS, Math.min(MOST_SWEEPS, Math.floor(WORK / vertices)));
  let best = swept(ranks, sweeps, true);
  for (const { sign, down } of vertices * MOST_SWEEPS * OTHERS.length > WORK ? [] : OTHERS) {
    if (best.crossings === 0) break;
    for (const rank of ranks) settle(rank.sort((a, b) => sign * (a.source - b.source)));
    const other = swept(ranks, sweeps, down);
    if (isAgainstSpec(other.order)) for (const rank of other.order) rank.reverse();
    if (other.crossings < best.crossings) best = other;
  }
  ranks.forEach((rank, index) => {
    best.order[index].forEach((vertex, position) => (rank[position] = vertex));
    settle(rank);
  });
}

/** The order with the fewest crossings that is met from the present one on, and how many these are. @type {(ranks: Vertex[][], sweeps: number, downFirst: boolean) => {order: Vertex[][], crossings: number}} */
function swept(ranks, sweeps, downFirst) {
  const gaps = new Gaps(ranks);
  let order = ranks.map((rank) => [...rank]);
  let crossings = gaps.crossings();
  for (let sweep = 0; sweep < sweeps && crossings > 0; sweep++) {
    const down = (sweep % 2 === 0) === downFirst;
    for (let step = 1; step < ranks.length; step++) {
      const index = down ? step : ranks.length - 1 - step;
      if (sortByNeighbours(ranks[index], down)) gaps.changed(index);
    }
    exchangeNeighbours(ranks, gaps);
    const found = gaps.crossings();
    if (found < crossings) [crossings, order] = [found, ranks.map((rank) => [...rank])];
  }
  return { order, crossings };
}

/** Whether the first members side by side are rather in the spec's order from right to left. @param {Vertex[][]} order */
function isAgainstSpec(order) {
  const rows = order.map((rank) => rank.filter(({ member }) => member));
  const first = rows.find(({ length }) => length > 1) ?? [];
  return first.reduce((sum, { source }, index) => sum + (2 * index - first.length + 1) * source, 0) < 0;
}

/** The crossings in the gap before each rank, counted again where a rank has changed. */
class Gaps {
  /** @param {Vertex[][]} ranks */
  constructor(ranks) {
    this.ranks = ranks;
    this.counts = ranks.map(() => -1);
  }

  /** A rank is in another order. @param {number} index */
  changed(index) {
    this.counts[index] = -1;
    if (index + 1 < this.counts.length) this.counts[index + 1] = -1;
  }

  crossings() {
    let sum = 0;
    this.counts.forEach((count, index) => (sum += count < 0 ? (this.counts[index] = crossingsInto(this.ranks[index])) : count));
    return sum;
  }
}

/** How many pairs of segments cross. @param {Vertex[][]} ranks */
export function crossings(ranks) {
  return ranks.reduce((sum, rank) => sum + crossingsInto(rank), 0);
}

/** How many pairs of segments into a rank cross. @param {Vertex[]} rank */
function crossingsInto(rank) {
  const segments = rank.flatMap((vertex) => vertex.into.map((segment) => ({ tail: tailPlace(segment), head: headPlace(segment) })));
  if (segments.length < 2) return 0;
  const ends = segments.map(({ head }) => head).sort((a, b) => a - b);
  const index = new Map(ends.map((end, at) => [end, at + 1]));
  segments.sort((a, b) => a.tail - b.tail || a.head - b.head);
  const seen = new Uint32Array(ends.length + 1);
  let count = 0;
  segments.forEach(({ head }, before) => {
    const end = index.get(head) ?? 0;
    count += before - sumUpTo(seen, end);
    for (let at = end; at <= ends.length; at += at & -at) seen[at]++;
  });
  return count;
}

/** The sum of a Fenwick tree's first so many counts. @param {Uint32Array} tree @param {number} length */
function sumUpTo(tree, length) {
  let sum = 0;
  for (let at = length; at > 0; at -= at & -at) sum += tree[at];
  return sum;
}

/** Sort a rank by the mean place of each vertex's neighbours in the rank before it; whether that changes it. @param {Vertex[]} rank @param {boolean} down */
function sortByNeighbours(rank, down) {
  const keys = rank.map((vertex) => {
    const segments = down ? vertex.into : vertex.from;
    if (!segments.length) return vertex.position;
    return segments.reduce((sum, segment) => sum + (down ? tailPlace(segment) : headPlace(segment)), 0) / segments.length;
  });
  rank.sort((a, b) => keys[a.position] - keys[b.position] || a.source - b.source);
  const changes = rank.some((vertex, position) => vertex.position !== position);
  if (changes) settle(rank);
  return changes;
}

/** Exchange neighbours as long as that removes crossings. @param {Vertex[][]} ranks @param {Gaps} gaps */
function exchangeNeighbours(ranks, gaps) {
  let waiting = ranks.map(() => true);
  for (let round = 0; round < EXCHANGES && waiting.includes(true); round++) {
    const next = ranks.map(() => false);
    ranks.forEach((rank, index) => {
      if (!waiting[index] || !exchangeIn(rank)) return;
      gaps.changed(index);
      for (const near of [index - 1, index, index + 1]) if (near >= 0 && near < next.length) next[near] = true;
    });
    waiting = next;
  }
}

/** Exchange neighbours of a rank once; whether any was. @param {Vertex[]} rank */
function exchangeIn(rank) {
  let better = false;
  for (let index = 0; index + 1 < rank.length; index++) {
    const [left, right] = [rank[index], rank[index + 1]];
    if (gain(left.into, right.into, tailPlace) + gain(left.from, right.from, headPlace) <= 0) continue;
    [rank[index], rank[index + 1]] = [right, left];
    [left.position, right.position] = [index + 1, index];
    better = true;
  }
  return better;
}

/** How many crossings less two vertices' segments have if they change places. @type {(left: Segment[], right: Segment[], place: (segment: Segment) => number) => number} */
function gain(left, right, place) {
  if (left.length === 1 && right.length === 1) return Math.sign(place(left[0]) - place(right[0]));
  if (!left.length || !right.length) return 0;
  const [a, b] = [left, right].map((segments) => segments.map(place).sort((x, y) => x - y));
  return inversions(a, b) - inversions(b, a);
}

/** Pairs of a place of the left and a smaller one of the right, both sorted. @param {number[]} left @param {number[]} right */
function inversions(left, right) {
  let count = 0;
  let below = 0;
  for (const place of left) {
    while (below < right.length && right[below] < place) below++;
    count += below;
  }
  return count;
}
