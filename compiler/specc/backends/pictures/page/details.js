/**
 * The pane that tells all of what is selected.
 *
 * @typedef {import("./model.js").Model} Model
 * @typedef {import("../engine/compose.js").Wire} Wire
 */

import { element } from "./dom.js";
import { isFrame } from "../engine/view.js";

const HINTS = ["Select a layer to see all of it.", "Double-click a block to unfold it.", "? lists the keys."];
const MOST_LINKS = 40;

/** @param {HTMLElement} pane @param {Model} model @param {string | null} id */
export function describe(pane, model, id) {
  const entry = id === null ? undefined : model.entries.get(id);
  pane.scrollTop = 0;
  if (id === null || !entry) return pane.replaceChildren(...overview(model));
  const detail = model.detail(id);
  const { card, item } = entry;
  const title = element("h2", {}, detail?.name ?? (card.name || card.type));
  const subtitle = [card.type, card.times > 1 ? `× ${card.times}` : "", card.badge ?? ""].filter(Boolean).join(" ");
  const parts = [title, element("p", { class: "type" }, element("b", {}, subtitle), " ", card.facts.join(" · "))];
  if (card.mark) parts.push(element("p", { class: `mark ${card.mark}` }, [card.mark, ...card.notes].join(" · ")));
  parts.push(...said(detail?.says ?? []));
  if (detail?.where) parts.push(element("p", { class: "where" }, element("span", {}, detail.where), element("code", {}, detail.line)));
  parts.push(...table("Arguments", argumentsOf(model, id)));
  const links = linksOf(model, id, isFrame(item) ? model.inside(id) : new Set([id]));
  parts.push(...table("Inputs", links.inputs), ...table("Outputs", links.outputs));
  if (detail?.weights.length) {
    const rows = detail.weights.map(([name, shape, dtype, trained]) => row([name, shape, dtype + (trained ? "" : ", frozen")], trained ? "" : "grey"));
    parts.push(...table(`Weights (${detail.params.toLocaleString("en")})`, rows));
  }
  parts.push(...calls(model, id));
  pane.replaceChildren(...parts);
}

/** What is told of the model while nothing is selected. @param {Model} model */
function overview(model) {
  const { title, caption } = model.scene;
  /** @type {Map<string, number>} */
  const types = new Map();
  const ends = { input: /** @type {HTMLTableRowElement[]} */ ([]), output: /** @type {HTMLTableRowElement[]} */ ([]) };
  for (const [id, { card, item }] of model.entries) {
    if (card.form === "input" || card.form === "output") ends[card.form].push(row([link(model, id), shapeOf(model, id, "")]));
    else if (!isFrame(item)) types.set(card.type, (types.get(card.type) ?? 0) + copies(model, id));
  }
  const counts = [...types].sort(([, a], [, b]) => b - a).map(([type, count]) => row([type, `${count}`]));
  return [
    element("h2", {}, title),
    element("p", {}, caption),
    ...said(model.scene.says),
    element("ul", { class: "hint" }, ...HINTS.map((hint) => element("li", {}, hint))),
    ...table("Variables", model.scene.vars.map(([name, value, says]) => row([name, explained(value, says)]))),
    ...table("Inputs", ends.input.slice(0, MOST_LINKS)),
    ...table("Outputs", ends.output.slice(0, MOST_LINKS)),
    ...table("Layers", counts),
  ];
}

/** How many layers a card stands for, in the stacks that it is in. @param {Model} model @param {string} id */
function copies(model, id) {
  return model.around(id).reduce((count, frame) => count * (model.entries.get(frame)?.card.times ?? 1), 1);
}

/** A value, and below it what it means. @param {string} value @param {string} says */
function explained(value, says) {
  return says ? element("span", {}, value, element("br"), element("small", {}, says)) : value;
}

/** Descriptions as the spec has them. @param {string[]} texts */
function said(texts) {
  return texts.map((text) => element("p", { class: "said" }, text));
}

/** @param {string} caption @param {HTMLTableRowElement[]} rows */
function table(caption, rows) {
  return rows.length ? [element("table", {}, element("caption", {}, caption), element("tbody", {}, ...rows))] : [];
}

/** @param {(string | Node)[]} cells @param {string} kind */
function row(cells, kind = "") {
  return element("tr", kind ? { class: kind } : {}, ...cells.map((cell, index) => element(index ? "td" : "th", index ? {} : { scope: "row" }, cell)));
}

/** What is given, and Keras's defaults. @param {Model} model @param {string} id */
function argumentsOf(model, id) {
  const detail = model.detail(id);
  if (!detail) return [];
  const given = new Map(detail.given);
  const rows = [];
  for (const [name, value] of model.defaults[detail.type] ?? []) {
    const own = given.get(name);
    given.delete(name);
    rows.push(own === undefined ? row([name, value], "default") : row([name, own]));
  }
  for (const [name, value] of given) rows.push(row([name, explained(value, detail.meanings[name] ?? "")]));
  return rows;
}

/** The rows of what something reads, and of what reads it, each with the shape. @param {Model} model @param {string} id @param {Set<string>} own */
function linksOf(model, id, own) {
  const [inputs, outputs] = [/** @type {HTMLTableRowElement[]} */ ([]), /** @type {HTMLTableRowElement[]} */ ([])];
  /** @type {Map<string, Wire[]>} */
  const readers = new Map();
  const ports = new Set();
  for (const wire of model.scene.wires) {
    const [from, to] = [own.has(wire.tail), own.has(wire.head)];
    if (to && !from && inputs.length < MOST_LINKS) {
      inputs.push(row([isNaN(Number(wire.in)) ? wire.in : "", link(model, wire.tail), shapeOf(model, wire.tail, wire.out)]));
    }
    if (!from || to) continue;
    const key = `${wire.tail} ${wire.out}`;
    readers.set(key, [...(readers.get(key) ?? []), wire]);
    if (wire.tail === id) ports.add(wire.out);
  }
  for (const [, wires] of readers) {
    const [{ tail, out }] = wires;
    const targets = wires.slice(0, MOST_LINKS).flatMap(({ head }, index) => (index ? [", ", link(model, head)] : [link(model, head)]));
    outputs.push(row([out || (tail === id ? "" : (model.detail(tail)?.name ?? "")), element("span", {}, ...targets), shapeOf(model, tail, out)]));
  }
  const rest = (model.detail(id)?.outputs ?? []).filter(([port]) => own.size === 1 && !ports.has(port) && !(ports.has("") && (port === "" || port === "output")));
  for (const [port, shape] of rest) outputs.push(row([port, "", shape]));
  return { inputs, outputs };
}

/** @param {Model} model @param {string} id @param {string} port */
function shapeOf(model, id, port) {
  const outputs = model.detail(id)?.outputs ?? [];
  return (outputs.find(([name]) => name === port) ?? outputs[0])?.[1] ?? "";
}

/** @param {Model} model @param {string} id */
function link(model, id) {
  const name = model.detail(id)?.name ?? id;
  const made = element("a", { href: `#${encodeURIComponent(name)}`, "data-id": id }, name);
  return made;
}

/** What calls the same layer, or is an instance of the same block. @param {Model} model @param {string} id */
function calls(model, id) {
  const kin = [...model.kin(id)].filter((other) => model.entries.has(other));
  if (!kin.length) return [];
  const shared = model.detail(id)?.calls !== undefined;
  const rows = kin.slice(0, MOST_LINKS).map((other) => row(["", link(model, other)]));
  return table(shared ? "Shares its weights with" : `Other instances of the block (${kin.length})`, rows);
}
