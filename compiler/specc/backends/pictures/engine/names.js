/**
 * The names at a card's arrows: what room they take, and where they stand.
 *
 * Where arrows come from above, the names of a side stand in a row at the card's border; in two rows, one lower than the
 * other by turns, where one would be too wide. Where arrows come from the left, they stand below each other.
 * A circle has no room for them: there they stand beside the arrows.
 *
 * @typedef {import("./view.js").Seen} Seen
 * @typedef {import("./compose.js").Wire} Wire
 * @typedef {import("./compose.js").Point} Point
 * @typedef {import("./card.js").Card} Card
 * @typedef {import("./card.js").Measured} Measured
 * @typedef {"in" | "out"} Side
 * @typedef {{in: string[], out: string[]}} Names  of each arrow; several may have the same
 *
 * @typedef {object} Ends  What the names at a card's arrows take of it, in points.
 * @property {boolean} down  arrows come from above
 * @property {number} top  free above its texts
 * @property {number} bottom
 * @property {number} left
 * @property {number} right
 * @property {number} width  least of all that is inside
 * @property {number} height
 * @property {{in: number, out: number}} slot  along the border, for each name of a side; 0 for its own width
 */

import { SMALL } from "./card.js";
import { textWidth } from "./text.js";

const LEADING = 10;
const APART = 6;
/** Between two names in a row. */
const PITCH = 10;
/** Between two arrows with the same name. */
const WIDEST_ROW = 170;
const [CORNERS, DEEPER] = [9, 2];
/** How much nearer to a card's sides a row of names comes than its texts do, and how much further from its border two rows are. */

/** The names at the arrows of each card that has some. @param {Iterable<Card>} cards @param {Wire[]} wires @returns {Map<string, Names>} */
export function namesOf(cards, wires) {
  const known = new Map([...cards].map((card) => [card.id, card]));
  /** @type {Map<string, Names>} */
  const found = new Map();
  const seen = new Set();
  for (const wire of wires) {
    for (const [side, id, port, arrow] of endsOf(wire)) {
      const name = known.get(id)?.ports[side][port];
      if (!name || seen.has(arrow)) continue;
      seen.add(arrow);
      const names = found.get(id) ?? { in: [], out: [] };
      found.set(id, names);
      names[side].push(name);
    }
  }
  return found;
}

/** The ends of a wire, and what is the same for those that meet a card at one place. @param {Wire} wire @returns {[Side, string, string, string][]} */
function endsOf({ tail, out, head, in: port }) {
  return [["out", tail, out, `out ${tail} ${out}`], ["in", head, port, `in ${head} ${port} ${tail} ${out}`]];
}

/** The room of one of the arrows with a name, which stands once. @param {string} name @param {string[]} row */
export function roomOfArrow(name, row) {
  return Math.max(PITCH, (textWidth(name, SMALL) + APART) / row.filter((other) => other === name).length);
}

/** What names take of their card. @param {Card} card @param {Names} names @param {boolean} down @returns {Ends} */
export function roomOf(card, names, down) {
  const none = { down, top: 0, bottom: 0, left: 0, right: 0, width: 0, height: 0, slot: { in: 0, out: 0 } };
  const widest = (/** @type {string[]} */ row) => Math.max(0, ...row.map((name) => textWidth(name, SMALL) + APART));
  if (card.symbol) {
    const [into, out] = [widest(names.in), widest(names.out)];
    return down ? { ...none, top: into ? LEADING : 0, left: Math.max(into, out), right: Math.max(into, out) } : { ...none, left: into };
  }
  if (!down) {
    const height = LEADING * Math.max(names.in.length, names.out.length);
    return { ...none, left: widest(names.in), right: widest(names.out), height };
  }
  const [into, out] = [names.in, names.out].map((row) => {
    const names = [...new Set(row)];
    const least = names.reduce((sum, name) => sum + textWidth(name, SMALL) + APART, 0);
    if (least <= WIDEST_ROW || names.length < 3) {
      const wide = row.reduce((sum, name) => sum + roomOfArrow(name, row), 0);
      return { width: Math.max(least, Math.min(wide, WIDEST_ROW)), rows: Math.min(1, row.length), slot: 0 };
    }
    const slot = widest(row) / 2;
    return { width: slot * (row.length + 1) + CORNERS, rows: 2, slot };
  });
  return {
    ...none,
    top: roomOfRows(into.rows),
    bottom: roomOfRows(out.rows),
    width: Math.max(into.width, out.width) - CORNERS,
    slot: { in: into.slot, out: out.slot },
  };
}

