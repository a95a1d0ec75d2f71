/**
 * Where the arrow keys lead from a box: along the arrows, or to the branches beside it.
 *
 * @typedef {import("../engine/compose.js").Wire} Wire
 * @typedef {import("./stage.js").Shown} Shown
 */

const WAYS = {
  down: { ArrowDown: "next", ArrowUp: "last", ArrowLeft: "before", ArrowRight: "after" },
  right: { ArrowRight: "next", ArrowLeft: "last", ArrowUp: "before", ArrowDown: "after" },
};

/** @param {Shown} shown @param {string} from @param {string} key @param {"down" | "right"} direction @returns {string | null} */
export function boxAfter(shown, from, key, direction) {
  const way = /** @type {Object<string, string>} */ (WAYS[direction])[key];
  const here = shown.box(from);
  if (!way || !here) return null;
  /** @param {string} id */
  const across = (id) => {
    const box = shown.box(id);
    if (!box) return Infinity;
    return direction === "down" ? box.x + box.width / 2 : box.y + box.height / 2;
  };
  const at = across(from);
  const heads = shown.wires.filter(({ tail }) => tail === from).map(({ head }) => head);
  const tails = shown.wires.filter(({ head }) => head === from).map(({ tail }) => tail);
  if (way === "next" || way === "last") return nearest(way === "next" ? heads : tails, (id) => Math.abs(across(id) - at));
  const beside = shown.wires
    .flatMap(({ tail, head }) => [...(tails.includes(tail) ? [head] : []), ...(heads.includes(head) ? [tail] : [])])
    .filter((id) => id !== from && (way === "after" ? across(id) > at : across(id) < at));
  return nearest(beside, (id) => Math.abs(across(id) - at));
}

/** @param {string[]} ids @param {(id: string) => number} distance */
function nearest(ids, distance) {
  return ids.reduce((best, id) => (best === null || distance(id) < distance(best) ? id : best), /** @type {string | null} */ (null));
}
