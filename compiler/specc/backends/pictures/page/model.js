/**
 * What a scene holds, by id: where each card is, what it reads and gives, what is equal to it.
 *
 * @typedef {import("../engine/view.js").Scene} Scene
 * @typedef {import("../engine/view.js").Frame} Frame
 * @typedef {import("../engine/card.js").Card} Card
 * @typedef {import("../engine/compose.js").Wire} Wire
 *
 * @typedef {object} Detail  What `details.py` says of a card or a frame.
 * @property {string} name  the full name, which a link uses
 * @property {string} type
 * @property {string[]} says  what the spec says of it, and of its block
 * @property {string} where  "spec.yaml:12", "" for what no file has
 * @property {string} line
 * @property {[string, string][]} given
 * @property {Object<string, string>} meanings  what a block says of its arguments
 * @property {[string, string][]} outputs  port ("" for the only one), shape
 * @property {string} dtype  of the first output; "" for a block
 * @property {[string, string, string, boolean][]} weights  name, shape, dtype, trainable
 * @property {number} params
 * @property {number} trained
 * @property {string[]} [calls]  all that call the same layer, by id
 *
 * @typedef {object} Data  What the page is made from.
 * @property {Scene} scene  everything
 * @property {Scene} stacked  what repeats as one card
 * @property {{cards: Object<string, Detail>, defaults: Object<string, [string, string][]>}} details
 * @property {string} [live]  where `specc view` tells of changes
 * @property {number} [version]  of the spec that it was made from
 * @property {{direction: "down" | "right", depth: number | null, expand: string[], show: "brief" | "all", theme: string}} options
 *
 * @typedef {{item: Card | Frame, card: Card, parent: string | null, depth: number}} Entry  `depth`: frames around it
 * @typedef {ReturnType<typeof makeModel>} Model
 */

import { isFrame } from "../engine/view.js";

/** @param {Scene} scene @param {Data} data */
export function makeModel(scene, data) {
  /** @type {Map<string, Entry>} */
  const entries = new Map();
  /** @param {(Card | Frame)[]} members @param {string | null} parent @param {number} depth */
  const enter = (members, parent, depth) => {
    for (const item of members) {
      const frame = isFrame(item);
      entries.set(item.id, { item, card: frame ? item.card : item, parent, depth });
      if (frame) enter(item.members, item.id, depth + 1);
    }
  };
  enter(scene.members, null, 0);
  const frames = [...entries.values()].filter(({ item }) => isFrame(item));
  /** @param {string} id */
  const detail = (id) => data.details.cards[id] ?? null;
  /** @type {Map<string, string>} */
  const named = new Map();
  for (const id of entries.keys()) {
    const name = detail(id)?.name;
    if (name && !named.has(name)) named.set(name, id);
  }
  return {
    scene,
    entries,
    detail,
    deepest: frames.reduce((most, { depth }) => Math.max(most, depth + 1), 0),
    /** The id of what has a name; a stack of layers has none, and goes by its id. @param {string} name */
    idOf: (name) => named.get(name) ?? (entries.has(name) && !detail(name) ? name : null),
    /** The frames that are open at a depth. @param {number} depth */
    openAt: (depth) => new Set(frames.filter((entry) => entry.depth < depth).map(({ item }) => item.id)),
    /** The frames around something, from the innermost. @param {string} id */
    around: (id) => around(entries, id),
    /** What stands in the picture for something. @param {string} id @param {Set<string>} open */
    shown: (id, open) => around(entries, id).reduce((seen, frame) => (open.has(frame) ? seen : frame), id),
    /** The ids of all cards and frames in a frame; of a card its own. @param {string} id */
    inside: (id) => inside(entries.get(id)?.item),
    /** What is seen to be the same: calls of one layer, or instances of one block. @param {string} id */
    kin: (id) => kin(entries, id, detail(id)),
    defaults: data.details.defaults,
  };
}

/** @param {Map<string, Entry>} entries @param {string} id */
function around(entries, id) {
  const found = [];
  for (let at = entries.get(id)?.parent ?? null; at !== null; at = entries.get(at)?.parent ?? null) found.push(at);
  return found;
}

/** @param {Card | Frame | undefined} item @returns {Set<string>} */
function inside(item) {
  const found = new Set(item ? [item.id] : []);
  if (item && isFrame(item)) for (const member of item.members) for (const id of inside(member)) found.add(id);
  return found;
}

/** @param {Map<string, Entry>} entries @param {string} id @param {Detail | null} detail */
function kin(entries, id, detail) {
  const found = new Set(detail?.calls ?? []);
  const item = entries.get(id)?.item;
  if (item && isFrame(item)) {
    for (const [other, entry] of entries) if (isFrame(entry.item) && entry.item.kind === item.kind) found.add(other);
  }
  found.delete(id);
  return found;
}

/** The greatest depth at which a picture can be taken in. @param {Model} model @param {number} most cards */
export function readableDepth(model, most) {
  for (let depth = model.deepest; depth > 0; depth--) {
    let seen = 0;
    for (const entry of model.entries.values()) if (entry.depth <= depth && !(isFrame(entry.item) && entry.depth < depth)) seen++;
    if (seen <= most) return depth;
  }
  return 0;
}
