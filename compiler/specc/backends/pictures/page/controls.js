/**
 * Connects the page's buttons, keys and pointers with what they do.
 *
 * @typedef {import("./page.js").Page} Page
 */

import { describe } from "./details.js";
import { byId, element } from "./dom.js";
import { boxAfter } from "./keys.js";
import { savePng, saveSvg } from "./saving.js";
import { rowAfter } from "./tree.js";

const MOST_RESULTS = 50;

/** @param {Page} page */
export function connect(page) {
  connectPicture(page);
  connectTree(page);
  connectSearch(page);
  connectTools(page);
  connectTheme(page);
  connectKeys(page);
  window.addEventListener("hashchange", () => page.follow(location.hash));
  byId("details").addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[data-id]") : null;
    if (!(link instanceof HTMLElement)) return;
    event.preventDefault();
    page.select(link.dataset.id ?? null, { reveal: true });
  });
  describe(byId("details"), page.model, null);
}

/** The box that an event is about. @param {Event} event */
function boxOf(event) {
  return event.target instanceof Element ? (event.target.closest("g.node, g.cluster")?.id ?? null) : null;
}

/** @param {Page} page */
function connectPicture(page) {
  page.sheet.addEventListener("focusin", (event) => {
    const id = boxOf(event);
    const box = id && page.shown.box(id);
    if (box && document.activeElement?.matches(":focus-visible")) page.camera.reveal(box);
  });
  page.canvas.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("#errors, #minimap, #zoom, #key")) return;
    page.select(boxOf(event));
    refresh(page);
  });
  page.sheet.addEventListener("dblclick", (event) => {
    const id = boxOf(event);
    if (id === null) return;
    event.preventDefault();
    page.toggle(id);
    refresh(page);
  });
}

/** @param {Page} page */
function connectTree(page) {
  /** @param {Event} event */
  const rowOf = (event) => /** @type {HTMLElement | null} */ (event.target instanceof Element ? event.target.closest("li") : null);
  page.rows.addEventListener("click", (event) => {
    const id = rowOf(event)?.dataset.id;
    if (id === undefined) return;
    if (event.target instanceof Element && event.target.closest(".fold")) page.toggle(id);
    else page.select(id, { reveal: true });
    refresh(page);
  });
  page.rows.addEventListener("dblclick", (event) => {
    const id = rowOf(event)?.dataset.id;
    if (id !== undefined && !(event.target instanceof Element && event.target.closest(".fold"))) page.toggle(id);
    refresh(page);
  });
  page.rows.addEventListener("keydown", (event) => {
    const row = rowOf(event);
    const id = row?.dataset.id;
    if (!row || id === undefined) return;
    const isOpen = row.getAttribute("aria-expanded");
    if ((event.key === "ArrowRight" && isOpen === "false") || (event.key === "ArrowLeft" && isOpen === "true")) page.toggle(id);
    const next = rowAfter(page.rows, row, event.key);
    if (event.key !== "Enter" && !event.key.startsWith("Arrow") && !next) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Enter") page.toggle(id);
    if (next) page.select(next.dataset.id ?? null, { reveal: true });
    refresh(page);
    /** @type {HTMLElement | null} */ (page.rows.querySelector('li[tabindex="0"]'))?.focus();
  });
}

/** @param {Page} page */
function connectSearch(page) {
  const input = /** @type {HTMLInputElement} */ (byId("search"));
  const results = byId("results");
  const list = () => {
    const words = page.query.trim();
    byId("found").textContent = words ? (page.at < 0 ? `${page.matches.length} found` : `${page.at + 1} of ${page.matches.length}`) : "";
    results.hidden = !words || !page.matches.length || document.activeElement !== input;
    results.replaceChildren(...page.matches.slice(0, MOST_RESULTS).map((id, index) => {
      const button = element("button", { type: "button", tabindex: "-1", "data-index": String(index), ...(index === page.at ? { class: "now" } : {}) });
      button.append(page.model.detail(id)?.name ?? page.model.entries.get(id)?.card.type ?? id, " ", element("small", {}, page.model.entries.get(id)?.card.type ?? ""));
      return element("li", {}, button);
    }));
    results.querySelector(".now")?.scrollIntoView({ block: "nearest" });
  };
  input.addEventListener("input", () => {
    page.search(input.value);
    list();
  });
  input.addEventListener("focus", list);
  input.addEventListener("blur", () => { results.hidden = true; });
  results.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const button = event.target instanceof Element ? event.target.closest("button") : null;
    if (!button) return;
    page.at = Number(button.dataset.index);
    page.next(0);
    list();
    refresh(page);
  });
  input.addEventListener("keydown", (event) => {
    const step = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      page.next(step);
    } else if (event.key === "Escape") {
      input.value = "";
      page.search("");
      input.blur();
    } else return;
    list();
    refresh(page);
  });
}

