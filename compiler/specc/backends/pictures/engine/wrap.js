/**
 * Columns: a tall picture is cut where one arrow passes, and its pieces stand beside each other. A numbered circle at the
 * foot of a column and one at the head of the next say how it goes on.
 *
 * @typedef {import("./view.js").Seen} Seen
 * @typedef {import("./compose.js").Wire} Wire
 * @typedef {Map<string, {cross: number, flow: number, width: number, length: number}>} Places
 */

import { netOf } from "./view.js";

const UNEQUAL = 1.4;
/** How much taller than its share a column may be. */

/**
 * The same picture in so many columns; null where it cannot be cut so often.
 *
 * @param {{members: Seen[], wires: Wire[]}} seen
 * @param {Places} places  of its members in one column
 * @param {number} count
 * @returns {{members: Seen[], wires: Wire[]} | null}
 */
export function wrap({ members, wires }, places, count) {
  const end = (/** @type {Seen} */ member) => (places.get(member.id)?.flow ?? 0) + (places.get(member.id)?.length ?? 0);
  const sorted = [...members].sort((a, b) => (places.get(a.id)?.flow ?? 0) - (places.get(b.id)?.flow ?? 0));
  const cuts = chooseCuts(cutsOf(sorted, wires), sorted, end, count);
  if (!cuts) return null;
  const columnOf = new Map();
  /** @type {Seen[][]} */
  const columns = Array.from({ length: count }, () => []);
  sorted.forEach((member, index) => {
    const column = cuts.filter((cut) => cut <= index).length;
    columns[column].push(member);
    for (const id of idsOf(member)) columnOf.set(id, column);
  });
  const order = new Map(members.map((member, index) => [member, index]));
  for (const column of columns) column.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  /** @type {Map<string, Wire>} */
  const cut = new Map();
  for (const wire of wires) {
    const [from, to] = [columnOf.get(wire.tail), columnOf.get(wire.head)];
    if (from === to) {
      cut.set(wire.id, wire);
      continue;
    }
    if (to !== from + 1) return null;
    // one net passes each cut, so that every column but the last has one circle at its foot
    const link = `link ${from + 1}`;
    if (!cut.has(link)) {
      columns[from].push(linkCard(link, from + 1));
      columns[to].unshift({ ...linkCard(`${link} again`, from + 1), first: true });
    }
    cut.set(link, { ...wire, id: link, head: link, in: "" });
    cut.set(wire.id, { ...wire, tail: `${link} again`, out: "" });
  }
  return {
    members: columns.map((column, index) => ({ id: `column ${index}`, card: columnCard(index), members: column })),
    wires: [...cut.values()],
  };
}

/** Where one net passes, to the next member only: before the member of each index. @param {Seen[]} sorted @param {Wire[]} wires */
function cutsOf(sorted, wires) {
  const indexOf = new Map();
  sorted.forEach((member, index) => {
    for (const id of idsOf(member)) indexOf.set(id, index);
  });
  /** @type {Map<string, [number, number]>} */
  const spans = new Map();
  for (const wire of wires) {
    const [tail, head] = [indexOf.get(wire.tail), indexOf.get(wire.head)];
    const span = spans.get(netOf(wire)) ?? [tail, head];
    spans.set(netOf(wire), [span[0], Math.max(span[1], head)]);
  }
  const change = new Array(sorted.length + 1).fill(0);
  for (const [tail, head] of spans.values()) {
    if (head <= tail) continue;
    change[tail + 1] += 1;
    change[head + 1] -= 1;
  }
  const cuts = [];
  for (let index = 1, passing = 0; index < sorted.length; index++) {
    passing += change[index];
    if (passing === 1) cuts.push(index);
  }
  return cuts;
}

/** The cuts that make the tallest column least tall; null where the columns would be too unequal. @param {number[]} cuts @param {Seen[]} sorted @param {(member: Seen) => number} end @param {number} count */
function chooseCuts(cuts, sorted, end, count) {
  const ends = sorted.map(end);
  for (let index = 1; index < ends.length; index++) ends[index] = Math.max(ends[index], ends[index - 1]);
  const total = ends[ends.length - 1];
  /** @type {number[]} */
  const chosen = [];
  for (let column = 1; column < count; column++) {
    const wanted = (total * column) / count;
    const free = cuts.filter((cut) => cut > (chosen[chosen.length - 1] ?? 0));
    if (!free.length) return null;
    chosen.push(free.reduce((best, cut) => (Math.abs(ends[cut - 1] - wanted) < Math.abs(ends[best - 1] - wanted) ? cut : best)));
  }
  const tops = [0, ...chosen.map((cut) => ends[cut - 1])];
  const tallest = tops.reduce((most, top, column) => Math.max(most, (tops[column + 1] ?? total) - top), 0);
  return tallest > (UNEQUAL * total) / count ? null : chosen;
}

/** @param {Seen} member @returns {Generator<string>} */
function* idsOf(member) {
  yield member.id;
  for (const inner of member.members ?? []) yield* idsOf(inner);
}

/** @param {string} id @param {number} number @returns {Seen} */
function linkCard(id, number) {
  return { id, card: blank({ id, form: "link", symbol: String(number) }) };
}

/** @param {number} index @returns {import("./card.js").Card} */
function columnCard(index) {
  return blank({ id: `column ${index}`, form: "column", symbol: "" });
}

/** @param {{id: string, form: import("./card.js").Form, symbol: string}} what @returns {import("./card.js").Card} */
function blank(what) {
  return { family: "other", type: "", name: "", words: [], all: [], facts: [], badge: "", frozen: false, times: 1, mark: "", notes: [], ports: { in: {}, out: {} }, ...what };
}
