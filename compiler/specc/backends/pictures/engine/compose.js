/**
 * The layout of a whole picture: each frame by itself, from the inside out, and equal frames once.
 *
 * @typedef {import("./ranks.js").Member} Member
 * @typedef {import("./ranks.js").Edge} Edge
 * @typedef {[number, number]} Point  cross, flow
 *
 * @typedef {object} Item  A card, or a frame with members.
 * @property {string} id
 * @property {Item[]} [members]
 * @property {boolean} [first]  it stands in the first rank of its frame
 *
 * @typedef {{id: string, tail: string, out: string, head: string, in: string, mark?: "" | "added" | "removed"}} Wire
 *   A tensor from a card's output port to a card's input port.
 *
 * @typedef {object} Size  What a measured card or frame takes, without its members.
 * @property {number} flow
 * @property {number} cross
 * @property {number} [clear]  of a frame: from its begin on the cross axis, where no arrow may enter
 * @property {number} [before]  of a frame: what it keeps free along the flow before its members, for its title
 * @property {number} [beside]  of a frame: what it keeps free along the cross axis before its members
 * @property {string} [key]  what looks alike has the same
 * @property {(port: string, side: "in" | "out") => number} [portWidth]  of a port's name, 0 for none
 * @property {number} [behind]  what stands out behind it, along both axes
 * @property {number} [side]  of a circle: how far along the flow an arrow may enter it from the side
 * @property {[number, number]} [border]  of a card: where its form begins and ends along the cross axis
 * @property {number} [pitch]  of a card: between two ports without names
 * @property {(at: number, side: "in" | "out") => number} [inset]  of a card: how far inside its border its form begins there
 *
 * @typedef {object} Layout  A frame as laid out; all counts from its corner.
 * @property {number} flow
 * @property {number} cross
 * @property {Point[]} at  of each member
 * @property {Point[][]} ways  of each edge
 * @property {Map<string, number>} gates  where arrows cross its border, by side and number
 * @property {number} behind  what stands out behind it, along both axes
 * @property {(at: number, side: "in" | "out") => number} inset
 * @property {number} work  how many boxes, bends and pieces of arrows had to be placed
 *
 * @typedef {object} Local  What a frame's layout depends on.
 * @property {Item} item
 * @property {{in: string[], out: string[]}} nets  that cross its border
 * @property {LocalEdge[]} edges
 * @property {Map<string, LocalEdge>} known
 *
 * @typedef {{gap: number, width?: number}} Spacing  between two ranks; what a rank may take across, as far as possible
 *
 * @typedef {{tail: string, out: string, head: string, in: string, net: string, index: number, bundle?: string}} LocalEdge
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
const MOST_AFTER = 60;
/** After the members of a frame whose title is before them, so that they stand in its middle. */

/**
 * @param {Item} root
 * @param {Wire[]} wires
 * @param {(item: Item) => Size} measure
 * @param {Spacing} spacing
 * @returns {{flow: number, cross: number, work: number, places: Map<string, {cross: number, flow: number, width: number, length: number}>,
 *   ways: Map<string, Point[]>}} the place of each item, and the points of each wire
 */
export function compose(root, wires, measure, spacing) {
  const { locals, parts } = divide(root, wires);
  /** @type {Map<string, Size | Layout>} */
  const sizes = new Map();
  /** @type {Map<string, Layout>} */
  const known = new Map();
  /** @type {Map<string, string>} */
  const keys = new Map();
  for (const item of insideOut(root)) {
    const size = measure(item);
    const local = locals.get(item.id);
    if (!local) {
      sizes.set(item.id, size);
      keys.set(item.id, size.key ?? item.id);
      continue;
    }
    const key = keyOf(local, size, keys);
    keys.set(item.id, key);
    const layout = known.get(key) ?? layOut(local, size, sizes, item === root, spacing);
    known.set(key, layout);
    sizes.set(item.id, layout);
  }
  const work = [...known.values()].reduce((sum, layout) => sum + layout.work, 0);
  return { ...put(root, wires, locals, parts, sizes), work };
}

/** All items, members before their frame. @param {Item} root @returns {Item[]} */
function insideOut(root) {
  const found = [root];
  for (const item of found) found.push(...(item.members ?? []));
  return found.reverse();
}

