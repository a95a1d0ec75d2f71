/**
 * Finds layers and blocks by name, type, argument or shape, whatever is folded.
 *
 * @typedef {import("./model.js").Model} Model
 */

/** The ids of what has all words of a query. @param {Model} model @param {string} query @returns {string[]} */
export function find(model, query) {
  const words = query.trim().toLowerCase().split(/\s+(?![^(]*\))/).filter(Boolean);
  if (!words.length) return [];
  return [...textsOf(model)].filter(([, text]) => words.every((word) => text.includes(word))).map(([id]) => id);
}

/** @type {WeakMap<Model, Map<string, string>>} */
const known = new WeakMap();

/** All that can be found of each, in lower case. @param {Model} model */
function textsOf(model) {
  const found = known.get(model) ?? new Map();
  if (found.size) return found;
  for (const [id, { card }] of model.entries) {
    const detail = model.detail(id);
    const given = (detail?.given ?? []).map(([name, value]) => `${name} ${value} ${name}=${value} ${name}: ${value}`);
    const shapes = [...(detail?.outputs ?? []), ...(detail?.weights ?? [])].map(([name, shape]) => `${name} ${shape}`);
    const parts = [detail?.name ?? "", card.name, card.type, ...card.words, ...card.facts, detail?.dtype ?? "", ...given, ...shapes];
    found.set(id, parts.join("\n").toLowerCase());
  }
  known.set(model, found);
  return found;
}
