/**
 * The tree on the left: what the picture shows, as an outline. What is open here is open in the picture.
 *
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("../engine/view.js").Frame} Frame
 * @typedef {import("../engine/card.js").Card} Card
 */

import { element } from "./dom.js";
import { THEMES } from "../engine/theme.js";
import { isFrame } from "../engine/view.js";

/** @param {HTMLElement} list @param {Model} model @param {Set<string>} open */
export function plantTree(list, model, open) {
  list.replaceChildren(...rows(model.scene.members, open));
}

/** @param {(Card | Frame)[]} members @param {Set<string>} open @returns {HTMLElement[]} */
function rows(members, open) {
  return members.map((item) => {
    const frame = isFrame(item);
    const card = frame ? item.card : item;
    const label = element("button", { type: "button", class: "name", tabindex: "-1" }, ...labelOf(card));
    const attributes = { role: "treeitem", "data-id": item.id, ...(frame ? { "aria-expanded": String(open.has(item.id)) } : {}) };
    const fold = frame ? element("button", { type: "button", class: "fold", tabindex: "-1", "aria-hidden": "true" }) : element("span", { class: "dot", style: `--dot: ${(THEMES.light.families[card.family] ?? THEMES.light.families.other).fill}` });
    const made = element("li", attributes, element("div", { class: card.mark }, fold, label));
    if (frame && open.has(item.id)) made.append(element("ul", { role: "group" }, ...rows(item.members, open)));
    return made;
  });
}

/** @param {Card} card @returns {(Node | string)[]} */
function labelOf(card) {
  const times = card.times > 1 ? ` × ${card.times}` : "";
  const type = card.type === "output" || card.type === "Input" ? card.type.toLowerCase() : card.type;
  return card.name ? [`${card.name}${times} `, element("small", {}, type)] : [`${type}${times}`];
}

/** Mark a row, and bring it into sight. @param {HTMLElement} list @param {string | null} id */
export function markRow(list, id) {
  for (const row of list.querySelectorAll("li[aria-selected]")) row.removeAttribute("aria-selected");
  for (const row of list.querySelectorAll('li[tabindex="0"]')) row.removeAttribute("tabindex");
  const row = id === null ? list.querySelector("li") : list.querySelector(`li[data-id="${CSS.escape(id)}"]`);
  row?.setAttribute("tabindex", "0");
  if (!row || id === null) return;
  row.setAttribute("aria-selected", "true");
  row.firstElementChild?.scrollIntoView({ block: "nearest" });
}

/** The row that a key leads to from a row. @param {HTMLElement} list @param {Element} row @param {string} key @returns {HTMLElement | null} */
export function rowAfter(list, row, key) {
  const all = /** @type {HTMLElement[]} */ ([...list.querySelectorAll("li")]);
  const at = all.indexOf(/** @type {HTMLElement} */ (row));
  if (key === "ArrowDown") return all[at + 1] ?? null;
  if (key === "ArrowUp") return all[at - 1] ?? null;
  if (key === "Home") return all[0] ?? null;
  if (key === "End") return all[all.length - 1] ?? null;
  return null;
}