/**
 * The wires cut at the borders of frames: what is inside each frame, and the pieces of each wire in their order.
 *
 * @param {Item} root
 * @param {Wire[]} wires
 */
function divide(root, wires) {
  /** @type {Map<string, Local>} */
  const locals = new Map();
  /** @type {Map<string, string[]>} */
  const around = new Map([[root.id, []]]);
  for (const item of insideOut(root).reverse()) {
    if (!item.members) continue;
    locals.set(item.id, { item, nets: { in: [], out: [] }, edges: [], known: new Map() });
    for (const member of item.members) around.set(member.id, [...(around.get(item.id) ?? []), item.id]);
  }
  /** @type {Map<string, {frame: string, edge: LocalEdge}[]>} */
  const parts = new Map();
  for (const wire of wires) {
    const [up, down] = [[...(around.get(wire.tail) ?? []), wire.tail], [...(around.get(wire.head) ?? []), wire.head]];
    let common = 0;
    while (up[common + 1] === down[common + 1] && common + 1 < Math.min(up.length, down.length) - 1) common++;
    const net = `${wire.tail} ${wire.out}`;
    /** @type {{frame: string, edge: LocalEdge}[]} */
    const pieces = [];
    /** @type {(frame: string, tail: string, out: string, head: string, into: string) => void} */
    const piece = (frame, tail, out, head, into) => {
      pieces.push({ frame, edge: edgeOf(/** @type {Local} */ (locals.get(frame)), { tail, out, head, in: into, net, index: 0 }) });
    };
    for (let depth = up.length - 2; depth > common; depth--) {
      const gate = gateOf(locals, up[depth], "out", net);
      piece(up[depth], up[depth + 1], depth === up.length - 2 ? wire.out : gateOf(locals, up[depth + 1], "out", net), gate, "");
    }
    const out = common + 1 === up.length - 1 ? wire.out : gateOf(locals, up[common + 1], "out", net);
    const into = common + 1 === down.length - 1 ? wire.in : gateOf(locals, down[common + 1], "in", net);
    piece(up[common], up[common + 1], out, down[common + 1], into);
    for (let depth = common + 1; depth < down.length - 1; depth++) {
      const end = depth === down.length - 2 ? wire.in : gateOf(locals, down[depth + 1], "in", net);
      piece(down[depth], gateOf(locals, down[depth], "in", net), "", down[depth + 1], end);
    }
    parts.set(wire.id, pieces);
  }
  return { locals, parts };
}

/** The gate of a net in a frame's border. @type {(locals: Map<string, Local>, frame: string, side: "in" | "out", net: string) => string} */
function gateOf(locals, frame, side, net) {
  const nets = /** @type {Local} */ (locals.get(frame)).nets[side];
  let index = nets.indexOf(net);
  if (index < 0) index = nets.push(net) - 1;
  return `${side} ${index}`;
}

/** The edge of a frame, made once. @param {Local} local @param {LocalEdge} edge @returns {LocalEdge} */
function edgeOf(local, edge) {
  const key = JSON.stringify([edge.tail, edge.out, edge.head, edge.in]);
  const known = local.known.get(key);
  if (known) return known;
  edge.index = local.edges.push(edge) - 1;
  local.known.set(key, edge);
  return edge;
}

/** What a frame's layout depends on, as text: equal frames have equal ones. @param {Local} local @param {Size} size @param {Map<string, string>} keys */
function keyOf({ item, nets, edges }, size, keys) {
  const members = item.members ?? [];
  const index = new Map(members.map((member, at) => [member.id, at]));
  const netIndex = new Map();
  for (const { net } of edges) if (!netIndex.has(net)) netIndex.set(net, netIndex.size);
  return JSON.stringify([
    [size.clear, size.before, size.beside, size.cross, size.behind],
    members.map((member) => [keys.get(member.id), member.first]),
    [nets.in.length, nets.out.length],
    edges.map((edge) => [
      index.get(edge.tail) ?? edge.tail,
      edge.out,
      index.get(edge.head) ?? edge.head,
      edge.in,
      netIndex.get(edge.net),
    ]),
  ]);
}

