/**
 * A scene as a picture: what is open, how much a card says and in how many columns are chosen so that it can be read.
 *
 * @typedef {import("./view.js").Scene} Scene
 * @typedef {import("./view.js").Seen} Seen
 * @typedef {import("./view.js").Frame} Frame
 * @typedef {import("./card.js").Detail} Detail
 * @typedef {import("./arrange.js").Arranged} Arranged
 * @typedef {{width: number, height: number}} Room
 *
 * @typedef {object} Options
 * @property {"down" | "right"} direction
 * @property {Room | null} room  in points at which the smallest text can be read; null for any
 * @property {number | null} depth  frames inside frames that are open; null: as many as fit
 * @property {string[]} expand  frames that are open whatever fits, by id
 * @property {"brief" | "all"} show
 * @property {string} theme
 *
 * @typedef {Arranged & {open: Set<string>, said: string[]}} Plan  A picture that is laid out, but not drawn.
 * @typedef {{frame: Frame, depth: number, outer: string | null}} Place  A frame in the tree of frames.
 * @typedef {{level: number, columns: number, narrow: number, gap: number}} Way
 *   How a picture is made to fit: an index of LEVELS, columns, and for wide ones the part of the room that a rank may take
 *   before some of its cards move further; 0 for any. `gap`: between ranks, if less than the level has.
 */

import { arrange } from "./arrange.js";
import { saidOf } from "./said.js";
import { isFrame, placesOf, see, tellsMore } from "./view.js";
import { wrap } from "./wrap.js";

/** From saying much to saying little, with less and less between ranks. @type {{gap: number, detail: Omit<Detail, "all">}[]} */
const LEVELS = [
  { gap: 12, detail: { width: 170, lines: 3, names: true, facts: true, oneLine: false, narrow: false } },
  { gap: 12, detail: { width: 140, lines: 2, names: true, facts: true, oneLine: false, narrow: false } },
  { gap: 12, detail: { width: 84, lines: 3, names: true, facts: true, oneLine: false, narrow: true } },
  { gap: 10, detail: { width: 120, lines: 1, names: true, facts: true, oneLine: true, narrow: false } },
  { gap: 7, detail: { width: 110, lines: 1, names: true, facts: false, oneLine: true, narrow: false } },
  { gap: 7, detail: { width: 84, lines: 2, names: true, facts: false, oneLine: false, narrow: true } },
  { gap: 7, detail: { width: 84, lines: 2, names: false, facts: false, oneLine: false, narrow: true } },
  { gap: 7, detail: { width: 110, lines: 1, names: false, facts: false, oneLine: true, narrow: false } },
  { gap: 7, detail: { width: 72, lines: 1, names: false, facts: false, oneLine: false, narrow: true } },
  { gap: 7, detail: { width: 0, lines: 0, names: false, facts: false, oneLine: false, narrow: true } },
  { gap: 7, detail: { width: 0, lines: 0, names: false, facts: false, oneLine: false, narrow: true, bare: true } },
];
const PLAIN = { level: 1, columns: 1, narrow: 0, gap: 12 };
const MOST_COLUMNS = 3;
const AROUND = 14;
/** What the margins of a picture take of its room. */

/** Ways to make a picture fit, the best first. @type {Way[]} */
const WAYS = [
  ...ways([0, 1], [1, 1], [2, 1], [1, 1, 1], [2, 1, 1], [3, 1], [0, 2], [1, 2], [2, 2], [3, 2], [2, 1, 0.75]),
  ...ways([4, 1], [4, 1, 0, 5], [2, 3], [5, 1], [5, 1, 1], [5, 1, 0.75], [5, 1, 0.5], [6, 1], [4, 2], [5, 2], [7, 1], [7, 1, 0.75], [7, 1, 0.5]),
  ...ways([5, 3], [7, 2], [7, 3], [8, 1], [8, 1, 1], [8, 1, 0.75], [8, 1, 0.5], [8, 2], [8, 3]),
  ...ways([9, 1], [9, 1, 1], [9, 1, 0.75], [9, 1, 0.5], [9, 2], [9, 3]),
  ...ways([10, 1], [10, 1, 1], [10, 1, 0.75], [10, 1, 0.5], [10, 2], [10, 3]),
];
const [LEAST_OPEN, LEAST_FIRST] = [3, 6];
/** The last level at which it is worth it to show what is inside a frame, and inside the first of all. */
const LESS_CLEAR = 2;
/** How much larger a picture may be than one whose wide ranks are stacked, if neither can be read. */
const WIDER = [70, 35];
/** What is added to the width of words at last, if that fits. */
const [COLUMN, ROW] = [250, 180];
/** Room across the flow for each further column, or row, that is worth it. */
const MOST_WORK = 15_000;
/** Boxes, bends and pieces of arrows that are laid out before the best picture so far has to do. */

