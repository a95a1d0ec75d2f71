/**
 * What the page shows, and all that changes it. `controls.js` calls these methods from events.
 *
 * @typedef {import("./model.js").Data} Data
 * @typedef {import("./colours.js").By} By
 */

import { Camera } from "./camera.js";
import { colouring, paint } from "./colours.js";
import { describe } from "./details.js";
import { byId, element } from "./dom.js";
import { mark, neighbours, traced } from "./marks.js";
import { Minimap } from "./minimap.js";
import { makeModel, readableDepth } from "./model.js";
import { find } from "./search.js";
import { pictureOf, printOf, stage } from "./stage.js";
import { markRow, plantTree } from "./tree.js";
import { isFrame } from "../engine/view.js";

const MOST_CARDS = 60;
/** Cards that are shown at first. */

/** The name in a link, which anyone may have written. @param {string} hash */
function nameIn(hash) {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return hash.slice(1);
  }
}

export class Page {
  /** @param {Data} data */
  constructor(data) {
    this.canvas = byId("canvas");
    this.sheet = byId("sheet");
    this.rows = byId("rows");
    this.data = data;
    this.isStacked = true;
    this.model = makeModel(data.stacked, data);
    /** The frames that are open, by id. @type {Set<string>} */
    this.open = this.model.openAt(data.options.depth ?? readableDepth(this.model, MOST_CARDS));
    for (const id of data.options.expand) this.open.add(id);
    /** What was open and is not there now: an error may have taken it away. @type {string[]} */
    this.missing = [];
    /** @type {string | null} */
    this.selected = null;
    /** @type {"up" | "down" | ""} */
    this.way = "";
    this.query = "";
    /** @type {string[]} */
    this.matches = [];
    this.at = -1;
    this.direction = data.options.direction;
    /** @type {By} */
    this.by = "family";
    this.theme = "light";
    this.camera = new Camera(this.canvas, this.sheet, (view) => this.minimap.follow(view));
    this.minimap = new Minimap(byId("minimap"), this.camera);
    this.shown = this.#draw();
  }

  get view() {
    const { model, open, direction, theme } = this;
    return { model, open, direction, show: this.data.options.show, theme };
  }

  /** The picture as it is unfolded and coloured, for a file. */
  picture() {
    const { svg, width, height } = pictureOf(this.view);
    const sheet = element("div");
    sheet.innerHTML = svg;
    paint(sheet, colouring(this.model, this.by).of);
    return { svg: new XMLSerializer().serializeToString(/** @type {Element} */ (sheet.firstElementChild)), width, height };
  }

  /** Let the arrows run the other way: downwards, or to the right. */
  turn() {
    this.direction = this.direction === "down" ? "right" : "down";
    this.redraw();
    this.camera.begin(this.shown.width, this.shown.height);
  }

  /** Put the picture on the paper that is printed. */
  print() {
    const paper = byId("paper");
    paper.innerHTML = printOf({ ...this.view, theme: this.theme === "dark" ? "light" : this.theme }).svg;
    paint(paper, colouring(this.model, this.by).of);
  }

