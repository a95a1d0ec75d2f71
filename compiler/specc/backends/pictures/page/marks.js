/**
 * What of the picture is marked: the selected box with its neighbours and its equals, a trace, what a search finds.
 *
 * @typedef {import("../engine/compose.js").Wire} Wire
 * @typedef {import("./model.js").Model} Model
 */

/** The wires and boxes from a box on, along the arrows or against them. @param {Wire[]} wires @param {string[]} from @param {"up" | "down"} way */
export function traced(wires, from, way) {
  const [near, far] = way === "up" ? /** @type {const} */ (["head", "tail"]) : /** @type {const} */ (["tail", "head"]);
  /** @type {Map<string, Wire[]>} */
  const next = new Map();
  for (const wire of wires) next.set(wire[near], [...(next.get(wire[near]) ?? []), wire]);
  const boxes = new Set(from);
  const found = new Set();
  const rest = [...from];
  for (const id of rest) {
    for (const wire of next.get(id) ?? []) {
      found.add(wire.id);
      if (!boxes.has(wire[far])) rest.push(wire[far]);
      boxes.add(wire[far]);
    }
  }
  return { boxes, wires: found };
}

/** The wires at the edge of a box or an open frame, and the boxes at their other ends. @param {Wire[]} wires @param {Set<string>} own */
export function neighbours(wires, own) {
  const boxes = new Set();
  const found = new Set();
  for (const { id, tail, head } of wires) {
    if (own.has(tail) === own.has(head)) continue;
    found.add(id);
    boxes.add(own.has(tail) ? head : tail);
  }
  return { boxes, wires: found };
}

/**
 * Set the classes of all boxes and wires.
 *
 * @param {HTMLElement} sheet
 * @param {Object<string, Set<string>>} boxes  ids by class
 * @param {Object<string, Set<string>>} wires
 * @param {string} dims  the class whose boxes and wires are kept while all others fade; "" for none
 */
export function mark(sheet, boxes, wires, dims) {
  const picture = sheet.firstElementChild;
  if (!picture) return;
  for (const kind of ["traced", "match"]) picture.classList.toggle(`fade-${kind}`, kind === dims);
  for (const group of picture.querySelectorAll("g.node, g.cluster")) {
    for (const [kind, ids] of Object.entries(boxes)) group.classList.toggle(kind, ids.has(group.id));
  }
  for (const group of picture.querySelectorAll("g.edge")) {
    for (const [kind, ids] of Object.entries(wires)) group.classList.toggle(kind, ids.has(group.id.slice(1)));
  }
}
