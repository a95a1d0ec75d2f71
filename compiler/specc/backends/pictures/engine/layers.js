/**
 * The vertices of a frame, rank by rank: its members, and a bend for each rank that an arrow passes on its way.
 *
 * @typedef {import("./ranks.js").Member} Member
 * @typedef {import("./ranks.js").Edge} Edge
 *
 * @typedef {object} Vertex
 * @property {Member | null} member  null for a bend
 * @property {number} rank
 * @property {number} source  its place in the spec's order; a bend has that of the arrow's tail
 * @property {number} position  its place in its rank, from 0
 * @property {number} index  its number among all
 * @property {number} size  its extent along the cross axis
 * @property {number} cross  where it begins on the cross axis
 * @property {number} before  how many members are on the longest way to it
 * @property {number} after  and on the longest way from it
 * @property {Segment[]} into
 * @property {Segment[]} from
 *
 * @typedef {object} Segment  A piece of an arrow between two neighbouring ranks.
 * @property {Vertex} tail
 * @property {Vertex} head
 * @property {string} net
 * @property {string} bundle  of its arrows, "" for none
 * @property {Edge | null} edge  the arrow that ends here; null between bends
 * @property {0 | 1 | 2} strength  what has to stay straight: 2 the main line, 1 the lane of a long arrow
 * @property {number} tailAt  where it leaves its tail, from the tail's begin on the cross axis
 * @property {number} headAt  where it meets its head
 * @property {boolean} aside  it meets its head from the side
 *
 * @typedef {{ranks: Vertex[][], of: Map<string, Vertex>, ways: Map<Edge, Segment[]>, closing: Set<Edge>}} Layers
 *   The ways of arrows that close a cycle are those from their head to their tail.
 */

import { closingEdges, rankMembers } from "./ranks.js";

/**
 * The layers of a frame, in the spec's order within each rank. Arrows of one net share their bends, and so do those of a bundle.
 *
 * @param {Member[]} members
 * @param {Edge[]} edges
 * @param {{width: number, apart: number}} [room]  of a rank
 * @returns {Layers}
 */
export function makeLayers(members, edges, room) {
  const closing = closingEdges(members, edges);
  const turned = new Map([...closing].map((edge, index) => [edge, { ...edge, tail: edge.head, head: edge.tail, net: `closing ${index}`, bundle: "" }]));
  const acyclic = closing.size ? edges.map((edge) => turned.get(edge) ?? edge) : edges;
  const rankOf = rankMembers(members, acyclic, room);
  let last = -1;
  for (const rank of rankOf.values()) last = Math.max(last, rank);
  /** @type {Vertex[][]} */
  const ranks = Array.from({ length: last + 1 }, () => []);
  /** @type {Put} */
  const put = (member, rank, source) => {
    const vertex = { member, rank, source, position: 0, index: 0, size: member?.cross ?? 0, cross: 0, before: 0, after: 0, into: [], from: [] };
    ranks[rank].push(vertex);
    return vertex;
  };
  const of = new Map(members.map((member, index) => [member.id, put(member, rankOf.get(member.id) ?? 0, index)]));
  /** @type {Map<Edge, Segment[]>} */
  const ways = new Map();
  const single = acyclic.filter(({ bundle }) => !bundle);
  for (const net of grouped(single, ({ net }) => net)) spreadOut(net, of, put, ways);
  for (const bundle of grouped(acyclic.filter(({ bundle }) => bundle), ({ bundle }) => bundle ?? "")) gatherIn(bundle, of, put, ways);
  for (const [edge, back] of turned) ways.set(edge, /** @type {Segment[]} */ (ways.get(back)));
  for (const rank of ranks) settle(rank.sort((a, b) => a.source - b.source));
  measureWays(ranks);
  for (const segment of ranks.flatMap((rank) => rank.flatMap((vertex) => vertex.into))) {
    segment.strength = isMain(segment) ? 2 : !segment.tail.member && !segment.head.member ? 1 : 0;
  }
  return { ranks, of, ways, closing };
}

/** @typedef {(member: Member | null, rank: number, source: number) => Vertex} Put */