/** @param {Page} page */
function connectTools(page) {
  const depth = /** @type {HTMLInputElement} */ (byId("depth"));
  depth.addEventListener("input", () => {
    page.depth = Number(depth.value);
    refresh(page);
  });
  const stacked = /** @type {HTMLInputElement} */ (byId("stacked"));
  stacked.addEventListener("change", () => {
    page.stack(stacked.checked);
    refresh(page);
  });
  const colour = /** @type {HTMLSelectElement} */ (byId("colour"));
  colour.addEventListener("change", () => {
    page.by = /** @type {import("./colours.js").By} */ (colour.value);
    page.redraw();
  });
  byId("direction").addEventListener("click", () => {
    page.turn();
    refresh(page);
  });
  byId("save-svg").addEventListener("click", () => saveSvg(page.model.scene.title, page.picture().svg));
  byId("save-png").addEventListener("click", () => void savePng(page.model.scene.title, page.picture()));
  byId("print").addEventListener("click", () => window.print());
  window.addEventListener("beforeprint", () => page.print());
  byId("show-help").addEventListener("click", () => /** @type {HTMLDialogElement} */ (byId("help")).showModal());
  byId("zoom-in").addEventListener("click", () => page.camera.zoom(1.25));
  byId("zoom-out").addEventListener("click", () => page.camera.zoom(0.8));
  byId("zoom-fit").addEventListener("click", () => page.camera.fit(page.shown.width, page.shown.height));
  byId("show-tree").addEventListener("click", () => {
    const hidden = document.body.classList.toggle("no-tree");
    byId("show-tree").setAttribute("aria-expanded", String(!hidden));
  });
}

/** Light or dark: as the spec's author chose, or else as the browser's user has it, until the button is used. @param {Page} page */
function connectTheme(page) {
  /** @param {string} theme */
  const set = (theme) => {
    document.documentElement.dataset.theme = theme === "dark" ? "dark" : "light";
    if (theme === page.theme) return;
    page.theme = theme;
    page.redraw();
  };
  byId("theme").addEventListener("click", () => set(page.theme === "dark" ? "light" : "dark"));
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const { theme } = page.data.options;
  const follow = () => set(theme === "auto" ? (dark.matches ? "dark" : "light") : theme);
  dark.addEventListener("change", follow);
  follow();
}

/** @param {Page} page */
function connectKeys(page) {
  document.addEventListener("keydown", (event) => {
    const inField = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    if (inField || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (press(page, event)) event.preventDefault();
  });
}

/** What a key does; false for a key that does nothing here. @param {Page} page @param {KeyboardEvent} event */
function press(page, event) {
  const box = boxOf(event);
  const current = box ?? page.selected;
  const actions = /** @type {Object<string, () => void>} */ ({
    "/": () => byId("search").focus(),
    "+": () => page.camera.zoom(1.25),
    "=": () => page.camera.zoom(1.25),
    "-": () => page.camera.zoom(0.8),
    0: () => page.camera.fit(page.shown.width, page.shown.height),
    "?": () => byId("show-help").click(),
    "[": () => { page.depth -= 1; },
    "]": () => { page.depth += 1; },
    t: () => trace(page, current, "up"),
    T: () => trace(page, current, "down"),
    Escape: () => (page.way ? page.trace("") : page.select(null)),
  });
  if (event.key === "Enter" || event.key === " ") {
    if (!box) return false;
    page.select(box);
    if (event.key === "Enter") page.toggle(box);
  } else if (event.key.startsWith("Arrow")) {
    const next = current === null ? page.shown.ids[0] : boxAfter(page.shown, current, event.key, page.direction);
    if (!next || !(box !== null || document.activeElement === document.body)) return false;
    page.select(next, { reveal: true });
    page.focus(next);
  } else if (actions[event.key]) actions[event.key]();
  else return false;
  refresh(page);
  return true;
}

/** @param {Page} page @param {string | null} id @param {"up" | "down"} way */
function trace(page, id, way) {
  if (id === null) return;
  if (id !== page.selected) page.select(id);
  page.trace(way);
}

/** Show in the controls what the page shows. @param {Page} page */
export function refresh(page) {
  const depth = /** @type {HTMLInputElement} */ (byId("depth"));
  depth.max = String(page.model.deepest);
  depth.value = String(page.depth);
  depth.disabled = !page.model.deepest;
  byId("depth-now").textContent = `${page.depth} of ${page.model.deepest}`;
  /** @type {HTMLInputElement} */ (byId("stacked")).checked = page.isStacked;
  byId("stacking").hidden = JSON.stringify(page.data.stacked) === JSON.stringify(page.data.scene);
  const { title, caption } = page.model.scene;
  byId("title").replaceChildren(element("h1", {}, title), element("p", {}, caption));
  document.title = title;
  document.body.dataset.direction = page.direction;
  if (page.selected === null) describe(byId("details"), page.model, null);
}
