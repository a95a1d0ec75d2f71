/**
 * The page as `specc view` serves it: it follows the spec, and shows what is wrong with it beside its last good picture.
 *
 * @typedef {{text: string, errors: number, warnings: number}} Problems
 */

import { refresh } from "./controls.js";
import { byId, element } from "./dom.js";

/** @param {import("./page.js").Page} page @param {string} address */
export function follow(page, address) {
  const source = new EventSource(`${address}/events`);
  const told = byId("told");
  source.addEventListener("message", async (event) => {
    told.textContent = "";
    /** @type {{version: number, problems: Problems}} */
    const { version, problems } = JSON.parse(event.data);
    if (version !== page.data.version) {
      page.load(await (await fetch(`${address}/data`)).json());
      refresh(page);
    }
    showProblems(problems, version > 0);
    document.body.dataset.version = String(version);
  });
  source.addEventListener("error", () => {
    told.textContent = "specc view has ended";
  });
}

/** @param {Problems} problems @param {boolean} hasPicture */
function showProblems({ text, errors, warnings }, hasPicture) {
  const panel = byId("errors");
  panel.hidden = !errors && !warnings;
  panel.classList.toggle("mild", !errors);
  const counts = [count(errors, "error"), count(warnings, "warning")].filter(Boolean).join(" and ");
  const title = counts + (errors && hasPicture ? ": this is the picture of the last version without errors" : "");
  panel.replaceChildren(element("details", { open: "" }, element("summary", {}, title), element("pre", {}, text)));
}

/** @param {number} number @param {string} noun */
function count(number, noun) {
  return number ? `${number} ${noun}${number > 1 ? "s" : ""}` : "";
}
