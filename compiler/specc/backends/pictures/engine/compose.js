/**
 * The layout of a whole picture: each frame by itself, from the inside out, and equal frames once.
 *
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

import { layOutFrame, simple } from "./inside.js";

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
    const layout = known.get(key) ?? layOutFrame(local, size, sizes, item === root, spacing);
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
    [size.clear, size.before, size.beside, size.flow, size.cross, size.behind],
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
