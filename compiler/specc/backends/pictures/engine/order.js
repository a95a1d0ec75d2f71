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

const SWEEPS = 12;
const EXCHANGES = 8;

/** Put each rank in order. @param {Vertex[][]} ranks */
export function orderRanks(ranks) {
  let best = ranks.map((rank) => [...rank]);
  let fewest = crossings(ranks);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const down = sweep % 2 === 0;
    const along = down ? ranks : [...ranks].reverse();
    for (const rank of along.slice(1)) sortByNeighbours(rank, down);
    exchangeNeighbours(ranks);
    const found = crossings(ranks);
    if (found < fewest) [fewest, best] = [found, ranks.map((rank) => [...rank])];
  }
  ranks.forEach((rank, index) => {
    rank.splice(0, rank.length, ...best[index]);
    settle(rank);
  });
}

/** How many pairs of segments cross. @param {Vertex[][]} ranks */
export function crossings(ranks) {
  let count = 0;
  for (const rank of ranks.slice(1)) {
    const ends = rank.flatMap((vertex) => vertex.into.map(headPlace)).sort((a, b) => a - b);
    const index = new Map(ends.map((end, at) => [end, at + 1]));
    const segments = rank.flatMap((vertex) => vertex.into);
    segments.sort((a, b) => tailPlace(a) - tailPlace(b) || headPlace(a) - headPlace(b));
    const seen = new Uint32Array(ends.length + 1);
    segments.forEach((segment, before) => {
      const end = index.get(headPlace(segment)) ?? 0;
      count += before - sumUpTo(seen, end);
      for (let at = end; at <= ends.length; at += at & -at) seen[at]++;
    });
  }
  return count;
}

/** The sum of a Fenwick tree's first so many counts. @param {Uint32Array} tree @param {number} length */
function sumUpTo(tree, length) {
  let sum = 0;
  for (let at = length; at > 0; at -= at & -at) sum += tree[at];
  return sum;
}

/** Sort a rank by the mean place of each vertex's neighbours in the rank before it. @param {Vertex[]} rank @param {boolean} down */
function sortByNeighbours(rank, down) {
  const keys = new Map(
    rank.map((vertex) => {
      const places = down ? vertex.into.map(tailPlace) : vertex.from.map(headPlace);
      return [vertex, places.length ? places.reduce((sum, place) => sum + place, 0) / places.length : vertex.position];
    }),
  );
  settle(rank.sort((a, b) => (keys.get(a) ?? 0) - (keys.get(b) ?? 0) || a.source - b.source));
}

/** Exchange neighbours as long as that removes crossings. @param {Vertex[][]} ranks */
function exchangeNeighbours(ranks) {
  for (let round = 0, better = true; better && round < EXCHANGES; round++) {
    better = false;
    for (const rank of ranks) {
      for (let index = 0; index + 1 < rank.length; index++) {
        const [left, right] = [rank[index], rank[index + 1]];
        if (crossingsOf(left, right) <= crossingsOf(right, left)) continue;
        [rank[index], rank[index + 1]] = [right, left];
        [left.position, right.position] = [index + 1, index];
        better = true;
      }
    }
  }
}

/** Crossings between the segments of two vertices where one stands left of the other. @param {Vertex} left @param {Vertex} right */
function crossingsOf(left, right) {
  return (
    inversions(left.into.map(tailPlace), right.into.map(tailPlace)) +
    inversions(left.from.map(headPlace), right.from.map(headPlace))
  );
}

/** Pairs of a place of the left and a smaller one of the right. @param {number[]} left @param {number[]} right */
function inversions(left, right) {
  const [low, high] = [right.sort((a, b) => a - b), left.sort((a, b) => a - b)];
  let count = 0;
  let below = 0;
  for (const place of high) {
    while (below < low.length && low[below] < place) below++;
    count += below;
  }
  return count;
}
