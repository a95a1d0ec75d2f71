"""TypedGraph to one HTML page that works offline: the picture with pan, zoom and search, and what each layer is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from specc.backends.pictures import render
from specc.backends.pictures.dot import FONT, spell
from specc.backends.pictures.drawing import Box, Direction, Drawing, clean, draw, folds, rankdir, tensor_words
from specc.backends.pictures.options import DEFAULT, Options
from specc.backends.pictures.wording import in_full
from specc.diagnostics.text_safety import printable, shorten
from specc.ir import Node, Ref, TypedGraph
from specc.layers.base import Weight
from specc.shapes import show_shape
from specc.words import count_of

_HERE = Path(__file__).parent
_WORKER = _HERE / "layout_worker.py"
_FONTS = _HERE / "fonts"
_SVG = "http://www.w3.org/2000/svg"
_FONT_FAMILY = f"Verdana, {FONT}, sans-serif"
"""What a viewer sets the text in: Verdana has the widths of DejaVu Sans, with which it was measured."""

LONGEST_NAME = 160
STYLE = """
:root { --ink: #1e293b; --grey: #475569; --line: #cbd5e1; --pale: #f1f5f9; --mark: #d97706; }
* { box-sizing: border-box; }
body { margin: 0; height: 100vh; display: flex; flex-direction: column; color: var(--ink); background: #fff;
  font: 14px/1.45 Verdana, "DejaVu Sans", sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: .3rem 1rem; padding: .6rem 1rem;
  border-bottom: 1px solid var(--line); }
h1 { font-size: 1.15rem; margin: 0; overflow-wrap: anywhere; }
header p { margin: 0; color: var(--grey); }
header div { margin-left: auto; display: flex; align-items: baseline; gap: .4rem; }
input, button { font: inherit; color: inherit; }
header input, header button { padding: .2rem .55rem; border: 1px solid #94a3b8; border-radius: .35rem;
  background: #fff; }
header button:hover { background: var(--pale); }
#specc-found { min-width: 5.5em; color: var(--grey); font-size: 12px; text-align: right; }
main { flex: 1; min-height: 0; display: flex; }
#specc-canvas { flex: 1; min-width: 0; overflow: hidden; cursor: grab; touch-action: none; }
#specc-canvas:active { cursor: grabbing; }
#specc-canvas svg { display: block; user-select: none; }
aside { width: 26rem; max-width: 45vw; display: flex; flex-direction: column; border-left: 1px solid var(--line); }
#specc-details { flex: 0 1 auto; max-height: 60%; overflow: auto; padding: .6rem 1rem; }
#specc-layers { flex: 1 1 30%; overflow: auto; border-top: 1px solid var(--line); }
h2 { font-size: 1rem; margin: 0 0 .3rem; overflow-wrap: anywhere; }
h2 small { font-weight: normal; color: var(--grey); }
#specc-details p { margin: 0 0 .4rem; color: var(--grey); }
table { width: 100%; border-collapse: collapse; font-size: 12px; }
caption { text-align: left; font-weight: bold; padding: .5rem 0 .15rem; }
th, td { text-align: left; vertical-align: top; padding: .15rem .5rem .15rem 0; overflow-wrap: anywhere; }
th { color: var(--grey); font-weight: normal; }
td { border-top: 1px solid var(--pale); }
#specc-layers th { position: sticky; top: 0; background: var(--pale); }
#specc-layers :is(th, td) { padding: .2rem .5rem; white-space: nowrap; }
#specc-layers :is(th, td):last-child { text-align: right; }
#specc-layers button { border: 0; padding: 0; background: none; text-align: left; font-weight: bold; cursor: pointer; }
#specc-layers tr.selected { background: #fef3c7; }
g.node { cursor: pointer; }
g.node.selected path:first-of-type { stroke: var(--mark); stroke-width: 3; }
svg.searching g.node:not(.match) { opacity: .3; }
@media (max-width: 50rem) {
  main { flex-direction: column; } #specc-canvas { min-height: 50%; }
  aside { width: auto; max-width: none; max-height: 50%; border: 0; border-top: 1px solid var(--line); }
}
@media print { aside, header div { display: none; } body { height: auto; } }
"""


def html(graph: TypedGraph, options: Options = DEFAULT) -> str:
    """The page of a graph. PictureError if there is no layout."""
    drawing = draw(graph, fold=folds(graph, options))
    picture = _svg_of(drawing, rankdir(options))
    script = "\n" + files("specc.backends.pictures").joinpath("page.js").read_text("utf-8")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    layers = [_layer(box) for box in drawing.root.boxes() if box.role != "output"]
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'">
<title>{escape(drawing.title)}</title>
<style>{STYLE}</style>
</head>
<body>
<header>
<h1>{escape(drawing.title)}</h1>
<p>{escape(drawing.note)}</p>
<div role="search">
<span id="specc-found" role="status"></span>
<input id="specc-search" type="search" placeholder="Find a layer" aria-label="Find a layer"
 title="/ to search, Enter for the next">
<button id="specc-out" type="button" title="Zoom out (-)" aria-label="Zoom out">&minus;</button>
<button id="specc-in" type="button" title="Zoom in (+)" aria-label="Zoom in">+</button>
<button id="specc-fit" type="button" title="Show all of it (0)">Fit</button>
</div>
</header>
<main>
<div id="specc-canvas">
{picture}</div>
<aside>
<section id="specc-details" aria-live="polite"></section>
<div id="specc-layers">
<table>
<thead><tr><th scope="col">layer</th><th scope="col">type</th>
<th scope="col">output</th><th scope="col">params</th></tr></thead>
<tbody id="specc-rows"></tbody>
</table>
</div>
</aside>
</main>
<script type="application/json" id="specc-data">{_json({"layers": layers})}</script>
<script>{script}</script>
</body>
</html>
"""


def _json(value: Any) -> str:
    """JSON that cannot end its script element: ``</script>`` and ``<!--`` need a ``<``."""
    text = json.dumps(value, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _layer(box: Box) -> dict[str, Any]:
    """What the page shows about a box; for a folded block instance that is little."""
    about: dict[str, Any] = {
        "id": box.id,
        "name": box.name,
        "type": box.type,
        "notes": [line for line in (box.note,) if line],
        "shape": "",
        "params": "",
        "arguments": [],
        "inputs": [],
        "outputs": [],
        "weights": [],
    }
    node, graph = box.node, box.graph
    if node is None or graph is None:
        return about | {"notes": [line for line in (*box.arguments, box.note) if line]}
    tensors, ports = graph.tensors[node.name], node.layer.ports(node.options)
    return about | {
        "name": shorten(printable(node.name), LONGEST_NAME),
        "shape": tensor_words(tensors[0]),
        "params": f"{graph.node_params(node.name):,}",
        "arguments": in_full(node.layer, node.options),
        "inputs": list(_inputs(graph, node)),
        "outputs": [(clean(port), tensor_words(tensor)) for port, tensor in zip(ports, tensors, strict=True)],
        "weights": [_weight(weight) for weight in graph.weights[node.name]],
    }


def _weight(weight: Weight) -> tuple[str, str, str, str]:
    name = shorten(printable(weight.name), LONGEST_NAME)
    return name, show_shape(weight.shape), weight.dtype, "yes" if weight.trainable else "no"


def _inputs(graph: TypedGraph, node: Node) -> Iterator[tuple[str, str, str]]:
    for argument, value in node.inputs.items():
        for ref in (value,) if isinstance(value, Ref) else value:
            source = graph.nodes[ref.node]
            ports = source.layer.ports(source.options)
            port = f".{ports[ref.port]}" if len(ports) > 1 else ""
            yield argument, clean(f"{ref.node}{port}"), tensor_words(graph.tensor(ref))


def _svg_of(drawing: Drawing, direction: Direction) -> str:
    """A drawing as SVG text: each box is a ``g`` with the box's id, titled with its name."""
    ET.register_namespace("", _SVG)
    ET.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ET.fromstring(_lay_out(drawing, "svg", direction, render.TIMEOUT))
    boxes = {box.id: box for box in drawing.root.boxes()}
    for group in root.iter(f"{{{_SVG}}}g"):
        title = group.find(f"{{{_SVG}}}title")
        if title is not None:
            _name_group(group, title, boxes)
    for text in root.iter(f"{{{_SVG}}}text"):
        text.set("font-family", _FONT_FAMILY)
    root.set("role", "img")
    root.set("aria-label", drawing.title)
    return ET.tostring(root, encoding="unicode") + "\n"


def _name_group(group: ET.Element, title: ET.Element, boxes: dict[str, Box]) -> None:
    """Titles are what a mouse shows: the names of boxes, not Graphviz's ids."""
    box = boxes.get(title.text or "")
    if group.get("class") == "node" and box is not None:
        group.set("id", box.id)
        title.text = f"{box.name} ({box.type})"
    else:
        group.remove(title)


def _lay_out(drawing: Drawing, format: str, direction: Direction, timeout: float) -> bytes:
    size = f"{sum(1 for _ in drawing.root.boxes()):,} boxes and {count_of(len(drawing.arrows), 'arrow')}"
    out = "fold the blocks, or write .dot or .mmd, which need no layout"
    # -P keeps this folder, which has modules named like Python's own, off the worker's path
    command = [sys.executable, "-P", str(_WORKER), format, str(render.MEMORY)]
    environment = {**os.environ, "FONTCONFIG_FILE": str(_FONTS / "fonts.conf"), "PYTHONUTF8": "1"}
    try:
        done = subprocess.run(
            command,
            input=spell(drawing, direction).encode(),
            capture_output=True,
            timeout=timeout,
            env=environment,
            cwd=_FONTS,  # as fonts.conf expects; and nothing in the user's folder is used
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise render.PictureError(f"no layout of {size} in {timeout:g} seconds: {out}") from None
    if done.returncode != 0 or not done.stdout:
        raise render.PictureError(f"Graphviz could not lay out {size} ({_reason(done)}): {out}")
    return done.stdout


def _reason(done: subprocess.CompletedProcess[bytes]) -> str:
    if done.returncode < 0:
        return f"it was ended by signal {-done.returncode}"
    said = done.stderr.decode(errors="replace").strip().splitlines() or ["it said nothing"]
    return shorten(printable(said[-1]))
