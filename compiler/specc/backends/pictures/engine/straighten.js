/**
 * Small bends that are left when all have their places: what hangs together straight is moved until such a bend is none.
 *
 * @typedef {import("./layers.js").Vertex} Vertex
 * @typedef {import("./layers.js").Segment} Segment
 */

const [STRAIGHT, SMALL] = [0.5, 10];
/** Bends of less are none; and those of less look like a mistake. */
const MOST_MOVED = 50;
/** Vertices that hang together. */

/** Move vertices within their ranks, where there is room. @param {Vertex[][]} ranks @param {(a: Vertex, b: Vertex) => number} room  between neighbours */
export function straighten(ranks, room) {
  for (const segment of ranks.flatMap((rank) => rank.flatMap((vertex) => vertex.into))) {
    const bend = bendOf(segment);
    if (!isSmall(bend)) continue;
    const sides = [
      { start: segment.tail, other: segment.head, by: -bend },
      { start: segment.head, other: segment.tail, by: bend },
    ].map((side) => ({ ...side, moved: hangingTogether(side.start) }));
    sides.sort((a, b) => a.moved.size - b.moved.size);
    const free = sides.find(({ other, by, moved }) => !moved.has(other) && hasRoom(ranks, moved, by, room) && isStraighter(moved, by));
    if (free) for (const vertex of free.moved) vertex.cross += free.by;
  }
}

/** How far to the right of its end a segment begins. @param {Segment} segment */
function bendOf({ tail, tailAt, head, headAt }) {
  return tail.cross + tailAt - head.cross - headAt;
}

/** @param {number} bend */
function isSmall(bend) {
  return Math.abs(bend) > STRAIGHT && Math.abs(bend) < SMALL;
}

/** @param {Vertex} vertex */
function segmentsOf(vertex) {
  return [...vertex.into, ...vertex.from].filter(({ aside }) => !aside);
}

/** The vertices that straight segments lead to. @param {Vertex} start */
function hangingTogether(start) {
  const found = new Set([start]);
  for (const vertex of found) {
    if (found.size > MOST_MOVED) break;
    for (const segment of segmentsOf(vertex)) {
      if (Math.abs(bendOf(segment)) <= STRAIGHT) found.add(segment.tail === vertex ? segment.head : segment.tail);
    }
  }
  return found;
}

/** @type {(ranks: Vertex[][], moved: Set<Vertex>, by: number, room: (a: Vertex, b: Vertex) => number) => boolean} */
function hasRoom(ranks, moved, by, room) {
  if (moved.size > MOST_MOVED) return false;
  return [...moved].every((vertex) => {
    const next = ranks[vertex.rank][vertex.position + Math.sign(by)];
    if (!next) return by > 0 ? true : vertex.cross + by >= 0;
    if (moved.has(next)) return true;
    const [left, right] = by > 0 ? [vertex, next] : [next, vertex];
    return right.cross - left.cross - left.size - Math.abs(by) >= room(left, right);
  });
}

/** Whether fewer bends are small then. @param {Set<Vertex>} moved @param {number} by */
function isStraighter(moved, by) {
  let fewer = 0;
  for (const vertex of moved) {
    for (const segment of segmentsOf(vertex)) {
      const [begins, ends] = [moved.has(segment.tail), moved.has(segment.head)];
      if (begins === ends) continue;
      const bend = bendOf(segment);
      fewer += Number(isSmall(bend)) - Number(isSmall(bend + (begins ? by : -by)));
    }
  }
  return fewer > 0;
}
