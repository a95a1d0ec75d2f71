"""``specc check`` of chains of 1,000, 10,000 and 100,000 layers, from JSON and from YAML: microseconds a layer.

python benchmarks/large_specs.py [LAYERS ...]
"""

from __future__ import annotations

import json
import sys
import time

from specc.frontend.read import read_text
from specc.pipeline import compile_document

SIZES = (1_000, 10_000, 100_000)


def spec(layers: int) -> list[dict[str, object]]:
    """A chain with a residual connection every tenth layer and widths that differ."""
    items: list[dict[str, object]] = [{"type": "Input", "name": "x0", "shape": [64]}]
    for index in range(1, layers + 1):
        name = f"x{index}"
        if index % 10 == 0:
            items.append({"type": "Add", "name": name, "from": [f"x{index - 1}", f"x{index - 9}"]})
        else:
            items.append({"type": "Dense", "name": name, "units": 64, "activation": "relu", "from": f"x{index - 1}"})
    return items


def as_yaml(items: list[dict[str, object]]) -> str:
    return "layers:\n" + "".join(f"  - {json.dumps(item)}\n" for item in items)


def main() -> None:
    compile_document(read_text(json.dumps({"layers": spec(20)}), "warm.json", "json"))
    for size in [int(argument) for argument in sys.argv[1:]] or SIZES:
        items = spec(size)
        for kind, text in (("json", json.dumps({"layers": items})), ("yaml", as_yaml(items))):
            start = time.perf_counter()
            graph = compile_document(read_text(text, f"large.{kind}", "json" if kind == "json" else "yaml")).graph
            elapsed = time.perf_counter() - start
            assert len(graph.nodes) == size + 1
            print(f"{size:>7,} layers, {kind}: {elapsed:7.3f} s, {elapsed / size * 1e6:6.1f} microseconds a layer")


if __name__ == "__main__":
    main()
