// The page of a model's picture: pan, zoom, search, and what each layer is. No library, no network.
// Text from the spec reaches the page through textContent only.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("specc-data").textContent);
  const canvas = byId("specc-canvas");
  const svg = canvas.querySelector("svg");
  const details = byId("specc-details");
  const rows = byId("specc-rows");
  const search = byId("specc-search");
  const found = byId("specc-found");
  const layers = new Map(data.layers.map((layer) => [layer.id, layer]));
  const all = svg.viewBox.baseVal;
  const whole = { x: all.x, y: all.y, width: all.width, height: all.height };
  let view = { x: whole.x, y: whole.y, scale: 1 }; // pixels per unit of the drawing
  let selected = null;
  let matches = [];
  let match = -1;

  // -- Pan and zoom: the view is the drawing's point in the canvas's corner, and a scale --

  svg.setAttribute("width", "100%");
  svg.setAttribute("height", "100%");

  function show(x, y, perUnit) {
    view = { x, y, scale: perUnit };
    svg.setAttribute("viewBox", `${x} ${y} ${canvas.clientWidth / perUnit} ${canvas.clientHeight / perUnit}`);
  }

  function fit() {
    const perUnit = Math.min(canvas.clientWidth / whole.width, canvas.clientHeight / whole.height, 2);
    show(
      whole.x + whole.width / 2 - canvas.clientWidth / perUnit / 2,
      whole.y + whole.height / 2 - canvas.clientHeight / perUnit / 2,
      perUnit,
    );
  }

  // All of it where that is legible, else its beginning.
  function start() {
    fit();
    if (view.scale >= 0.7) return;
    const middle = whole.x + whole.width / 2;
    const tall = whole.height / canvas.clientHeight > whole.width / canvas.clientWidth;
    const first = data.layers.length ? byId(data.layers[0].id).getBBox() : null;
    if (tall) show((whole.width > canvas.clientWidth && first ? center(first).x : middle) - canvas.clientWidth / 2, whole.y, 1);
    else show(whole.x, whole.y + whole.height / 2 - canvas.clientHeight / 2, 1);
  }

  function zoom(factor, clientX, clientY) {
    const frame = canvas.getBoundingClientRect();
    const perUnit = Math.min(Math.max(view.scale * factor, 0.005), 20);
    const across = (clientX ?? frame.left + frame.width / 2) - frame.left;
    const down = (clientY ?? frame.top + frame.height / 2) - frame.top;
    const x = view.x + across / view.scale;
    const y = view.y + down / view.scale;
    show(x - across / perUnit, y - down / perUnit, perUnit);
  }

  // A group's transform moves the drawing; boxes are measured inside of it.
  function center(box) {
    const move = svg.querySelector("g.graph").transform.baseVal.consolidate()?.matrix ?? { e: 0, f: 0 };
    return { x: box.x + box.width / 2 + move.e, y: box.y + box.height / 2 + move.f };
  }

  function reveal(id) {
    const { x, y } = center(byId(id).getBBox());
    const perUnit = Math.max(view.scale, 0.7);
    show(x - canvas.clientWidth / perUnit / 2, y - canvas.clientHeight / perUnit / 2, perUnit);
  }

  let drag = null;
  canvas.addEventListener("wheel", (event) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0015)), event.clientX, event.clientY);
  }, { passive: false });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button === 0) drag = { x: event.clientX, y: event.clientY, moved: false };
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const right = event.clientX - drag.x;
    const down = event.clientY - drag.y;
    if (!drag.moved && Math.hypot(right, down) < 4) return;
    if (!drag.moved) canvas.setPointerCapture(event.pointerId);
    drag = { x: event.clientX, y: event.clientY, moved: true };
    show(view.x - right / view.scale, view.y - down / view.scale, view.scale);
  });
  canvas.addEventListener("pointerup", (event) => {
    if (drag && !drag.moved) select(boxAt(event));
    drag = null;
  });
  canvas.addEventListener("pointercancel", () => { drag = null; });
  canvas.addEventListener("pointerover", (event) => { if (!selected && !drag) describe(boxAt(event)); });
  new ResizeObserver(() => show(view.x, view.y, view.scale)).observe(canvas);

  function boxAt(event) {
    const box = event.target.closest?.("g.node");
    return box && layers.has(box.id) ? box.id : null;
  }

  // -- What a layer is --

  function element(tag, text, attributes = {}) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  function table(caption, heads, lines) {
    if (!lines.length) return [];
    const made = element("table");
    made.append(element("caption", caption));
    if (heads.length) {
      const head = element("tr");
      head.append(...heads.map((text) => element("th", text, { scope: "col" })));
      made.createTHead().append(head);
    }
    const body = made.createTBody();
    for (const line of lines) {
      const row = body.insertRow();
      row.append(...line.map((text) => element("td", text)));
    }
    return [made];
  }

  function describe(id) {
    const layer = layers.get(id);
    if (!layer) {
      details.replaceChildren(element("p", "Point at a layer to see what it is; click to keep it."));
      return;
    }
    const title = element("h2", layer.name);
    title.append(" ", element("small", layer.type));
    details.replaceChildren(
      title,
      ...layer.notes.map((note) => element("p", note)),
      ...table("Arguments", [], layer.arguments),
      ...table("Inputs", [], layer.inputs),
      ...table("Outputs", [], layer.outputs),
      ...table("Weights", ["name", "shape", "dtype", "trainable"], layer.weights),
    );
  }

  function select(id) {
    for (const marked of document.querySelectorAll(".selected")) marked.classList.remove("selected");
    selected = id;
    describe(id);
    if (!id) return;
    byId(id).classList.add("selected");
    const row = byId(`row-${id}`);
    row.classList.add("selected");
    row.scrollIntoView({ block: "nearest" });
  }

  for (const layer of data.layers) {
    const row = rows.insertRow();
    row.id = `row-${layer.id}`;
    const name = element("button", layer.name, { type: "button" });
    name.addEventListener("click", () => { select(layer.id); reveal(layer.id); });
    row.insertCell().append(name);
    for (const text of [layer.type, layer.shape, layer.params]) row.append(element("td", text));
  }

  // -- Search --

  function look() {
    const words = search.value.trim().toLowerCase();
    const hit = (layer) => `${layer.name} ${layer.type}`.toLowerCase().includes(words);
    matches = words ? data.layers.filter(hit).map((layer) => layer.id) : [];
    match = -1;
    const kept = new Set(matches);
    svg.classList.toggle("searching", Boolean(words));
    for (const layer of data.layers) {
      byId(layer.id).classList.toggle("match", kept.has(layer.id));
      byId(`row-${layer.id}`).hidden = Boolean(words) && !kept.has(layer.id);
    }
    found.textContent = words ? `${matches.length} found` : "";
  }

  function next(step) {
    if (!matches.length) return;
    match = (match + step + matches.length) % matches.length;
    select(matches[match]);
    reveal(matches[match]);
    found.textContent = `${match + 1} of ${matches.length}`;
  }

  search.addEventListener("input", look);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") next(event.shiftKey ? -1 : 1);
    if (event.key === "Escape") { search.value = ""; look(); search.blur(); }
  });
  document.addEventListener("keydown", (event) => {
    if (event.target === search || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") { event.preventDefault(); search.focus(); }
    if (event.key === "+" || event.key === "=") zoom(1.25);
    if (event.key === "-") zoom(0.8);
    if (event.key === "0") fit();
    if (event.key === "Escape") select(null);
  });
  byId("specc-in").addEventListener("click", () => zoom(1.25));
  byId("specc-out").addEventListener("click", () => zoom(0.8));
  byId("specc-fit").addEventListener("click", fit);

  describe(null);
  start();
})();
