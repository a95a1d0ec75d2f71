/**
 * A scene as a picture: what is open, how much a card says and in how many columns are chosen so that it can be read.
 *
 * @typedef {import("./view.js").Scene} Scene
 * @typedef {import("./view.js").Seen} Seen
 * @typedef {import("./view.js").Frame} Frame
 * @typedef {import("./compose.js").Wire} Wire
 * @typedef {import("./card.js").Card} Card
 * @typedef {import("./card.js").Measured} Measured
 * @typedef {import("./card.js").Detail} Detail
 *
 * @typedef {object} Options
 * @property {"down" | "right"} direction
 * @property {{width: number, height: number} | null} room  in points at which the smallest text can be read; null for any
 * @property {number | null} depth  frames inside frames that are open; null: as many as fit
 * @property {string[]} expand  frames that are open whatever fits, by id
 * @property {"brief" | "all"} show
 * @property {string} theme
 *
 * @typedef {object} Plan  A picture that is laid out, but not drawn.
 * @property {Seen[]} members
 * @property {Wire[]} wires
 * @property {Map<string, Measured>} cards
 * @property {ReturnType<typeof compose>} layout
 * @property {"down" | "right"} direction
 * @property {Set<string>} open
 */

import { measureCard, SMALL, TITLE } from "./card.js";
import { compose } from "./compose.js";
import { textWidth } from "./text.js";
import { framesOf, isFrame, see } from "./view.js";
import { wrap } from "./wrap.js";

/** From saying much to saying little. @type {Detail[]} */
const DETAILS = [
  { width: 170, lines: 3, names: true, facts: true, oneLine: false },
  { width: 140, lines: 2, names: true, facts: true, oneLine: false },
  { width: 130, lines: 1, names: true, facts: true, oneLine: true },
  { width: 110, lines: 1, names: false, facts: true, oneLine: true },
  { width: 110, lines: 1, names: false, facts: false, oneLine: true },
];
const MOST_COLUMNS = 3;
const STRIP = 19;
/** The height of a frame's title. */

/** The plan of a scene that says most among those that fit. @param {Scene} scene @param {Options} options @returns {Plan} */
export function plan(scene, options) {
  const { depth, expand, room, direction } = options;
  const asked = new Set(expand);
  const frames = [...framesOf(scene.members)];
  /** @type {Map<string, string>} */
  const outer = new Map();
  for (const frame of frames) for (const member of frame.members) if (isFrame(member)) outer.set(member.id, frame.id);
  const depths = new Map();
  for (const { id } of frames) depths.set(id, outer.has(id) ? depths.get(outer.get(id)) + 1 : 0);
  if (depth !== null || !room) {
    const open = new Set(frames.filter((frame) => asked.has(frame.id) || depth === null || (depths.get(frame.id) ?? 0) < depth).map(({ id }) => id));
    return layOut(scene, open, DETAILS[options.show === "all" ? 0 : 1], direction, 1) ?? never();
  }
  /** @type {(open: Set<string>, level: number) => Plan | null} */
  const fitting = (open, level) => {
    for (let columns = 1; columns <= MOST_COLUMNS; columns++) {
      const found = layOut(scene, open, DETAILS[level], direction, columns);
      if (found && fits(found, room)) return found;
    }
    return null;
  };
  let open = new Set(asked);
  let level = 0;
  let best = fitting(open, level);
  while (!best && level + 1 < DETAILS.length) best = fitting(open, ++level);
  if (!best) return layOut(scene, open, DETAILS[level], direction, 1) ?? never();
  for (const kind of kindsOf(frames, depths)) {
    const wider = new Set(open);
    for (const id of kind) if (!outer.has(id) || wider.has(outer.get(id) ?? "")) wider.add(id);
    if (wider.size === open.size) continue;
    const found = fitting(wider, level) ?? fitting(wider, Math.min(level + 1, DETAILS.length - 1));
    if (found) [best, open] = [found, wider];
  }
  return best;
}

/** @returns {never} */
function never() {
  throw new Error("one column is always possible");
}

/** @param {Plan} plan @param {{width: number, height: number}} room */
function fits({ layout, direction }, room) {
  const [width, height] = direction === "down" ? [layout.cross, layout.flow] : [layout.flow, layout.cross];
  return width <= room.width && height <= room.height;
}