  /** Draw the picture, the tree and the marks anew. @returns {import("./stage.js").Shown} */
  #draw() {
    const shown = stage(this.sheet, this.view);
    this.shown = shown;
    plantTree(this.rows, this.model, this.open);
    const { of, key } = colouring(this.model, this.by);
    paint(this.sheet, of);
    const keys = byId("key");
    keys.replaceChildren(...key.map(({ fill, says }) => element("span", {}, element("i", { style: `background:${fill}` }), says)));
    if (!key.length) keys.innerHTML = shown.legend(Math.max(150, this.canvas.clientWidth - 220));
    this.minimap.draw(this.sheet, shown);
    this.minimap.follow(this.camera.view);
    this.mark();
    return shown;
  }

  /** Draw anew so that something stays where it is on the screen. @param {string} [anchor] */
  redraw(anchor) {
    const focused = this.sheet.contains(document.activeElement) ? document.activeElement?.closest("g[id]")?.id : undefined;
    const before = anchor === undefined ? null : this.shown.box(anchor);
    this.#draw();
    const after = anchor === undefined ? null : this.shown.box(this.model.shown(anchor, this.open));
    if (before && after) {
      const { scale } = this.camera.view;
      this.camera.pan((before.x + before.width / 2 - after.x - after.width / 2) * scale, (before.y - after.y) * scale);
    }
    if (focused) this.focus(focused);
  }

  /** @param {string} id */
  focus(id) {
    const group = this.sheet.querySelector(`#${CSS.escape(this.model.shown(id, this.open))}`);
    if (group instanceof SVGElement) group.focus({ preventScroll: true });
  }

  /** Take other data, as after a change of the spec; what is open and selected stays so by its name. @param {Data} data */
  load(data) {
    const names = new Set([...this.missing, ...[...this.open].map((id) => this.model.detail(id)?.name ?? id)]);
    const selected = this.selected && this.model.detail(this.selected)?.name;
    const wasEmpty = !this.model.entries.size;
    this.data = { ...data, live: this.data.live };
    this.model = makeModel(this.isStacked ? data.stacked : data.scene, data);
    this.missing = [...names].filter((name) => this.model.idOf(name) === null);
    const open = [...names].flatMap((name) => this.model.idOf(name) ?? []);
    this.open = wasEmpty ? this.model.openAt(readableDepth(this.model, MOST_CARDS)) : new Set(open);
    this.selected = selected ? this.model.idOf(selected) : null;
    this.matches = find(this.model, this.query);
    this.redraw(this.selected ?? undefined);
    describe(byId("details"), this.model, this.selected);
    if (wasEmpty) this.camera.begin(this.shown.width, this.shown.height);
  }

  /** Show every repeated block, or one for all. @param {boolean} stacked */
  stack(stacked) {
    if (stacked === this.isStacked) return;
    this.isStacked = stacked;
    const depth = this.depth;
    this.model = makeModel(stacked ? this.data.stacked : this.data.scene, this.data);
    this.open = this.model.openAt(Math.min(depth, this.model.deepest));
    if (this.selected && !this.model.entries.has(this.selected)) this.selected = null;
    this.matches = find(this.model, this.query);
    this.redraw();
    this.camera.begin(this.shown.width, this.shown.height);
  }

  /** The depth to which all blocks are open. */
  get depth() {
    let depth = 0;
    while (depth < this.model.deepest && [...this.model.openAt(depth + 1)].every((id) => this.open.has(id))) depth++;
    return depth;
  }

  set depth(depth) {
    this.open = this.model.openAt(Math.max(0, Math.min(depth, this.model.deepest)));
    this.redraw(this.selected ?? undefined);
    if (this.selected === null) this.camera.begin(this.shown.width, this.shown.height);
  }

  /** Fold or unfold a block. @param {string} id */
  toggle(id) {
    const item = this.model.entries.get(id)?.item;
    if (!item || !isFrame(item)) return;
    this.open = new Set(this.open);
    if (!this.open.delete(id)) this.open.add(id);
    this.redraw(id);
  }

  /** Select something, wherever it is folded. @param {string | null} id @param {{reveal?: boolean}} [options] */
  select(id, { reveal = false } = {}) {
    if (id !== null && !this.model.entries.has(id)) this.stack(false);
    this.selected = id;
    this.way = "";
    const hidden = id === null ? [] : this.model.around(id).filter((frame) => !this.open.has(frame));
    if (hidden.length) {
      this.open = new Set([...this.open, ...hidden]);
      this.redraw();
    }
    describe(byId("details"), this.model, id);
    this.mark();
    const box = id === null ? null : this.shown.box(id);
    if (reveal && box) this.camera.reveal(box);
    const name = id === null ? "" : (this.model.detail(id)?.name ?? "");
    history.replaceState(null, "", name ? `#${encodeURIComponent(name)}` : location.pathname + location.search);
  }

  /** Select what a link names. @param {string} hash */
  follow(hash) {
    const name = nameIn(hash);
    const id = this.model.idOf(name) ?? makeModel(this.data.scene, this.data).idOf(name);
    if (id !== null && id !== this.selected) this.select(id, { reveal: true });
  }

  /** Mark all that the selected box depends on, or that depends on it; once more ends it. @param {"up" | "down" | ""} way */
  trace(way) {
    this.way = this.way === way ? "" : way;
    this.mark();
  }

  /** @param {string} query */
  search(query) {
    this.query = query;
    this.matches = find(this.model, query);
    this.at = -1;
    this.mark();
  }

  /** Go to another match. @param {number} step */
  next(step) {
    if (!this.matches.length) return;
    this.at = (this.at < 0 && step < 0 ? this.matches.length - 1 : this.at + step + this.matches.length) % this.matches.length;
    this.select(this.matches[this.at], { reveal: true });
  }

  /** Mark what is selected, traced and found. */
  mark() {
    const { selected, model, open, shown } = this;
    const seen = (/** @type {Iterable<string>} */ ids) => new Set([...ids].map((id) => model.shown(id, open)));
    const own = selected === null ? new Set() : seen(model.inside(selected)).add(selected);
    const near = neighbours(shown.wires, this.way ? new Set() : own);
    const trace = this.way && selected !== null ? traced(shown.wires, [...own], this.way) : { boxes: new Set(), wires: new Set() };
    const traceFrames = [...trace.boxes].flatMap((id) => model.around(id));
    mark(
      this.sheet,
      {
        selected: new Set(selected === null ? [] : [model.shown(selected, open)]),
        near: near.boxes,
        kin: selected === null ? new Set() : seen(model.kin(selected)),
        traced: new Set([...trace.boxes, ...traceFrames]),
        match: new Set([...seen(this.matches), ...this.matches.flatMap((id) => model.around(id))]),
      },
      { lit: near.wires, traced: trace.wires },
      trace.boxes.size ? "traced" : this.query.trim() ? "match" : "",
    );
    markRow(this.rows, selected === null ? null : model.shown(selected, open));
  }
}
