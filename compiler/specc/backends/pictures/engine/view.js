/**
 * What is seen of a scene: some of its frames are open, the others are cards.
 *
 * @typedef {import("./card.js").Card} Card
 * @typedef {import("./compose.js").Wire} Wire
 *
 * @typedef {object} Frame  A block instance, a nested model, or equal ones in a row.
 * @property {string} id
 * @property {Card} card  what stands for it while it is closed
 * @property {string} kind  what is opened and closed together by `--expand` and by the choice that fits
 * @property {Object<string, string>} ins  the name of its input that a tensor goes to, by net
 * @property {Object<string, string>} outs  the name of its output that a net is
 * @property {(Card | Frame)[]} members
 *
 * @typedef {{title: string, caption: string, says: string[], vars: [string, string, string][], members: (Card | Frame)[], wires: Wire[]}} Scene
 * @typedef {import("./compose.js").Item & {card: Card, members?: Seen[]}} Seen
 */

/** @param {Card | Frame} item @returns {item is Frame} */
export function isFrame(item) {
  return "members" in item;
}

/** All frames, outer before inner, with how many frames are around each and the innermost of them. @param {(Card | Frame)[]} members @returns {{frame: Frame, depth: number, outer: string | null}[]} */
export function placesOf(members) {
  /** @type {{frame: Frame, depth: number, outer: string | null}[]} */
  const found = [];
  /** @type {(members: (Card | Frame)[], depth: number, outer: string | null) => void} */
  const walk = (inside, depth, outer) => {
    for (const frame of inside) {
      if (!isFrame(frame)) continue;
      found.push({ frame, depth, outer });
      walk(frame.members, depth + 1, frame.id);
    }
  };
  walk(members, 0, null);
  return found;
}

/** All that is seen, frames before their members. @param {Seen[]} members @returns {Generator<Seen>} */
export function* framed(members) {
  for (const member of members) {
    yield member;
    if (member.members) yield* framed(member.members);
  }
}

/** Whether a frame tells more than its card, which that of equal layers does not. @param {Frame} frame */
export function tellsMore({ card }) {
  return card.form === "block";
}

/** The net of a wire: what its tail gives. @param {Wire} wire */
export function netOf(wire) {
  return `${wire.tail} ${wire.out}`;
}

/**
 * Wires that end at a closed frame end at its card, and those inside it are not seen. A card that stands for a frame has
 * a port for each of the frame's inputs and outputs. The wires of equal ones to ports without names of one card are one.
 *
 * @param {Scene} scene
 * @param {(frame: Frame) => boolean} isOpen
 * @returns {{members: Seen[], wires: Wire[]}}
 */
export function see(scene, isOpen) {
  /** @type {Map<string, Frame | null>} */
  const hiddenIn = new Map();
  /** @type {(item: Card | Frame) => Seen} */
  const show = (item) => {
    if (!isFrame(item)) return { id: item.id, card: item, first: item.form === "input" };
    if (isOpen(item)) return { id: item.id, card: titled(item), members: item.members.map(show) };
    for (const inner of cardsOf(item.members)) hiddenIn.set(inner.id, item);
    return { id: item.id, card: item.card };
  };
  const members = scene.members.map(show);
  const stacked = stackedIn(scene.members);
  /** @type {Map<string, Wire>} */
  const wires = new Map();
  for (const wire of scene.wires) {
    const [from, to] = [hiddenIn.get(wire.tail), hiddenIn.get(wire.head)];
    if (wire.tail === wire.head || (from && from === to)) continue;
    const net = netOf(wire);
    const seen = {
      id: wire.id,
      tail: from?.id ?? wire.tail,
      out: from ? net : wire.out,
      head: to?.id ?? wire.head,
      in: to ? (to.ins[net] ?? net) : wire.in,
      mark: wire.mark,
    };
    const stack = stacked.stacks.get(wire.tail);
    const alike = !to && stack && stack !== stacked.stacks.get(wire.head) && !stacked.named.has(`${seen.head} ${seen.in}`);
    const key = JSON.stringify([seen.tail, seen.out, seen.head, alike ? "" : seen.in]);
    if (!wires.has(key)) wires.set(key, seen);
  }
  return { members, wires: [...wires.values()] };
}

/** An open frame's card. It does not say the type that its only member says. @param {Frame} frame @returns {Card} */
function titled({ card, members }) {
  const [only] = members;
  const said = members.length === 1 && card.name && (isFrame(only) ? only.card : only).type === card.type;
  return said ? { ...card, type: card.name } : card;
}

/** The cards inside frames that stand for several, with the innermost of these; and the ports that have names. @param {(Card | Frame)[]} members */
function stackedIn(members) {
  /** @type {Map<string, string>} */
  const stacks = new Map();
  /** @type {Set<string>} */
  const named = new Set();
  /** @type {(inside: (Card | Frame)[], stack: string) => void} */
  const walk = (inside, stack) => {
    for (const item of inside) {
      if (isFrame(item)) walk(item.members, item.card.times > 1 ? item.id : stack);
      else {
        if (stack) stacks.set(item.id, stack);
        for (const port of Object.keys(item.ports.in)) named.add(`${item.id} ${port}`);
      }
    }
  };
  walk(members, "");
  return { stacks, named };
}

/** @param {(Card | Frame)[]} members @returns {Generator<Card>} */
export function* cardsOf(members) {
  for (const member of members) {
    if (isFrame(member)) yield* cardsOf(member.members);
    else yield member;
  }
}
