/**
 * The page as `specc view` serves it: it follows the spec, and shows what is wrong with it beside the picture.
 *
 * @typedef {{text: string, errors: number, warnings: number}} Problems
 */

import { refresh } from "./controls.js";
import { byId, element } from "./dom.js";

const PICTURE = { all: "", known: ": the picture is what is known", last: ": the picture is the last that could be drawn" };

/** @param {import("./page.js").Page} page @param {string} address */
export function follow(page, address) {
  const source = new EventSource(`${address}/events`);
  const told = byId("told");
  source.addEventListener("message", async (event) => {
    told.textContent = "";
    /** @type {{version: number, shown: "all" | "known" | "last", problems: Problems}} */
    const { version, shown, problems } = JSON.parse(event.data);
    if (version !== page.data.version) {
      page.load(await (await fetch(`${address}/data`)).json());
      refresh(page);
    }
    showProblems(problems, version ? PICTURE[shown] : "");
    document.body.dataset.version = String(version);
  });
  source.addEventListener("error", () => {
    told.textContent = "specc view has ended";
  });
}

/** @param {Problems} problems @param {string} picture  what the picture is */
function showProblems({ text, errors, warnings }, picture) {
  const panel = byId("errors");
  panel.hidden = !errors && !warnings;
  panel.classList.toggle("mild", !errors);
  const counts = [count(errors, "error"), count(warnings, "warning")].filter(Boolean).join(" and ");
  const title = counts + (errors ? picture : "");
  panel.replaceChildren(element("details", { open: "" }, element("summary", {}, title), element("pre", {}, text)));
}

/** @param {number} number @param {string} noun */
function count(number, noun) {
  return number ? `${number} ${noun}${number > 1 ? "s" : ""}` : "";
}
