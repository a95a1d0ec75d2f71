/**
 * Which rank each vertex of a frame stands in: the first step of a layout.
 *
 * A layout works along two axes, whatever the direction of the picture: `flow`, the way the arrows run, and `cross`, at a
 * right angle to it.
 *
 * @typedef {"in" | "out"} Side
 * @typedef {{id: string, flow: number, cross: number, gate?: Side, first?: boolean}} Member
 *   A box of a frame; a gate is where an arrow crosses the frame's border. `first`: it stands in the first rank.
 * @typedef {{tail: string, head: string, net: string, in?: string, bundle?: string}} Edge
 *   An arrow between two members. Those of one `net` carry one tensor, and share their line until they part; those of one
 *   `bundle` come from many members to one, and share their line from where they meet.
 */

/**
 * Ranks from 0: each head is at least one further than its tail. Linear.
 *
 * Gates into the frame stand first and gates out of it last. A source that nothing asks to stand first (a constant) stands
 * next to its first reader.
 *
 * @param {Member[]} members
 * @param {Edge[]} edges
 * @param {{width: number, apart: number}} [room]  what a rank may take across, as far as possible: others go further
 * @returns {Map<string, number>}
 */
export function rankMembers(members, edges, room) {
  const lowest = members.some((member) => member.gate === "in") ? 1 : 0;
  const heads = new Map(members.map((member) => [member.id, /** @type {string[]} */ ([])]));
  const waiting = new Map(members.map((member) => [member.id, 0]));
  for (const { tail, head } of edges) {
    heads.get(tail)?.push(head);
    waiting.set(head, (waiting.get(head) ?? 0) + 1);
  }
  const reads = new Set(edges.map((edge) => edge.head));
  const ranks = new Map(members.map((member) => [member.id, member.gate === "in" ? 0 : lowest]));
  const ready = members.filter((member) => !reads.has(member.id)).map((member) => member.id);
  for (const id of ready) {
    for (const head of heads.get(id) ?? []) {
      ranks.set(head, Math.max(ranks.get(head) ?? 0, (ranks.get(id) ?? 0) + 1));
      const left = (waiting.get(head) ?? 0) - 1;
      waiting.set(head, left);
      if (left === 0) ready.push(head);
    }
  }
  for (const { id, gate, first } of members) {
    const readers = heads.get(id) ?? [];
    if (gate || first || reads.has(id) || !readers.length) continue;
    ranks.set(id, readers.reduce((least, head) => Math.min(least, ranks.get(head) ?? 0), Infinity) - 1);
  }
  if (room) narrow(members, heads, ranks, room);
  const last = members.reduce((most, { id, gate }) => (gate === "out" ? most : Math.max(most, ranks.get(id) ?? 0)), 0);
  for (const { id, gate } of members) if (gate === "out") ranks.set(id, last + 1);
  return ranks;
}

/**
 * The arrows that close a cycle, which only a spec with errors has, or a change drawn with what it removes: those back to a
 * member on the way to which they are met, in the order of the spec. Linear.
 *
 * @template {Edge} E
 * @param {Member[]} members
 * @param {E[]} edges
 * @returns {Set<E>}
 */
export function closingEdges(members, edges) {
  const from = new Map(members.map(({ id }) => [id, /** @type {E[]} */ ([])]));
  for (const edge of edges) from.get(edge.tail)?.push(edge);
  /** @type {Set<E>} */
  const closing = new Set();
  const [seen, above] = [new Set(), new Set()];
  for (const { id: start } of members) {
    const stack = seen.has(start) ? [] : [start];
    while (stack.length) {
      const id = stack[stack.length - 1];
      seen.add(id);
      above.add(id);
      const next = from.get(id)?.shift();
      if (!next) above.delete(stack.pop());
      else if (above.has(next.head)) closing.add(next);
      else if (!seen.has(next.head)) stack.push(next.head);
    }
  }
  return closing;
}

/**
 * Move members further until no rank is wider than the room, each after those that it reads and not before its elder siblings.
 *
 * @type {(members: Member[], heads: Map<string, string[]>, ranks: Map<string, number>, room: {width: number, apart: number}) => void}
 */
function narrow(members, heads, ranks, { width, apart }) {
  /** @type {number[]} */
  const used = [];
  /** @type {Map<number, number>} */
  const reached = new Map();
  const wanted = new Map(ranks);
  const sorted = members.filter(({ gate }) => !gate).sort((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0));
  const least = new Map(sorted.map(({ id }) => [id, ranks.get(id) ?? 0]));
  for (const { id, cross } of sorted) {
    const own = wanted.get(id) ?? 0;
    let rank = Math.max(least.get(id) ?? 0, reached.get(own) ?? 0);
    while ((used[rank] ?? 0) > 0 && (used[rank] ?? 0) + apart + cross > width) rank++;
    used[rank] = (used[rank] ?? -apart) + apart + cross;
    ranks.set(id, rank);
    reached.set(own, rank);
    for (const head of heads.get(id) ?? []) least.set(head, Math.max(least.get(head) ?? 0, rank + 1));
  }
}
