/**
 * Colours by something else than the family: the boxes' fills are replaced, with a key of what each colour says.
 *
 * @typedef {import("./model.js").Model} Model
 * @typedef {"family" | "parameters" | "dtype" | "frozen"} By
 * @typedef {{fill: string, ink: string, says: string}} Colour
 */

const [DARK, LIGHT] = ["#0f172a", "#ffffff"];
const NONE = { fill: "#f4f4f2", ink: DARK };
/** From few parameters to many: one hue, each step darker, so that it also serves in grey. */
const STEPS = [
  { fill: "#dbe7f6", ink: DARK },
  { fill: "#a9c7ea", ink: DARK },
  { fill: "#6b9bd6", ink: DARK },
  { fill: "#2f6fb5", ink: LIGHT },
  { fill: "#173f73", ink: LIGHT },
];
const KINDS = [
  { fill: "#cfe3f7", ink: DARK },
  { fill: "#f2b661", ink: DARK },
  { fill: "#6b3fa0", ink: LIGHT },
  { fill: "#3d8b5f", ink: LIGHT },
  { fill: "#e38aa5", ink: DARK },
  { fill: "#475569", ink: LIGHT },
];

/** The colour of each id, and the key. @param {Model} model @param {By} by @returns {{of: (id: string) => Colour | null, key: Colour[]}} */
export function colouring(model, by) {
  if (by === "parameters") return byParameters(model);
  if (by === "dtype") return byKind(model, (id) => model.detail(id)?.dtype || [...dtypesIn(model, id)].join(", "));
  if (by === "frozen") return byKind(model, (id) => trainingOf(model, id), ["trained", "frozen", "partly frozen"]);
  return { of: () => null, key: [] };
}

/** @param {Model} model @param {string} id */
function paramsOf(model, id) {
  const detail = model.detail(id);
  if (detail) return { params: detail.params, trained: detail.trained };
  let [params, trained] = [0, 0];
  for (const inner of model.inside(id)) {
    if (inner === id || model.entries.get(inner)?.card.form === "block") continue;
    params += model.detail(inner)?.params ?? 0;
    trained += model.detail(inner)?.trained ?? 0;
  }
  return { params, trained };
}

/** @param {Model} model */
function byParameters(model) {
  const counts = [...model.entries.keys()].map((id) => paramsOf(model, id).params).filter(Boolean);
  const [least, most] = [Math.log10(Math.min(...counts, 1e15)), Math.log10(Math.max(...counts, 1))];
  /** @param {number} count */
  const step = (count) => Math.min(STEPS.length - 1, Math.floor(((Math.log10(count) - least) / (most - least || 1)) * STEPS.length));
  /** @type {(id: string) => Colour} */
  const of = (id) => {
    const { params } = paramsOf(model, id);
    return params ? { ...STEPS[step(params)], says: "" } : { ...NONE, says: "none" };
  };
  const key = STEPS.map((colour, index) => {
    const from = 10 ** (least + ((most - least) * index) / STEPS.length);
    return { ...colour, says: `from ${short(from)}` };
  });
  return { of, key: counts.length ? [{ ...NONE, says: "no parameters" }, ...key] : [] };
}

/** @param {number} count */
function short(count) {
  const [size, unit] = count >= 1e9 ? [1e9, "G"] : count >= 1e6 ? [1e6, "M"] : count >= 1e3 ? [1e3, "k"] : [1, ""];
  return `${Number((count / size).toPrecision(3))}${unit}`;
}

/** @param {Model} model @param {(id: string) => string} kindOf @param {string[]} first */
function byKind(model, kindOf, first = []) {
  const present = new Set([...model.entries.keys()].map(kindOf));
  const kinds = [...first, ...[...present].filter((kind) => !first.includes(kind)).sort()].filter(Boolean);
  /** @type {(kind: string) => Colour} */
  const colour = (kind) => ({ ...(kind ? KINDS[Math.min(kinds.indexOf(kind), KINDS.length - 1)] : NONE), says: kind || "no weights" });
  return { of: (/** @type {string} */ id) => colour(kindOf(id)), key: [...kinds, ...(present.has("") ? [""] : [])].filter((kind) => present.has(kind)).map(colour) };
}

/** @param {Model} model @param {string} id */
function dtypesIn(model, id) {
  return new Set([...model.inside(id)].map((inner) => model.detail(inner)?.dtype ?? "").filter(Boolean));
}

/** @param {Model} model @param {string} id */
function trainingOf(model, id) {
  const { params, trained } = paramsOf(model, id);
  if (!params) return "";
  return trained ? (trained < params ? "partly frozen" : "trained") : "frozen";
}

/** Give the boxes of a picture their colours. @param {HTMLElement} sheet @param {(id: string) => Colour | null} of */
export function paint(sheet, of) {
  for (const group of /** @type {NodeListOf<SVGGElement>} */ (sheet.querySelectorAll("g.node"))) {
    const colour = of(group.id);
    if (!colour) continue;
    group.querySelector(":scope > .shape")?.setAttribute("fill", colour.fill);
    for (const text of group.querySelectorAll(":scope > .on, :scope > .by, :scope > text > :is(.on, .by)")) text.setAttribute("fill", colour.ink);
  }
}