/** What so many rows take. @param {number} rows */
function roomOfRows(rows) {
  return rows * LEADING + (rows > 1 ? DEEPER : 0);
}

/**
 * Write the names into their cards, at the ends of laid-out arrows.
 *
 * @param {Map<string, Card>} cards
 * @param {Map<string, Measured>} measured  they get the texts
 * @param {Wire[]} wires
 * @param {{places: Map<string, {cross: number, flow: number}>, ways: Map<string, Point[]>}} layout
 * @param {Map<string, Ends>} rooms
 */
export function writeNames(cards, measured, wires, layout, rooms) {
  /** @type {Map<string, Map<string, {text: string, cross: number}>>} */
  const found = new Map();
  for (const wire of wires) {
    const way = layout.ways.get(wire.id);
    for (const [side, id, port, arrow] of way ? endsOf(wire) : []) {
      const text = cards.get(id)?.ports[side][port];
      if (!text || !way) continue;
      const key = `${side} ${id}`;
      const at = found.get(key) ?? new Map();
      found.set(key, at);
      const [cross] = side === "in" ? way[way.length - 1] : way[0];
      if (!at.has(arrow)) at.set(arrow, { text, cross: cross - (layout.places.get(id)?.cross ?? 0) });
    }
  }
  for (const [key, at] of found) {
    const [side, id] = [/** @type {Side} */ (key.slice(0, key.indexOf(" "))), key.slice(key.indexOf(" ") + 1)];
    const [card, box, ends] = [cards.get(id), measured.get(id), rooms.get(id)];
    if (!card || !box || !ends) continue;
    written([...at.values()]).forEach(({ text, cross }, index) => {
      const place = card.symbol ? besideArrow(box, cross, side, ends.down) : inCard(box, cross, side, index, ends);
      box.lines.push({ runs: [{ text, size: SMALL, tone: "soft" }], ...place });
    });
  }
}

/** Each name once, in the middle of the most arrows side by side that have it. @param {{text: string, cross: number}[]} arrows */
function written(arrows) {
  /** @type {{text: string, from: number, to: number, count: number}[]} */
  const runs = [];
  for (const { text, cross } of arrows.sort((a, b) => a.cross - b.cross)) {
    const last = runs[runs.length - 1];
    if (last?.text === text) [last.to, last.count] = [cross, last.count + 1];
    else runs.push({ text, from: cross, to: cross, count: 1 });
  }
  const longest = new Map();
  for (const run of runs) if (run.count > (longest.get(run.text)?.count ?? 0)) longest.set(run.text, run);
  return runs.filter((run) => longest.get(run.text) === run).map(({ text, from, to }) => ({ text, cross: (from + to) / 2 }));
}

/** @typedef {{x: number, y: number, anchor: "start" | "middle" | "end"}} Place */

/** @type {(box: Measured, cross: number, side: Side, index: number, ends: Ends) => Place} */
function inCard({ width, height }, cross, side, index, ends) {
  if (!ends.down) return side === "in" ? { x: 4, y: cross + 3, anchor: "start" } : { x: width - 4, y: cross + 3, anchor: "end" };
  const off = ends.slot[side] ? DEEPER + LEADING * (index % 2) : 0;
  return { x: cross, y: side === "in" ? 10 + off : height - 4 - off, anchor: "middle" };
}

/** On the outer side of the arrow, by whether it is left or right of the circle's middle. @type {(box: Measured, cross: number, side: Side, down: boolean) => Place} */
function besideArrow({ body }, cross, side, down) {
  if (!down) {
    const above = cross < body.y + body.height / 2;
    const y = cross + (above ? -3 : 9);
    return side === "in" ? { x: body.x - 2, y, anchor: "end" } : { x: body.x + body.width + 2, y, anchor: "start" };
  }
  const left = cross < body.x + body.width / 2;
  return { x: cross + (left ? -3 : 3), y: side === "in" ? body.y - 2 : body.y + body.height + 8, anchor: left ? "end" : "start" };
}
