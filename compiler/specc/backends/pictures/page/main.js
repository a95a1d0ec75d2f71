/** Starts the page. */

import { connect, refresh } from "./controls.js";
import { byId } from "./dom.js";
import { follow } from "./live.js";
import { Page } from "./page.js";

export const page = new Page(JSON.parse(byId("data").textContent ?? "{}"));
connect(page);
if (window.innerWidth < 800) byId("show-tree").click();
refresh(page);
page.camera.begin(page.shown.width, page.shown.height);
page.follow(location.hash);
if (page.data.live) follow(page, page.data.live);
document.body.dataset.ready = "true";
