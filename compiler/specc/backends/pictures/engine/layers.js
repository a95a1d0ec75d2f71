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
 * @property {number} size  its extent along the cross axis
 * @property {number} cross  where it begins on the cross axis
 * @property {Segment[]} into
 * @property {Segment[]} from
 *
 * @typedef {object} Segment  A piece of an arrow between two neighbouring ranks.
 * @property {Vertex} tail
 * @property {Vertex} head
 * @property {string} net
 * @property {Edge | null} edge  the arrow that ends here; null between bends
 * @property {0 | 1 | 2} strength  what has to stay straight: 2 the main line, 1 the lane of a long arrow
 * @property {number} tailAt  where it leaves its tail, from the tail's begin on the cross axis
 * @property {number} headAt  where it meets its head
 *
 * @typedef {{ranks: Vertex[][], of: Map<string, Vertex>, ways: Map<Edge, Segment[]>}} Layers
 */

import { rankMembers } from "./ranks.js";

/**
 * The layers of a frame, in the spec's order within each rank. Arrows of one net share their bends.
 *
 * @param {Member[]} members
 * @param {Edge[]} edges
 * @returns {Layers}
 */
export function makeLayers(members, edges) {
  const rankOf = rankMembers(members, edges);
  /** @type {Vertex[][]} */
  const ranks = Array.from({ length: Math.max(-1, ...rankOf.values()) + 1 }, () => []);
  /** @type {(member: Member | null, rank: number, source: number) => Vertex} */
  const put = (member, rank, source) => {
    const vertex = { member, rank, source, position: 0, size: member?.cross ?? 0, cross: 0, into: [], from: [] };
    ranks[rank].push(vertex);
    return vertex;
  };
  const of = new Map(members.map((member, index) => [member.id, put(member, rankOf.get(member.id) ?? 0, index)]));
  const ways = new Map();
  for (const net of nets(edges)) {
    const start = /** @type {Vertex} */ (of.get(net[0].tail));
    const heads = new Map();
    for (const edge of net) {
      const rank = rankOf.get(edge.head) ?? 0;
      heads.set(rank, [...(heads.get(rank) ?? []), edge]);
    }
    const last = Math.max(...heads.keys());
    const lane = [];
    for (let rank = start.rank + 1, tail = start; rank <= last; rank++) {
      for (const edge of heads.get(rank) ?? []) {
        ways.set(edge, [...lane, join(tail, /** @type {Vertex} */ (of.get(edge.head)), edge.net, edge)]);
      }
      if (rank < last) {
        const bend = put(null, rank, start.source + 0.5);
        lane.push(join(tail, bend, net[0].net, null));
        tail = bend;
      }
    }
  }
  for (const rank of ranks) settle(rank.sort((a, b) => a.source - b.source));
  for (const segment of ranks.flatMap((rank) => rank.flatMap((vertex) => vertex.into))) {
    segment.strength = isMain(segment) ? 2 : !segment.tail.member && !segment.head.member ? 1 : 0;
  }
  return { ranks, of, ways };
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

/** @param {Edge[]} edges @returns {Iterable<Edge[]>} */
function nets(edges) {
  /** @type {Map<string, Edge[]>} */
  const found = new Map();
  for (const edge of edges) {
    const net = found.get(edge.net);
    if (net) net.push(edge);
    else found.set(edge.net, [edge]);
  }
  return found.values();
}

/** @type {(tail: Vertex, head: Vertex, net: string, edge: Edge | null) => Segment} */
function join(tail, head, net, edge) {
  const segment = { tail, head, net, edge, strength: /** @type {0} */ (0), tailAt: 0, headAt: 0 };
  tail.from.push(segment);
  head.into.push(segment);
  return segment;
}

/** Whether it is the only short arrow out of its tail and into its head. @param {Segment} segment */
function isMain({ tail, head }) {
  if (!tail.member || !head.member) return false;
  return (
    tail.from.every((other) => !other.head.member || other.head === head) &&
    head.into.every((other) => !other.tail.member || other.tail === tail)
  );
}