/** The frames that open together: outer kinds first, then in the order of the spec. @param {Frame[]} frames @param {Map<string, number>} depths */
function kindsOf(frames, depths) {
  /** @type {Map<string, string[]>} */
  const kinds = new Map();
  for (const frame of [...frames].sort((a, b) => (depths.get(a.id) ?? 0) - (depths.get(b.id) ?? 0))) {
    const key = `${depths.get(frame.id)} ${frame.kind}`;
    kinds.set(key, [...(kinds.get(key) ?? []), frame.id]);
  }
  return kinds.values();
}

/** @type {(scene: Scene, open: Set<string>, detail: Detail, direction: "down" | "right", columns: number) => Plan | null} */
function layOut(scene, open, detail, direction, columns) {
  const seen = see(scene, (frame) => open.has(frame.id));
  const one = arrange(seen, detail, direction, open);
  if (columns === 1) return one;
  const cut = direction === "down" ? wrap(seen, one.layout.places, columns) : null;
  return cut && arrange(cut, detail, direction, open);
}

/** @type {(seen: {members: Seen[], wires: Wire[]}, detail: Detail, direction: "down" | "right", open: Set<string>) => Plan} */
function arrange({ members, wires }, detail, direction, open) {
  /** @type {Map<string, Measured>} */
  const cards = new Map();
  const names = portNames(members, wires);
  const down = direction === "down";
  const layout = compose({ id: "", members }, wires, (item) => {
    if (item.id === "") return { flow: 0, cross: 0 };
    const { card } = /** @type {Seen} */ (item);
    if (item.members) return frameSize(card, down);
    const { in: into, out } = names.get(item.id) ?? { in: [], out: [] };
    const size = measureCard(card, detail, down ? { in: into, out } : { in: [], out: [] });
    cards.set(item.id, size);
    return {
      flow: down ? size.height : size.width,
      cross: down ? size.width : size.height,
      pitch: card.symbol ? 6 : 10,
      inset: card.symbol ? (at) => roundInset(at - (down ? size.width : size.height) / 2, size.body.width / 2) : undefined,
      key: JSON.stringify([size.width, size.height, size.body, into, out]),
      portWidth: (port, side) => {
        const name = card.ports[side][port];
        return name ? (down ? textWidth(name, SMALL) + 6 : 10) : 0;
      },
    };
  });
  return { members, wires, cards, layout, direction, open };
}

/** How far a circle is inside its square, so far from its middle. @param {number} off @param {number} radius */
function roundInset(off, radius) {
  return radius - Math.sqrt(Math.max(0, radius * radius - off * off));
}

/** The names that stand at each card's arrows. @param {Seen[]} members @param {Wire[]} wires */
function portNames(members, wires) {
  /** @type {Map<string, {in: string[], out: string[]}>} */
  const found = new Map();
  /** @type {Map<string, Card>} */
  const cards = new Map();
  const rest = [...members];
  for (const item of rest) {
    cards.set(item.id, item.card);
    rest.push(...(item.members ?? []));
  }
  for (const wire of wires) {
    for (const [side, id, port] of /** @type {["in" | "out", string, string][]} */ ([["out", wire.tail, wire.out], ["in", wire.head, wire.in]])) {
      const name = cards.get(id)?.ports[side][port];
      const names = found.get(id) ?? { in: [], out: [] };
      found.set(id, names);
      if (name && !names[side].includes(name)) names[side].push(name);
    }
  }
  return found;
}

/** @param {Card} card @param {boolean} down @returns {import("./compose.js").Size} */
function frameSize(card, down) {
  if (card.form === "column") return { flow: 0, cross: 0, clear: 0, before: 0, beside: 0 };
  const title = frameTitle(card);
  const width = title.reduce((sum, run) => sum + textWidth(run.text, run.size, run.bold) + 5, 0) + 8;
  if (!down) return { flow: width + 6, cross: 0, beside: STRIP, before: 9 };
  return { flow: 0, cross: width + 6, clear: width + 6, before: STRIP };
}

/** @param {Card} card */
export function frameTitle(card) {
  const times = card.times > 1 ? ` × ${card.times}` : "";
  const [first, second] = card.name ? [card.name, card.type] : [card.type, ""];
  const runs = [{ text: first + times, size: TITLE, bold: true }];
  if (second && second !== first) runs.push({ text: second, size: SMALL, bold: false });
  return runs;
}