/** Give those arrows one line that come from many members, each read by nothing else, to ports without names of one card. @param {LocalEdge[]} edges @param {Map<string, Size | Layout>} sizes */
function bundle(edges, sizes) {
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

/** @param {Local} local @param {Size} size @param {Map<string, Size | Layout>} sizes @param {boolean} bare @param {Spacing} spacing @returns {Layout} */
function layOut(local, size, sizes, bare, { gap, width: most }) {
  const items = local.item.members ?? [];
  const gates = /** @type {Member[]} */ ([
    ...local.nets.in.map((_, index) => ({ id: `in ${index}`, flow: 0, cross: 0, gate: "in" })),
    ...local.nets.out.map((_, index) => ({ id: `out ${index}`, flow: 0, cross: 0, gate: "out" })),
  ]);
  const members = items.map(({ id, first }) => ({ id, first, flow: sizes.get(id)?.flow ?? 0, cross: sizes.get(id)?.cross ?? 0 }));
  bundle(local.edges, sizes);
  const { ranks, of, ways } = makeLayers([...gates, ...members], local.edges, most ? { width: most, apart: SPACING.members } : undefined);
  const outs = new Map(local.edges.map((edge) => [`${edge.tail} ${edge.net}`, edge.out]));
  /** @type {(segment: import("./layers.js").Segment, side: "in" | "out") => {port: string, size: Size | Layout | undefined}} */
  const end = ({ edge, net, tail, head }, side) => {
    const id = (side === "in" ? head : tail).member?.id ?? "";
    return { port: (side === "in" ? edge?.in : outs.get(`${id} ${net}`)) ?? "", size: sizes.get(id) };
  };
  /** @type {(segment: import("./layers.js").Segment, side: "in" | "out") => number | null} */
  const fixed = (segment, side) => {
    const { port, size } = end(segment, side);
    return size && "gates" in size ? (size.gates.get(port) ?? null) : null;
  };
  fixPorts(ranks, fixed);
  orderRanks(ranks);
  const width = (/** @type {import("./layers.js").Segment} */ segment, /** @type {"in" | "out"} */ side) => {
    const { port, size } = end(segment, side);
    return size && "portWidth" in size ? Math.max(size.portWidth?.(port, side) ?? 0, size.pitch ?? 0) : 0;
  };
  /** @type {(vertex: import("./layers.js").Vertex) => Size | undefined} */
  const cardOf = ({ member }) => {
    const known = sizes.get(member?.id ?? "");
    return known && !("gates" in known) ? known : undefined;
  };
  /** @type {(vertex: import("./layers.js").Vertex) => [number, number] | null} */
  const roundOf = (vertex) => (cardOf(vertex)?.side !== undefined ? (cardOf(vertex)?.border ?? null) : null);
  chooseAsides(ranks, roundOf);
  placePorts(ranks, fixed, width, (vertex) => cardOf(vertex)?.border ?? [0, vertex.size]);
  placeVertices(ranks, SPACING);
  for (const rank of ranks) dropAsides(rank, roundOf);

  const tracked = ranks.map(trackSegments);
  const [tops, bottoms] = [/** @type {number[]} */ ([]), /** @type {number[]} */ ([])];
  let flow = bare ? 0 : (size.before ?? PAD);
  ranks.forEach((rank, index) => {
    if (index > 0) {
      const { count } = tracked[index];
      const length = count ? gap + (count - 1) * TRACK + gap : gap + 3;
      const short = !rank.some((v) => v.size) && !count ? PAD : length;
      flow += index === 1 && !ranks[0].some((v) => v.size) && !count ? (size.before ? 2 : PAD) : short;
    }
    tops.push(flow);
    flow += Math.max(0, ...rank.map((vertex) => vertex.member?.flow ?? 0));
    bottoms.push(flow);
  });
  const endsInGates = ranks.at(-1)?.some((vertex) => vertex.member?.gate === "out");
  if (!bare && !endsInGates) flow += PAD;

  const entries = ranks.flat().filter((vertex) => vertex.member?.gate === "in");
  const extent = ranks.flat().reduce((end, vertex) => Math.max(end, vertex.cross + vertex.size), 0);
  const firstEntry = entries.reduce((least, vertex) => Math.min(least, vertex.cross), Infinity);
  const beside = bare ? 0 : Math.max(size.beside ?? PAD, entries.length ? (size.clear ?? 0) - firstEntry : 0);
  const after = Math.max(PAD, Math.min(beside, MOST_AFTER));
  const cross = bare ? extent : Math.max(extent + beside + (size.clear ? after : PAD), size.cross);

  /** @type {(vertex: import("./layers.js").Vertex) => Point} */
  const corner = (vertex) => {
    const gate = vertex.member?.gate;
    return [vertex.cross + beside, gate === "in" ? 0 : gate === "out" ? flow : tops[vertex.rank]];
  };
  /** @type {(vertex: import("./layers.js").Vertex, at: number, side: "in" | "out") => number} */
  const inset = ({ member }, at, side) => {
    const size = sizes.get(member?.id ?? "");
    return size && "inset" in size ? (size.inset?.(at, side) ?? 0) : 0;
  };
  /** @type {(edge: LocalEdge) => Point[]} */
  const way = (edge) => {
    const segments = /** @type {import("./layers.js").Segment[]} */ (ways.get(edge));
    const { tail, tailAt } = segments[0];
    const [start, top] = corner(tail);
    /** @type {Point[]} */
    const points = [[start + tailAt, top + (tail.member?.flow ?? 0) - inset(tail, tailAt, "out")]];
    for (const segment of segments) {
      if (segment.aside) {
        const [cross, top] = corner(segment.head);
        const height = top + (cardOf(segment.head)?.side ?? 0);
        points.push([points[points.length - 1][0], height], [cross + segment.headAt, height]);
        continue;
      }
      const track = tracked[segment.head.rank].of.get(segment);
      const [from, to] = [points[points.length - 1][0], corner(segment.head)[0] + segment.headAt];
      if (track !== undefined) {
        const height = bottoms[segment.head.rank - 1] + gap + track * TRACK;
        points.push([from, height], [to, height]);
      }
      points.push([to, corner(segment.head)[1] + inset(segment.head, segment.headAt, "in")]);
    }
    return simple(points);
  };
  const drawn = local.edges.map(way);
  return {
    behind: size.behind ?? 0,
    inset: (_, side) => (side === "out" ? (size.behind ?? 0) : 0),
    work: [...ranks, ...ways.values()].reduce((sum, { length }) => sum + length, 0),
    flow: flow + (size.behind ?? 0),
    cross: cross + (size.behind ?? 0),
    at: items.map(({ id }) => corner(/** @type {import("./layers.js").Vertex} */ (of.get(id)))),
    ways: drawn,
    gates: new Map(gates.map(({ id }) => [id, corner(/** @type {import("./layers.js").Vertex} */ (of.get(id)))[0]])),
  };
}

/**
 * The frames put into each other.
 *
 * @param {Item} root
 * @param {Wire[]} wires
 * @param {Map<string, Local>} locals
 * @param {Map<string, {frame: string, edge: LocalEdge}[]>} parts
 * @param {Map<string, Size | Layout>} sizes
 */
function put(root, wires, locals, parts, sizes) {
  const places = new Map();
  const items = [{ item: root, cross: 0, flow: 0 }];
  for (const { item, cross, flow } of items) {
    const size = /** @type {Size | Layout} */ (sizes.get(item.id));
    const behind = size.behind ?? 0;
    places.set(item.id, { cross, flow, width: size.cross - behind, length: size.flow - behind });
    (item.members ?? []).forEach((member, index) => {
      const [x, y] = /** @type {Layout} */ (size).at[index];
      items.push({ item: member, cross: cross + x, flow: flow + y });
    });
  }
  const ways = new Map();
  for (const wire of wires) {
    const points = (parts.get(wire.id) ?? []).flatMap(({ frame, edge }) => {
      const { cross, flow } = places.get(frame);
      const layout = /** @type {Layout} */ (sizes.get(frame));
      return layout.ways[edge.index].map(([x, y]) => /** @type {Point} */ ([x + cross, y + flow]));
    });
    ways.set(wire.id, simple(points));
  }
  const { flow, cross } = /** @type {Layout} */ (sizes.get(root.id));
  return { flow, cross, places, ways };
}

/** A line without the points that do not bend it. @param {Point[]} points @returns {Point[]} */
function simple(points) {
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