/** The arrows of a net: one lane from the tail on, that each leaves at its head. @type {(net: Edge[], of: Map<string, Vertex>, put: Put, ways: Map<Edge, Segment[]>) => void} */
function spreadOut(net, of, put, ways) {
  const start = /** @type {Vertex} */ (of.get(net[0].tail));
  /** @type {Map<number, Edge[]>} */
  const heads = new Map();
  let last = 0;
  for (const edge of net) {
    const rank = of.get(edge.head)?.rank ?? 0;
    heads.set(rank, [...(heads.get(rank) ?? []), edge]);
    last = Math.max(last, rank);
  }
  const lane = [];
  for (let rank = start.rank + 1, tail = start; rank <= last; rank++) {
    for (const edge of heads.get(rank) ?? []) {
      ways.set(edge, [...lane, join(tail, /** @type {Vertex} */ (of.get(edge.head)), edge, edge)]);
    }
    if (rank < last) {
      const bend = put(null, rank, start.source + 0.5);
      lane.push(join(tail, bend, net[0], null));
      tail = bend;
    }
  }
}

/** The arrows of a bundle: one lane to the head, that each enters below its tail. @type {(bundle: Edge[], of: Map<string, Vertex>, put: Put, ways: Map<Edge, Segment[]>) => void} */
function gatherIn(bundle, of, put, ways) {
  const end = /** @type {Vertex} */ (of.get(bundle[0].head));
  const tails = bundle.map(({ tail }) => /** @type {Vertex} */ (of.get(tail)));
  const first = tails.reduce((least, { rank }) => Math.min(least, rank), end.rank - 1);
  /** @type {Segment[]} */
  const lane = [];
  let head = end;
  for (let rank = end.rank - 1; rank > first; rank--) {
    const bend = put(null, rank, end.source + 0.5);
    lane.unshift(join(bend, head, bundle[0], head === end ? bundle[0] : null));
    head = bend;
  }
  bundle.forEach((edge, index) => {
    const behind = lane.slice(tails[index].rank - first);
    const next = behind[0]?.tail ?? end;
    ways.set(edge, [join(tails[index], next, edge, next === end ? edge : null), ...behind]);
  });
}

/** Say each vertex of a rank where it stands. @param {Vertex[]} rank */
export function settle(rank) {
  rank.forEach((vertex, position) => (vertex.position = position));
}

/** Where a segment begins in its rank: the place of its tail, and between that and the next the place of the port. @param {Segment} segment */
export function tailPlace({ tail, tailAt }) {
  return tail.position + tailAt / (tail.size + 1);
}

/** Where a segment ends in its rank. @param {Segment} segment */
export function headPlace({ head, headAt }) {
  return head.position + headAt / (head.size + 1);
}

/** @type {(edges: Edge[], key: (edge: Edge) => string) => Iterable<Edge[]>} */
function grouped(edges, key) {
  /** @type {Map<string, Edge[]>} */
  const found = new Map();
  for (const edge of edges) {
    const group = found.get(key(edge));
    if (group) group.push(edge);
    else found.set(key(edge), [edge]);
  }
  return found.values();
}

/** @type {(tail: Vertex, head: Vertex, of: Edge, edge: Edge | null) => Segment} */
function join(tail, head, { net, bundle = "" }, edge) {
  const segment = { tail, head, net, bundle, edge, strength: /** @type {0} */ (0), tailAt: 0, headAt: 0, aside: false };
  tail.from.push(segment);
  head.into.push(segment);
  return segment;
}

/** How long the longest ways to and from each vertex are. Linear. @param {Vertex[][]} ranks */
function measureWays(ranks) {
  const most = (/** @type {number[]} */ lengths) => lengths.reduce((longest, length) => Math.max(longest, length), 0);
  for (const vertex of ranks.flat()) vertex.before = most(vertex.into.map(({ tail }) => tail.before + (tail.member ? 1 : 0)));
  for (const vertex of ranks.flat().reverse()) vertex.after = most(vertex.from.map(({ head }) => head.after + (head.member ? 1 : 0)));
}

/**
 * Whether it is on the main line: of the short arrows out of its tail the one that goes on longest, and of those into its
 * head the one that comes from furthest.
 *
 * @param {Segment} segment
 */
function isMain({ tail, head }) {
  if (!tail.member || !head.member) return false;
  return (
    tail.from.every((other) => !other.head.member || other.head === head || other.head.after < head.after) &&
    head.into.every((other) => !other.tail.member || other.tail === tail || other.tail.before < tail.before)
  );
}
