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
 * @typedef {{level: number, columns: number}} Way  How a picture is made to fit: an index of DETAILS, and columns.
 */

import { arrange } from "./arrange.js";
import { saidOf } from "./said.js";
import { framed, placesOf, see } from "./view.js";
import { wrap } from "./wrap.js";

/** From saying much to saying little. @type {Omit<Detail, "all">[]} */
const DETAILS = [
  { width: 170, lines: 3, names: true, facts: true, oneLine: false, narrow: false },
  { width: 140, lines: 2, names: true, facts: true, oneLine: false, narrow: false },
  { width: 84, lines: 3, names: true, facts: true, oneLine: false, narrow: true },
  { width: 130, lines: 1, names: true, facts: true, oneLine: true, narrow: false },
  { width: 84, lines: 2, names: true, facts: false, oneLine: false, narrow: true },
  { width: 110, lines: 1, names: false, facts: false, oneLine: true, narrow: false },
  { width: 0, lines: 0, names: false, facts: false, oneLine: false, narrow: true },
];
const LEAST = DETAILS.length - 1;

/** Ways to make a picture fit, the best first. @type {[number, number][]} */
const WAYS = [
  [0, 1], [1, 1], [0, 2], [2, 1], [3, 1], [1, 2], [2, 2], [3, 2], [2, 3], [4, 1], [4, 2], [5, 1], [4, 3], [5, 2], [5, 3], [6, 1], [6, 2], [6, 3],
];
const LAST_TO_OPEN = 8;
/** The last way that is worth it to show what is inside a frame. */
const MOST_WORK = 30_000;
/** Cards and wires that are laid out before the best picture so far has to do. */

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

class Planner {
  /** @param {Scene} scene @param {Options} options @param {(plan: Plan) => Room} sizeOf */
  constructor(scene, options, sizeOf) {
    this.scene = scene;
    this.options = options;
    this.sizeOf = sizeOf;
    this.places = placesOf(scene.members);
    this.work = 0;
  }

  /** @returns {Plan} */
  best() {
    const { depth, expand, room } = this.options;
    const open = new Set(expand);
    if (depth !== null || !room) for (const { frame, depth: at } of this.places) if (depth === null || at < depth) open.add(frame.id);
    if (!room) return this.layOut(open, 1, 1) ?? never();
    const [found, way] = this.fitting(open, room, 0, WAYS.length);
    if (!found) return this.unreadable(open, room);
    return depth === null ? this.opened(found, room, way) : found;
  }

  /** The plan with more frames open, as far as that fits: outer kinds first, all of a kind or the first one. @param {Plan} found @param {Room} room @param {number} way @returns {Plan} */
  opened(found, room, way) {
    for (const kind of kindsOf(this.places)) {
      const seen = kind.filter(({ outer }) => outer === null || found.open.has(outer)).map(({ frame }) => frame.id);
      for (const ids of seen.length > 1 ? [seen, seen.slice(0, 1)] : [seen]) {
        if (this.work > MOST_WORK || ids.every((id) => found.open.has(id))) break;
        const [more, needed] = this.fitting(new Set([...found.open, ...ids]), room, way, LAST_TO_OPEN);
        if (!more) continue;
        [found, way] = [more, needed];
        break;
      }
    }
    return found;
  }

  /** The plan with these frames open, in the first of the ways that fits. @type {(open: Set<string>, room: Room, first: number, end: number) => [Plan | null, number]} */
  fitting(open, room, first, end) {
    /** @type {Set<number>} */
    const hopeless = new Set();
    for (let index = first; index < end; index++) {
      const [level, columns] = WAYS[index];
      if (hopeless.has(level) || this.work > MOST_WORK) continue;
      const found = this.layOut(open, level, columns);
      if (!found) continue;
      const { width, height } = this.sizeOf(found);
      if (width <= room.width && height <= room.height) return [found, index];
      const [across, along] = this.options.direction === "down" ? [width / room.width, height / room.height] : [height / room.height, width / room.width];
      if (across > 1 || along > 3) hopeless.add(level);
    }
    return [null, -1];
  }

  /** @param {Set<string>} open @param {Room} room @returns {Plan} */
  unreadable(open, room) {
    const found = this.layOut(open, LEAST - 1, 1) ?? never();
    return { ...found, said: saidOf(found, this.places, { room }) };
  }

  /** @type {(open: Set<string>, level: number, columns: number) => Plan | null} */
  layOut(open, level, columns) {
    const { show, direction } = this.options;
    const detail = { ...DETAILS[level], ...(show === "all" ? { lines: 99 } : {}), all: show === "all" };
    const seen = see(this.scene, (frame) => open.has(frame.id));
    this.work += columns * (seen.wires.length + [...framed(seen.members)].length);
    const one = arrange(seen, detail, direction);
    const cut = columns > 1 ? wrap(seen, one.layout.places, columns) : null;
    if (columns > 1 && !cut) return null;
    const found = { ...(cut ? arrange(cut, detail, direction) : one), open, said: /** @type {string[]} */ ([]) };
    return { ...found, said: saidOf(found, this.places, { room: null }) };
  }
}

/** @returns {never} */
function never() {
  throw new Error("one column is always possible");
}

/** The frames that open together: outer kinds first, then in the order of the spec. @param {Place[]} places @returns {Iterable<Place[]>} */
function kindsOf(places) {
  /** @type {Map<string, Place[]>} */
  const kinds = new Map();
  for (const place of [...places].sort((a, b) => a.depth - b.depth)) {
    const key = `${place.depth} ${place.frame.kind}`;
    const kind = kinds.get(key);
    if (kind) kind.push(place);
    else kinds.set(key, [place]);
  }
  return kinds.values();
}