/**
 * The plan of a scene that says most among those that fit.
 *
 * @param {Scene} scene
 * @param {Options} options
 * @param {(plan: Plan) => Room} [sizeOf]  the size of the picture, with what stands around the layout
 * @returns {Plan}
 */
export function plan(scene, options, sizeOf = bareSize) {
  return new Planner(scene, options, sizeOf).best();
}

/** @type {(plan: Plan) => Room} */
function bareSize({ layout, direction }) {
  return direction === "down" ? { width: layout.cross, height: layout.flow } : { width: layout.flow, height: layout.cross };
}

/** @param {number[][]} all @returns {Way[]} */
function ways(...all) {
  return all.map(([level, columns, narrow = 0, gap = LEVELS[level].gap]) => ({ level, columns, narrow, gap }));
}

class Planner {
  /** @param {Scene} scene @param {Options} options @param {(plan: Plan) => Room} sizeOf */
  constructor(scene, options, sizeOf) {
    this.scene = scene;
    this.options = options;
    this.sizeOf = sizeOf;
    this.places = placesOf(scene.members);
    this.work = 0;
    /** What exceeds the room least of what was tried. @type {Plan | null} */
    this.nearest = null;
    this.excess = Infinity;
  }

  /** @returns {Plan} */
  best() {
    const { depth, expand, room } = this.options;
    const open = new Set(expand);
    if (depth !== null || !room) for (const { frame, depth: at } of this.places) if (depth === null || at < depth) open.add(frame.id);
    if (!room) return this.layOut(open, PLAIN) ?? never();
    const [found, way] = this.fitting(open, room, 0, () => true);
    if (!found) return this.unreadable(open, room);
    const [opened, last] = depth === null ? this.opened(found, room, way) : [found, way];
    return this.widened(opened, room, last);
  }

  /** The plan with longer lines of words, where there is room for them. @param {Plan} found @param {Room} room @param {number} way @returns {Plan} */
  widened(found, room, way) {
    for (const wider of WIDER) {
      const longer = this.work > MOST_WORK ? null : this.layOut(found.open, WAYS[way], wider);
      if (longer && this.excessOf(longer, room).every((part) => part <= 1)) return longer;
    }
    return found;
  }

  /** What parts of the room a plan takes, across and along the flow. @param {Plan} plan @param {Room} room */
  excessOf(plan, room) {
    const { width, height } = this.sizeOf(plan);
    return this.options.direction === "down" ? [width / room.width, height / room.height] : [height / room.height, width / room.width];
  }

  /** The plan with more frames open, as far as that fits: outer kinds first, all of a kind or the first one. @param {Plan} found @param {Room} room @param {number} way @returns {[Plan, number]} */
  opened(found, room, way) {
    const { columns, narrow } = WAYS[way];
    const across = Math.floor(this.options.direction === "down" ? room.width / COLUMN : room.height / ROW);
    const asked = found.open.size;
    for (const kind of kindsOf(this.places.filter(({ frame }) => tellsMore(frame)))) {
      const seen = kind.filter(({ outer }) => outer === null || found.open.has(outer)).map(({ frame }) => frame);
      for (const frames of inRow(found, seen) ? [seen, seen.slice(0, 1)] : [seen]) {
        const ids = frames.flatMap(shells);
        if (this.work > MOST_WORK || ids.every((id) => found.open.has(id))) break;
        const least = found.open.size === asked ? LEAST_FIRST : LEAST_OPEN;
        const [more, needed] = this.fitting(new Set([...found.open, ...ids]), room, way, (it) => {
          return it.level <= least && it.columns <= Math.max(columns, across) && it.narrow <= narrow;
        });
        if (!more) continue;
        [found, way] = [more, needed];
        break;
      }
    }
    return [found, way];
  }

