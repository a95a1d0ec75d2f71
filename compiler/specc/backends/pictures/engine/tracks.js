/**
 * The tracks between two ranks: at which height each arrow runs across, so that few cross and none lie on each other.
 *
 * @typedef {import("./layers.js").Vertex} Vertex
 * @typedef {import("./layers.js").Segment} Segment
 * @typedef {{starts: number[], ends: number[], low: number, high: number, segments: Segment[]}} Run
 *   Segments of one net, from one start, or of one bundle, to one end.
 */

const STRAIGHT = 0.5;
/** Bends of less are none. */
const CLEAR = 5;
/** Between the ends of two runs on one track. */
const MOST_COMPARED = 200;
/** Runs in one gap that are compared pair by pair. */

/**
 * The track of each segment that runs across, counted from 0 along the flow; and how many there are.
 *
 * @param {Vertex[]} rank  the rank below the gap
 * @returns {{count: number, of: Map<Segment, number>}}
 */
export function trackSegments(rank) {
  const runs = runsInto(rank).filter((run) => run.high - run.low > STRAIGHT);
  const tracks = runs.length > MOST_COMPARED ? packed(runs) : sorted(runs);
  const of = new Map();
  for (const [run, track] of tracks) for (const segment of run.segments) of.set(segment, track);
  return { count: Math.max(-1, ...tracks.values()) + 1, of };
}

/** @param {Vertex[]} rank @returns {Run[]} */
function runsInto(rank) {
  /** @type {Map<string, Run>} */
  const runs = new Map();
  for (const segment of rank.flatMap((vertex) => vertex.into)) {
    if (segment.aside) continue;
    const start = segment.tail.cross + segment.tailAt;
    const end = segment.head.cross + segment.headAt;
    const key = segment.bundle ? `bundle ${segment.bundle}` : segment.net;
    const run = runs.get(key) ?? { starts: [], ends: [], low: start, high: start, segments: [] };
    run.starts.push(start);
    run.ends.push(end);
    run.segments.push(segment);
    [run.low, run.high] = [Math.min(run.low, start, end), Math.max(run.high, start, end)];
    runs.set(key, run);
  }
  return [...runs.values()];
}

/** Runs that overlap on different tracks, each above those that it crosses less from above. @param {Run[]} runs @returns {Map<Run, number>} */
function sorted(runs) {
  const below = new Map(runs.map((run) => [run, /** @type {Run[]} */ ([])]));
  const above = new Map(runs.map((run) => [run, /** @type {Run[]} */ ([])]));
  runs.forEach((a, index) => {
    for (const b of runs.slice(index + 1)) {
      if (a.high + CLEAR < b.low || b.high + CLEAR < a.low) continue;
      const [upper, lower] = cost(a, b) <= cost(b, a) ? [a, b] : [b, a];
      below.get(upper)?.push(lower);
      above.get(lower)?.push(upper);
    }
  });
  const waiting = new Map(runs.map((run) => [run, above.get(run)?.length ?? 0]));
  /** @type {Map<Run, number>} */
  const tracks = new Map();
  const left = new Set(runs);
  while (left.size) {
    const free = [...left].reduce((best, run) => ((waiting.get(run) ?? 0) < (waiting.get(best) ?? 0) ? run : best));
    left.delete(free); // where the wishes of three contradict each other, one is not granted
    for (const lower of below.get(free) ?? []) waiting.set(lower, (waiting.get(lower) ?? 0) - 1);
    const taken = new Set([...(below.get(free) ?? []), ...(above.get(free) ?? [])].map((run) => tracks.get(run)));
    let track = (above.get(free) ?? []).reduce((least, run) => Math.max(least, (tracks.get(run) ?? -1) + 1), 0);
    while (taken.has(track)) track++;
    tracks.set(free, track);
  }
  return tracks;
}

/** What it costs that one run lies above another: crossings, and tenfold lines that would lie on each other. @param {Run} upper @param {Run} lower */
function cost(upper, lower) {
  const starts = [...new Set(lower.starts)];
  const ends = [...new Set(upper.ends)];
  const crossed = between(starts, upper).length + between(ends, lower).length;
  return crossed + 10 * ends.filter((end) => starts.some((start) => Math.abs(end - start) < CLEAR)).length;
}

/** @param {number[]} places @param {Run} run */
function between(places, run) {
  return places.filter((place) => place > run.low && place < run.high);
}

/** Runs on as few tracks as hold them. @param {Run[]} runs @returns {Map<Run, number>} */
function packed(runs) {
  /** @type {number[]} */
  const ends = [];
  const tracks = new Map();
  for (const run of [...runs].sort((a, b) => a.low - b.low)) {
    const free = ends.findIndex((end) => end + CLEAR < run.low);
    const track = free >= 0 ? free : ends.length;
    ends[track] = run.high;
    tracks.set(run, track);
  }
  return tracks;
}