  /** The plan with these frames open, in the first of the ways that fits. @type {(open: Set<string>, room: Room, first: number, free: (way: Way) => boolean) => [Plan | null, number]} */
  fitting(open, room, first, free) {
    const [tooWide, tooLong] = [new Set(), new Set()];
    for (let index = first; index < WAYS.length; index++) {
      const { level, columns, narrow } = WAYS[index];
      if (!free(WAYS[index]) || this.work > MOST_WORK || tooLong.has(level) || tooWide.has(level) !== narrow > 0) continue;
      const found = this.layOut(open, WAYS[index]);
      if (!found) continue;
      const [across, along] = this.excessOf(found, room);
      if (across <= 1 && along <= 1) return [found, index];
      const excess = Math.max(across, along) * (narrow ? LESS_CLEAR : 1);
      if (level <= LEAST_OPEN && excess < this.excess) [this.nearest, this.excess] = [found, excess];
      if (across > 1 && columns === 1) tooWide.add(level);
      if (along > MOST_COLUMNS) tooLong.add(level);
    }
    return [null, -1];
  }

  /** @param {Set<string>} open @param {Room} room @returns {Plan} */
  unreadable(open, room) {
    const found = this.nearest ?? this.layOut(open, PLAIN) ?? never();
    return { ...found, said: saidOf(found, this.places, { room }) };
  }

  /** @type {(open: Set<string>, way: Way, wider?: number) => Plan | null} */
  layOut(open, { level, columns, narrow, gap }, wider = 0) {
    const { show, direction, room } = this.options;
    const brief = LEVELS[level].detail;
    const detail = { ...brief, width: brief.width + wider, ...(show === "all" ? { lines: 99 } : {}), all: show === "all" };
    const width = room && narrow ? narrow * (direction === "down" ? room.width - AROUND : room.height - 5 * AROUND) : undefined;
    const seen = see(this.scene, (frame) => open.has(frame.id));
    const one = arrange(seen, detail, direction, { width, gap });
    this.work += columns * one.layout.work;
    const cut = columns > 1 ? wrap(seen, one.layout.places, columns) : null;
    if (columns > 1 && !cut) return null;
    const found = cut ? arrange(cut, detail, direction, { gap }) : one;
    return { ...found, open, said: saidOf({ open }, this.places, { room: null }) };
  }
}

/** Whether frames follow each other, so that the first may show what is in all of them. @param {Plan} plan @param {Frame[]} frames */
function inRow({ layout }, frames) {
  const [first, second] = frames.map(({ id }) => layout.places.get(id));
  return first !== undefined && second !== undefined && first.flow + first.length < second.flow;
}

/** A frame, and what is all that is inside it, as long as that is a frame. @param {Frame} frame @returns {string[]} */
function shells({ id, members }) {
  const [only] = members;
  return members.length === 1 && isFrame(only) ? [id, ...shells(only)] : [id];
}

/** @returns {never} */
function never() {
  throw new Error("one column is always possible");
}

/** The frames that open together: outer kinds first, of these what stands for most, then in the order of the spec. @param {Place[]} places @returns {Place[][]} */
function kindsOf(places) {
  /** @type {Map<string, Place[]>} */
  const kinds = new Map();
  for (const place of [...places].sort((a, b) => a.depth - b.depth)) {
    const key = `${place.depth} ${place.frame.kind}`;
    const kind = kinds.get(key);
    if (kind) kind.push(place);
    else kinds.set(key, [place]);
  }
  const times = (/** @type {Place[]} */ kind) => kind.reduce((most, { frame }) => Math.max(most, frame.card.times), 1);
  return [...kinds.values()].sort((a, b) => a[0].depth - b[0].depth || times(b) - times(a));
}
